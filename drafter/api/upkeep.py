"""What the running service does beside answering: tells webhooks, works on jobs, follows moved labels, erases what must not be kept."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drafter.domain import DraftRequest, DraftResponse
from drafter.errands import Principal
from drafter.errors import BUGS, ContentError, StoreError
from drafter.jobs.foreman import Foreman
from drafter.logs import Log
from drafter.pipeline import StageListener
from drafter.prompts.labels import FILE as LABELS_FILE
from drafter.prompts.library import Library, load_library
from drafter.prompts.lint import require_clean
from drafter.store.claims import Claim
from drafter.store.drafts import Erasure
from drafter.webhooks.address import AllowList
from drafter.webhooks.courier import Courier
from drafter.wiring import Services

log = Log("upkeep")

FIRST_AFTER_S, EVERY_S = 60.0, 3_600.0

LABELS_S = 2.0
"""Between two looks at `prompts/active.yaml`."""

AGAIN_S = 30.0
"""Before what broke is begun again."""


@asynccontextmanager
async def upkeep(services: Services, tell: Callable[[DraftResponse], None], on_stage: StageListener) -> AsyncIterator[None]:
    """All of it, as long as the service runs; what breaks is begun again.

    Args:
        tell: Told of each draft that was made for a job.
        on_stage: Told of its stages.
    """
    parts = {
        "tidy": _tidy_often(services),
        "webhooks": _deliver(services),
        "jobs": _work_off(services, tell, on_stage),
        "labels": _follow_labels(services),
    }
    tasks = [asyncio.create_task(_again(name, part)) for name, part in parts.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again(name: str, part: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await part()
        except BUGS as exc:
            log.error("upkeep.crashed", part=name, exception=type(exc).__name__)
            await asyncio.sleep(AGAIN_S)
        else:
            return


def _tidy_often(services: Services) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        # Soon, not after the whole pause: a process that is started anew every half hour must erase too.
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            await tidy(services)
            await asyncio.sleep(EVERY_S)

    return run


def _deliver(services: Services) -> Callable[[], Awaitable[None]]:
    """Tells webhooks what happened; at once over when there can be none."""
    settings = services.settings

    async def run() -> None:
        if settings.webhook_host_names:
            allowed = AllowList.read(settings.webhook_host_names, settings.webhook_network_names)
            async with Courier(services.store.webhooks, allowed) as courier:
                await courier.run()

    return run


def _work_off(services: Services, tell: Callable[[DraftResponse], None], on_stage: StageListener) -> Callable[[], Awaitable[None]]:
    """Works on bulk jobs, beside requests and never instead of them."""

    async def draft(request: DraftRequest, *, principal: Principal, claim: Claim) -> DraftResponse:
        response = await services.draft(request, principal=principal, claim=claim, on_stage=on_stage)
        tell(response)
        return response

    async def run() -> None:
        # A job has time: none of it is answered with templates because a model still starts, or the service already stops.
        await services.models.wait_until_ready()
        at_once = min(services.settings.job_concurrency, services.parallel_drafts)
        last_call = services.pipeline.last_call
        foreman = Foreman(services.store, draft, services.settings.effective_deadline_s, at_once, lambda: last_call.ends_at == math.inf)
        await foreman.run()

    return run


def _follow_labels(services: Services) -> Callable[[], Awaitable[None]]:
    """Answers with the versions that `drafter prompts promote` and `rollback` name, without a restart."""
    path = services.library.root / LABELS_FILE
    # Taken before the service answers: what is moved from here on is seen.
    seen = _state_of(path)

    async def run() -> None:
        nonlocal seen
        while True:
            await asyncio.sleep(LABELS_S)
            now = _state_of(path)
            if now != seen:
                await _read_labels(services.library)
                seen = now

    return run


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written: its time in ns, its size and its number; None when it is not there.

    Two writes within one tick of the clock have one time, and the first may have left the file empty.
    """
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


async def _read_labels(library: Library) -> None:
    """Reads prompts and labels once more; with any fault in them, those that were read last go on answering."""

    def read() -> Library:
        newer = load_library(library.root)
        require_clean(newer)
        return newer

    try:
        library.follow(await asyncio.to_thread(read))
    except (ContentError, OSError, ValueError) as exc:
        log.error("labels.not_read", reason=str(exc))
    else:
        log.info("labels.read", production={task: state.production for task, state in library.tasks.items()})


async def tidy(services: Services) -> None:
    """Once through; a store that is away is tidied the next time."""
    store, days = services.store, services.settings.retention_days
    try:
        await store.claims.forget_old()
        await store.counters.forget_old()
        await store.webhooks.forget_old()
        await store.jobs.forget_old()
        if days is not None:
            erased = await store.drafts.purge(Erasure(before=datetime.now(UTC) - timedelta(days=days)))
            await store.database.empty_log()
            log.info("records.erased", records=erased, older_than_days=days)
    except StoreError as exc:
        log.error("upkeep.failed", reason=type(exc.__cause__).__name__)
