"""What is used up: requests of a minute, dollars of a day. Counted in the database, so that all processes count together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import case, delete, select

from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import allowances, spend

KEPT_DAYS = 92
"""Days of spend that are kept."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The tables of allowances and spend."""

    database: Database
    clock: Callable[[], float] = time.time
    """Seconds since 1970, which processes share."""

    @unbroken
    async def take(self, name: str, n: int, *, per_minute: int) -> float:
        """Takes `n` requests of an allowance that refills evenly: 0 when they were there, else the seconds until they are.

        A row holds the time until which the allowance is used up (GCRA): one statement, exact under any number of processes, and no
        burst of twice the limit where two windows meet.
        """
        now, step_s = self.clock(), 60.0 / per_minute
        until = case((allowances.c.used_until_s > now, allowances.c.used_until_s), else_=now) + n * step_s
        taking = self.database.insert(allowances).values(name=name, used_until_s=now + n * step_s)
        taking = taking.on_conflict_do_update(index_elements=[allowances.c.name], set_={"used_until_s": until}, where=until <= now + 60.0)
        async with self.database.write("the allowance was not counted") as connection:
            if (await connection.execute(taking.returning(allowances.c.name))).first() is not None:
                return 0.0
            used_until_s = (await connection.execute(select(allowances.c.used_until_s).where(allowances.c.name == name))).scalar_one()
        return max(float(used_until_s) + n * step_s - now - 60.0, step_s)

    @unbroken
    async def add_spend(self, spent: Mapping[str, float], *, day: date) -> dict[str, float]:
        """Books money under names and gives what each has spent on that day (UTC) in all."""
        totals = {}
        async with self.database.write("the spend was not booked") as connection:
            # In one order everywhere, or two processes would wait for each other.
            for name in sorted(spent):
                booking = self.database.insert(spend).values(day=day.isoformat(), name=name, usd=spent[name])
                usd = spend.c.usd + spent[name]
                booking = booking.on_conflict_do_update(index_elements=[spend.c.day, spend.c.name], set_={"usd": usd})
                totals[name] = float((await connection.execute(booking.returning(spend.c.usd))).scalar_one())
        return totals

    @unbroken
    async def spent(self, names: tuple[str, ...]) -> dict[str, float]:
        """What each name has spent today (UTC)."""
        query = select(spend.c.name, spend.c.usd).where(spend.c.day == _today(), spend.c.name.in_(names))
        async with self.database.read("the spend was not read") as connection:
            found = {name: float(usd) for name, usd in await connection.execute(query)}
        return {name: found.get(name, 0.0) for name in names}

    async def forget_old(self) -> None:
        """Deletes what says nothing any more."""
        oldest = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).date().isoformat()
        async with self.database.write("old counts were not deleted") as connection:
            await connection.execute(delete(allowances).where(allowances.c.used_until_s < self.clock()))
            await connection.execute(delete(spend).where(spend.c.day < oldest))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
