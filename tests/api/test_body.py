"""Only JSON of a decent size and depth is read, and only for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from drafter.api import body

PATHS = ("/v1/drafts", "/v1/checks", "/v1/triage", "/v1/drafts/d_x/verdicts")
JSON = "application/json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("headers", "content", "code"),
    [
        ({}, b"{}", "wrong_media_type"),
        ({"content-type": "text/plain"}, b"{}", "wrong_media_type"),
        ({"content-type": "application/jsonx"}, b"{}", "wrong_media_type"),
        ({"content-type": f"{JSON}; charset=latin-1"}, b"{}", "wrong_media_type"),
        ({"content-type": JSON, "content-encoding": "gzip"}, b"{}", "wrong_media_type"),
        ({"content-type": f"{JSON}; charset=UTF-8"}, b"[" * 200_000, "not_json"),
        ({"content-type": JSON}, b'{"a":' * 40 + b"1" + b"}" * 40, "not_json"),
        ({"content-type": JSON}, b"", "not_json"),
        ({"content-type": JSON}, b'"\xff"', "not_utf8"),
        ({"content-type": JSON}, b" " * 300_000, "too_large"),
        ({"content-type": JSON}, b"[]", "invalid"),
        ({"content-type": JSON}, b'{"a": NaN}', "not_json"),
        ({"content-type": JSON}, b'{"id": ' + b"9" * 10_000 + b"}", "not_json"),
    ],
)
async def test_what_is_no_request_is_refused(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], content: bytes, code: str
) -> None:
    """By every route that takes a body."""
    answer = await client.post(path, content=content, headers=headers)
    assert answer.json()["code"] == code
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_drips_is_given_up(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends byte by byte holds no place."""
    monkeypatch.setattr(body, "BODY_S", 0.05)

    async def drip() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(0.2)
        yield b"}"

    answer = await client.post("/v1/checks", content=drip(), headers={"content-type": JSON})
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")
