"""Patterns of content files."""

from __future__ import annotations

import re


def compile_folded(text: str) -> re.Pattern[str]:
    """A pattern that may be folded over lines at its bars."""
    return re.compile(re.sub(r"\|\s+", "|", text), re.IGNORECASE | re.MULTILINE)
