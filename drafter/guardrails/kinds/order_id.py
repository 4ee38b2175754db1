"""Kind `order_id`: a text that must name its order and does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck

ORDER_ID = re.compile(r"(?<![A-Za-z0-9_-])(?:\d{3}|[dD]\d{2})[-\u2010-\u2015\u2212 ]\d{7}[-\u2010-\u2015\u2212 ]\d{7}(?![\d-]|[-]\d)")
"""An Amazon order id: 3, 7 and 7 digits; digital orders begin with a D."""


def compile_order_id(spec: Mapping[str, Any]) -> TextCheck:
    """A check for a missing order id. `spec` takes nothing; the whole text is what it finds."""

    def check(document: Document) -> Iterator[Hit]:
        if not ORDER_ID.search(document.folded.text):
            yield Hit(0, len(document.text))

    return check
