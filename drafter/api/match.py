"""`If-Match`: a verdict that is given only if nobody has decided since the draft was read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request

from drafter import __version__
from drafter.errands import Principal
from drafter.errors import RequestError, StoreError
from drafter.logs import Log
from drafter.store.claims import Claim
from drafter.store.store import Store

log = Log("api")

HEADER = "if-match"

HELD_S = 60.0
"""How long one approval may keep the next one out when its process dies."""

DOCUMENTED: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the draft, or of its verdicts, as it was read: with another verdict since, nothing is recorded (412).",
    "schema": {"type": "string", "pattern": r"^[!-~]{1,200}$"},
    "example": '"0.1.0-d_8c1f0d3f4c9b4a3f9d0e6a5b4c3d2e1f-0"',
}


def state_tag(record_id: str, verdicts: int) -> str:
    """Tag of a draft in its present state: a draft never changes, what is said of it grows, and a newer version may show it otherwise."""
    return f'"{__version__}-{record_id}-{verdicts}"'


async def read_seen(request: Request, store: Store, record_id: str, principal: Principal) -> int | None:
    """How many verdicts the caller knows of, for `Verdicts.append`; None when he sends no `If-Match`, or one that any state meets.

    Raises:
        RequestError: (`precondition_failed`) somebody has decided since.
    """
    asked = request.headers.get(HEADER)
    tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")] if asked is not None else ["*"]
    if tags == ["*"]:
        return None
    there = await store.verdicts.count(record_id, account_id=principal.account_id)
    if state_tag(record_id, there) not in tags:
        message = f"{there} verdict(s) are there by now, or the tag is of another draft or version; read the draft and its verdicts again"
        raise RequestError(message, code="precondition_failed", field="If-Match")
    return there


@asynccontextmanager
async def alone(store: Store, principal: Principal, what: str, *, otherwise: RequestError) -> AsyncIterator[None]:
    """A time in which nobody else of the account, in any process, is about the same thing.

    Args:
        what: The thing. No caller can send a key with a blank, so one with a blank is nobody's.
        otherwise: Raised when somebody is.
    """
    wish = Claim.wish(principal.account_id, what, fingerprint=what, held_s=HELD_S)
    try:
        try:
            await store.claims.claim(wish)
        except RequestError as exc:
            raise otherwise from exc
        yield
    finally:
        await _free(store, wish)


async def _free(store: Store, claim: Claim) -> None:
    try:
        await store.claims.give_up(claim)
    except StoreError as exc:
        # It frees itself when its time is over.
        log.warning("verdict.not_freed", reason=type(exc.__cause__).__name__)
