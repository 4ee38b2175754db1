"""Keys are struck out of words that are kept or shown: those of the environment by value, all others by their look."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

KEY = re.compile(
    r"""
      \b(?:sk|pk|rk|xai|gsk|hf|ghp|gho|pplx|r8)[-_][A-Za-z0-9_-]{16,}   # OpenAI, Anthropic, xAI, Groq, Hugging Face, …
    | \bAIza[A-Za-z0-9_-]{30,}                                           # Google
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                                      # AWS
    | \bxox[abprs]-[A-Za-z0-9-]{10,}                                     # Slack
    | \beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}    # JSON web tokens
    | (?<=Bearer\ )[A-Za-z0-9._~+/=-]{16,}
    """,
    re.VERBOSE,
)
STRUCK = "[key struck out]"

SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET")
"""Variables whose name ends so hold a key, `OPENAI_API_KEY` among them."""

MIN_SECRET_CHARS = 8
"""A shorter value is a placeholder, and may be a part of ordinary words."""


def strike_keys(text: str) -> str:
    """The text without anything that looks like a key."""
    return KEY.sub(STRUCK, text)


def strike_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets, the environment's keys, and anything that looks like a key."""
    # Longest first: a secret that begins another one would leave the other's end to be read.
    known = sorted({*filter(None, secrets), *_environment_secrets()}, key=len, reverse=True)
    if known:
        text = re.sub("|".join(map(re.escape, known)), STRUCK, text)
    return strike_keys(text)


def _environment_secrets() -> Iterator[str]:
    """Values of variables that hold keys; providers' clients read them on their own, at any time."""
    for name, value in os.environ.items():
        if name.upper().endswith(SECRET_ENDINGS) and len(value.strip()) >= MIN_SECRET_CHARS:
            yield value.strip()
