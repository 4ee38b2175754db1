"""Kind `emoji`: pictograms of any kind; `™`, `°`, `►`, check marks and kaomoji are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck

_ALWAYS = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2600-\u2604\u260e\u2614\u2615\u2618\u261d\u2620\u2639-\u263b\u2648-\u2653\u2661\u2665"
    "\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u2708-\u270d\u270f\u2728"
    "\u2744\u274c\u274e\u2753-\u2755\u2757\u2763-\u2765\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f1ff\U0001f201-\U0001f265\U0001f300-\U0001faff"
)
"""Characters that are shown as a picture, or that nobody writes for another reason."""
_WITH_SELECTOR = (
    "0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u2328\u23cf\u23ed-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb\u25fc"
    "\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u3030\u303d\u3297\u3299"
)
"""Characters that a picture selector or a keycap turns into a picture."""
_PART = "\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_EMOJI = re.compile(
    f"(?:[{_WITH_SELECTOR}]\ufe0f\u20e3?|[{_WITH_SELECTOR}]\u20e3|[{_ALWAYS}])(?:[{_PART}]+[{_ALWAYS}\u2640\u2642\u2695-\u27bf]?)*"
)


def compile_emoji(spec: Mapping[str, Any]) -> TextCheck:
    """A check for emoji and other pictograms. `spec` takes nothing."""

    def check(document: Document) -> Iterator[Hit]:
        if document.text.isascii():
            return
        yield from (Hit(*match.span(), "raw") for match in _EMOJI.finditer(document.text))

    return check
