"""A fence that a buyer cannot guess, around every text that is not ours.

What stands inside is data. A closing line copied from somewhere, tags and chat markers inside it are made inert before.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_FENCE_LIKE = re.compile(r"<<+\s*/?\s*(?:data|end)[^\n]{0,80}", re.IGNORECASE)
_CHAT_MARK = re.compile(r"<\|[^|\n]{0,40}\|>|\[/?(?:INST|SYS)\]|</?s>|<</?SYS>>", re.IGNORECASE)
_ROLE_LINE = re.compile(r"(?m)^(\s*)(system|assistant|user|developer|tool)(\s*):", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z_][\w-]{0,40}(?:\s[^<>]{0,200})?/?>")


@dataclass(frozen=True, slots=True)
class Fence:
    """The two lines around untrusted text in one request."""

    token: str

    def wrap(self, text: str) -> str:
        """Text inside the fence, with everything inert that looks like a fence, a tag or a chat marker."""
        return f"<<data {self.token}>>\n{neutralise(text, self.token)}\n<<end {self.token}>>"

    def is_quoted_in(self, text: str) -> bool:
        """True when a text shows the fence: then a model copied its prompt."""
        return self.token in text or _FENCE_LIKE.search(text) is not None


def new_fence() -> Fence:
    """A fence with a number of 64 random bits."""
    return Fence(secrets.token_hex(8))


def derive_fence(secret: bytes, texts: Iterable[str]) -> Fence:
    """The fence of these untrusted texts: only who knows the secret can guess it, and the same texts always get the same one.

    A text that holds the fence of an earlier question is another text, so its own fence is another as well.
    """
    message = b"".join(len(data).to_bytes(8) + data for data in (text.encode() for text in texts))
    return Fence(hmac.new(secret, message, "sha256").hexdigest()[:16])


def neutralise(text: str, token: str) -> str:
    """Text without the token, and with tags, chat markers, role lines and look-alike fences taken apart."""
    text = text.replace(token, "")
    text = _CHAT_MARK.sub(" ", text)
    text = _FENCE_LIKE.sub(" ", text)
    text = _TAG.sub(" ", text)
    return _ROLE_LINE.sub(r"\1\2\3 -", text)
