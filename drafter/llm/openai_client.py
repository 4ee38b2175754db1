"""`open_openai`: the OpenAI library's client as litellm wants it, that sends requests and reads answers as they are.

Its own way walks every field of a request for names that it would have to change, of which ours has none, and makes objects of an answer
of which litellm wants the plain value; and litellm looks for its price three times over. Together that is two milliseconds a call.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import httpx

PRICE = "x-litellm-response-cost"
"""Header in which a proxy of litellm's own says what an answer cost; litellm believes it, and looks for no price itself."""

UNTOLD = "nan"
"""A price that is left to whoever asks for it."""


def open_openai(http: httpx.AsyncClient, *, api_key: str, base_url: str | None) -> Any:
    """A client of one try a call; `http` stays its owner's to close."""
    client = importlib.import_module("openai").AsyncOpenAI(api_key=api_key, base_url=base_url, http_client=http, max_retries=0)
    client.chat.completions.with_raw_response = _Completions(client)
    return client


class _Completions:
    """What litellm asks for a whole answer."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def create(
        self,
        *,
        timeout: httpx.Timeout,  # noqa: ASYNC109  # litellm's word for it
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        **body: Any,
    ) -> _RawAnswer:
        options = {"headers": extra_headers or {}, "timeout": timeout}
        response = await self._client.post(
            "/chat/completions", cast_to=httpx.Response, body={**body, **(extra_body or {})}, options=options
        )
        return _RawAnswer(response)


class _RawAnswer:
    """An answer with its headers, not read yet."""

    def __init__(self, response: httpx.Response) -> None:
        self.headers = {PRICE: UNTOLD, **response.headers}
        self._response = response

    def parse(self) -> Any:
        """What the answer says, as litellm asks for it; what is no JSON object stays as it is, and is refused there."""
        value = self._response.json()
        return _Parsed(value) if isinstance(value, dict) else value


class _Parsed:
    """A JSON object in the dress of one of the library's own."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def model_dump(self) -> dict[str, Any]:
        return self._value
