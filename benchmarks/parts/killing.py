"""The service killed with `kill -9` while it drafts and takes verdicts; afterwards the database is held against what callers were told."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from parts.processes import REQUEST, model_server, service
from sqlalchemy import select

from drafter.domain import DraftRecord
from drafter.store import open_store
from drafter.store.drafts import Erasure
from drafter.store.schema import claims
from drafter.store.store import Store

CALLERS = 12
LIVES_S = (0.2, 2.0)
"""A process is killed so long after its first answer, somewhere between these two."""
PATIENCE_S = 30.0
"""How long a first answer may take on a busy machine."""
WITH_MODEL = 4
"""Each so many lives one asks a model; the others need not load what asks it, which takes longer than they live."""
ASKED_AGAIN = 20
"""Acknowledged keys that are asked again in the next life."""


@dataclass(slots=True)
class Book:
    """What callers were told, and what they do not know."""

    drafts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id and text by idempotency key."""
    verdicts: dict[str, str] = field(default_factory=dict)
    """Id by idempotency key."""
    unknown: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Path and body of requests whose answer was lost, by key."""
    asked: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    origins: Counter[str] = field(default_factory=Counter)
    found_written: int = 0
    """Requests whose answer was lost and whose record was there when they were asked again."""
    unstored: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by each verdict that is acknowledged."""
    wrong: list[str] = field(default_factory=list)

    def told(self, key: str, path: str, answer: httpx.Response) -> None:
        """Keeps what a key's answer says, which must be what it said before."""
        self.unknown.pop(key, None)
        if answer.status_code == 409:
            # Held by a process that was killed; free again when its time is over.
            return
        if not answer.is_success:
            self.wrong.append(f"{path}: status {answer.status_code}: {answer.text[:200]}")
            return
        said = answer.json()
        if path.endswith("verdicts"):
            self.began.set()
            known = self.verdicts.setdefault(key, said["id"])
            is_same = known == said["id"]
        elif said["is_stored"]:
            self.origins[said["origin"]] += 1
            is_same = self.drafts.setdefault(key, (said["id"], said["text"])) == (said["id"], said["text"])
        else:
            # Said, so that nobody counts on it: its deadline left no time to write.
            self.unstored += 1
            return
        if not is_same:
            self.wrong.append(f"{key} was answered twice, differently")


async def ask(client: httpx.AsyncClient, book: Book, key: str, path: str, body: dict[str, Any]) -> httpx.Response | None:
    """The answer; None when the service is gone."""
    book.asked[key] = book.unknown[key] = (path, body)
    try:
        answer = await client.post(path, json=body, headers={"idempotency-key": key})
    except httpx.TransportError:
        return None
    book.told(key, path, answer)
    return answer


async def work(client: httpx.AsyncClient, book: Book, name: str) -> None:
    """One caller, who drafts and judges until the service is gone."""
    number = 0
    while True:
        number += 1
        key = f"{name}-{number}"
        options = {"deadline_s": 5, **({"model": "none"} if number % 2 else {})}
        made = await ask(client, book, key, "/v1/drafts", {**REQUEST, "id": key, "options": options})
        if made is None:
            return
        if not made.is_success or not made.json()["is_stored"]:
            continue
        verdict = {"verdict": "rejected" if number % 3 else "approved", "reason": "a test", "by": f"{key}-v"}
        if await ask(client, book, f"{key}-v", f"/v1/drafts/{made.json()['id']}/verdicts", verdict) is None:
            return


async def ask_again(client: httpx.AsyncClient, book: Book, draw: random.Random) -> None:
    """What was lost, and some of what was told: the first may be there, the second must."""
    lost = list(book.unknown)
    known = [*book.drafts, *book.verdicts]
    for key in (*lost, *draw.sample(known, min(ASKED_AGAIN, len(known)))):
        answer = await ask(client, book, key, *book.asked[key])
        is_replayed = answer is not None and "idempotency-replayed" in answer.headers
        book.found_written += is_replayed and key in lost
        if answer is not None and key not in lost and not is_replayed:
            book.wrong.append(f"{key} was acknowledged, and is not known any more: {answer.status_code}")


async def live(url: str, pid: int, book: Book, life: int, draw: random.Random) -> None:
    """One life of the service, from its first answer to its violent end."""
    limits = httpx.Limits(max_connections=CALLERS)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        await ask_again(client, book, draw)
        callers = [asyncio.create_task(work(client, book, f"k{life}-{n}")) for n in range(CALLERS)]
        book.began = asyncio.Event()
        await asyncio.wait_for(book.began.wait(), PATIENCE_S)
        await asyncio.sleep(draw.uniform(*LIVES_S))
        os.kill(pid, signal.SIGKILL)
        await asyncio.gather(*callers)


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Store]:
    """A store that is closed again."""
    store = open_store(database_url)
    try:
        yield store
    finally:
        await store.aclose()


async def find_lost(database_url: str, book: Book) -> list[str]:
    """What is missing, broken, or there twice."""
    wrong, ids, texts, per_key = [], set(), {}, Counter[str]()
    async with opened(database_url) as store:
        async for item in store.drafts.export(Erasure()):
            record = DraftRecord.model_validate(item["record"])
            texts[record.id] = record.draft.text if record.draft else None
            per_key[str(record.request.id)] += 1
            for verdict in item["verdicts"]:
                ids.add(verdict["id"])
                per_key[verdict["by"]] += 1
        async with store.database.read("claims") as connection:
            fulfilled = set((await connection.execute(select(claims.c.result_id).where(claims.c.result_id.is_not(None)))).scalars())
            if store.database.is_sqlite:
                state = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar_one()
                wrong += [] if state == "ok" else [f"integrity: {state}"]
    wrong += [f"draft {known} is not there as it was told" for known, text in book.drafts.values() if texts.get(known) != text]
    wrong += [f"verdict {known} is not there" for known in book.verdicts.values() if known not in ids]
    wrong += [f"{key} was done {times} times" for key, times in per_key.items() if times > 1]
    wrong += [f"key of {result} leads nowhere" for result in fulfilled - ids - set(texts)]
    wrong += [f"{left} has no key" for left in (ids | set(texts)) - fulfilled]
    return wrong


def kill(database_url: str, *, kills: int) -> int:
    """Prints one line; 1 when anything was lost, broken, or done twice."""
    book, draw = Book(), random.Random(8)
    with model_server(delay_s=0.01) as model_url:
        for life in range(kills):
            # No limit of requests: the queue for the model is not what is tested.
            settings = {"database_url": database_url, "model_concurrency": "32"} | ({} if life % WITH_MODEL == 0 else {"model": "none"})
            with service(model_url, is_warmed=False, **settings) as (url, pid):
                asyncio.run(live(url, pid, book, life, draw))
    wrong = [*book.wrong, *asyncio.run(find_lost(database_url, book))]
    print(
        f"{database_url.partition('+')[0]:<11} kills {kills}   acknowledged drafts {len(book.drafts)} {dict(book.origins)}   "
        f"verdicts {len(book.verdicts)}   said to be unstored {book.unstored}   "
        f"answers lost {len(book.unknown)}, of which {book.found_written} found written   wrong {len(wrong)}"
    )
    for line in wrong[:10]:
        print(f"  {line}")
    return 1 if wrong else 0
