"""What the running service does beside answering: tells webhooks, works on jobs, forgets what need not be kept, erases what must not be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from drafter.errors import StoreError
from drafter.jobs.foreman import Foreman
from drafter.logs import Log
from drafter.store.drafts import Erasure
from drafter.webhooks.address import AllowList
from drafter.webhooks.courier import Courier
from drafter.wiring import Services

log = Log("upkeep")

FIRST_AFTER_S, EVERY_S = 60.0, 3_600.0


async def keep_up(services: Services) -> None:
    """Runs until it is cancelled."""
    # Soon, not after the whole pause: a process that is started anew every half hour must erase too.
    await asyncio.sleep(FIRST_AFTER_S)
    while True:
        await tidy(services)
        await asyncio.sleep(EVERY_S)


async def deliver(services: Services) -> None:
    """Tells webhooks what happened, until it is cancelled; at once over when there can be none."""
    settings = services.settings
    if settings.webhook_host_names:
        allowed = AllowList.read(settings.webhook_host_names, settings.webhook_network_names)
        async with Courier(services.store.webhooks, allowed) as courier:
            await courier.run()


async def work_off(services: Services) -> None:
    """Works on bulk jobs, until it is cancelled."""
    await Foreman(services.store, services.draft, services.settings.effective_deadline_s, services.settings.job_concurrency).run()


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
