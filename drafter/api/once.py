"""`Idempotency-Key`: the same key and body get the same answer, however often and to whichever process they are sent."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from drafter.errands import Principal
from drafter.errors import RequestError, StoreError
from drafter.logs import Log
from drafter.store.claims import MAX_KEY_CHARS, Claim, Fulfilled
from drafter.store.patience import helping
from drafter.store.store import Store

log = Log("api")

HEADER = "idempotency-key"

REPLAYED = {"idempotency-replayed": "true"}
"""Says that the answer was given before."""

_KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY_CHARS}}}\Z")

DOCUMENTED: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body get the same answer for a day, without anything being done twice.",
    "schema": {"type": "string", "pattern": r"^[!-~]{1,200}$"},
    "example": "case-4711-first-reply",
}


@dataclass(slots=True)
class Once:
    """How a request with a key stands."""

    claim: Claim | None = None
    """The right to answer, or the wish for it; None without a key, and when it was answered before."""
    answered: Fulfilled | None = None
    is_done: bool = False
    """Set by who has written the answer's record."""

    @property
    def is_unknown(self) -> bool:
        """True when there is a key, and the store cannot say whether it was answered."""
        return self.claim is not None and not self.claim.is_held

    def require_known(self) -> None:
        """Nothing, unless nobody can say whether this request was answered before, and a second answer would be worse than none.

        Raises:
            StoreError: it cannot be said now.
        """
        if self.is_unknown:
            raise StoreError("whether the idempotency key was used before cannot be said now; nothing was written")


@asynccontextmanager
async def once(request: Request, value: Any, store: Store, principal: Principal, *, held_s: float) -> AsyncIterator[Once]:
    """How this request stands; a claim that comes to nothing is freed at the end.

    Raises:
        RequestError: the key is malformed, used for another request, or being answered right now.
    """
    key = request.headers.get(HEADER)
    if key is None:
        yield Once()
        return
    if not _KEY.match(key):
        message = f"must be 1 to {MAX_KEY_CHARS} printable ASCII characters without spaces"
        raise RequestError(message, code="invalid_parameter", field="Idempotency-Key")
    state = await _claim(store, Claim.wish(principal.account_id, key, fingerprint=_fingerprint(request, value), held_s=held_s))
    try:
        yield state
    finally:
        if state.claim is not None and not state.is_done:
            # Also a wish: the store may have granted it when nobody waited any more.
            await _give_up(store, state.claim)


async def _claim(store: Store, wish: Claim) -> Once:
    try:
        with helping():
            got = await store.claims.claim(wish)
    except StoreError as exc:
        log.error("idempotency.unknown", reason=type(exc.__cause__).__name__)
        return Once(claim=wish)
    return Once(claim=got) if isinstance(got, Claim) else Once(answered=got)


async def _give_up(store: Store, claim: Claim) -> None:
    try:
        # After an answer that used all its time the key would stay held: so it is freed behind the caller's back.
        await store.database.unfinished.leave(store.claims.give_up(claim))
    except StoreError as exc:
        # It frees itself when its time is over.
        log.warning("idempotency.not_freed", reason=type(exc.__cause__).__name__)


def _fingerprint(request: Request, value: Any) -> str:
    asked = json.dumps([request.method, request.url.path, value], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(asked.encode()).hexdigest()
