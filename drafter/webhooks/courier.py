"""`Courier`: sends what is due, off every request's way; any number of processes may have one.

A delivery is signed as Standard Webhooks has it: `webhook-signature: v1,` and the HMAC-SHA256 of `id.timestamp.body`, base64.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

from drafter.errors import StoreError
from drafter.logs import Log
from drafter.store.webhooks import Parcel, Webhooks
from drafter.webhooks.address import AddressRefused, AllowList

log = Log("webhooks")

PAUSE_S = 2.0
"""Between two looks for what is due."""

AT_ONCE = 8
EACH = 2
"""To one webhook at once."""

SEND_S = 10.0


def sign(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a delivery."""
    said = f"{delivery_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(bytes.fromhex(secret), said, hashlib.sha256).digest()).decode()


@dataclass
class Courier:
    """Sends deliveries to where they may go."""

    webhooks: Webhooks
    allowed: AllowList
    clock: Callable[[], float] = time.time
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=SEND_S, trust_env=False, follow_redirects=False))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.http.aclose()

    async def run(self) -> None:
        """Runs until it is cancelled."""
        while True:
            try:
                sent = await self.deliver()
            except StoreError as exc:
                log.error("webhooks.not_read", reason=type(exc.__cause__).__name__)
                sent = 0
            if not sent:
                await asyncio.sleep(PAUSE_S)

    async def deliver(self) -> int:
        """Sends what is due until nothing is, and says how many that were. A place that is free is filled while others still send."""
        sending: dict[asyncio.Task[None], str] = {}
        sent = 0
        try:
            while True:
                busy = [hook for hook, parcels in Counter(sending.values()).items() if parcels >= EACH]
                room = AT_ONCE - len(sending)
                for parcel in await self.webhooks.take(room, each=EACH, without=busy) if room else ():
                    sending[asyncio.create_task(self._deliver(parcel))] = parcel.webhook_id
                    sent += 1
                if not sending:
                    return sent
                done, _ = await asyncio.wait(sending, timeout=PAUSE_S, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del sending[task]
                    task.result()
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)

    async def _deliver(self, parcel: Parcel) -> None:
        status, error = await self._send(parcel)
        await self.webhooks.ended(parcel.delivery, status=status, error=error)
        log.info("webhook.sent", delivery_id=parcel.delivery.id, tries=parcel.delivery.tries, status=status, error=error)

    async def _send(self, parcel: Parcel) -> tuple[int | None, str | None]:
        """Status of the answer, and why it is none that is wanted. The answer's body is not read."""
        try:
            async with asyncio.timeout(SEND_S):
                answer = await self.http.send(await self._request(parcel), stream=True)
                await answer.aclose()
            return answer.status_code, None if answer.is_success else "status"
        except AddressRefused:
            return None, "address_refused"
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError):
            return None, "no_answer"

    async def _request(self, parcel: Parcel) -> httpx.Request:
        """The request to the address that was looked at, under the name that was asked for."""
        url = httpx.URL(parcel.url)
        address = await self.allowed.resolve(parcel.url)
        body = json.dumps(parcel.body, ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = int(self.clock())
        headers = {
            "host": url.netloc.decode(),
            "content-type": "application/json",
            "user-agent": "drafter",
            "webhook-id": parcel.delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(parcel.secret, parcel.delivery.id, timestamp, body),
        }
        return self.http.build_request(
            "POST", url.copy_with(host=address), content=body, headers=headers, extensions={"sni_hostname": url.host}
        )
