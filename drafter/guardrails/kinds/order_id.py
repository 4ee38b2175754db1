"""Kind `order_id`: a text that must name its order and does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck

_DASH = r"[-\u2010-\u2015\u2212 ]"
_SPACED_DASH = r" ?[-\u2010-\u2015\u2212] ?"
ORDER_ID = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:(?:\d{{3}}|[dD]\d{{2}}){_DASH}\d{{7}}{_DASH}\d{{7}}(?![\d-]|[-]\d)"
    rf"|[dD\d] \d \d{_SPACED_DASH}(?:\d ){{6}}\d{_SPACED_DASH}(?:\d ){{6}}\d(?! ?\d))"
)
"""An Amazon order id: 3, 7 and 7 digits; digital orders begin with a D. Also with its digits one by one."""


def compile_order_id(spec: Mapping[str, Any]) -> TextCheck:
    """A check for a missing order id. `spec` takes nothing; the whole text is what it finds."""

    def check(document: Document) -> Iterator[Hit]:
        if not ORDER_ID.search(document.folded.text):
            yield Hit(0, len(document.text))

    return check
