"""`SpendMeter`: what models have cost today, in this process and for each caller's key; at the cap, templates answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from drafter.errors import ModelDenied
from drafter.logs import Log

log = Log("llm.spend")

News = dict[date, dict[str | None, float]]
"""Dollars by day, and by key or (None) in all."""

_spender: ContextVar[tuple[str, float | None] | None] = ContextVar("drafter_spender", default=None)


@contextmanager
def spending_as(key_id: str, *, daily_usd: float | None = None) -> Iterator[None]:
    """Books what is spent inside to a caller's key, whose own cap may replace the usual one."""
    token = _spender.set((key_id, daily_usd))
    try:
        yield
    finally:
        _spender.reset(token)


def _cap_reached(whose: str, cap_usd: float, model: str) -> ModelDenied:
    error = ModelDenied(f"{whose} cap of {cap_usd:.2f} USD a day is reached", model=model)
    # Ours, not the provider's: whoever reads the record must not look for a wrong key.
    error.reason = "spend_cap"
    return error


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(slots=True)
class Booking:
    """One call's cost, filled in when it is known."""

    held_usd: float
    """What it may cost: as much as the model's dearest one of the day, or what was estimated."""
    cost_usd: float | None = 0.0
    """None when the provider's price is not known."""


@dataclass(slots=True)
class _Account:
    """Spent and held today."""

    spent_usd: float = 0.0
    held_usd: float = 0.0


@dataclass(slots=True)
class SpendMeter:
    """Counts cost by UTC day.

    A call that is under way holds as much as the model's dearest one of the day has cost; while none has, an estimate, and no less than
    any model's: otherwise the first burst of a day would pass any cap.
    """

    daily_usd: float | None
    """Most that the process may spend; None: no cap."""
    daily_usd_per_key: float | None = None
    """Most that one key may spend; None: no cap."""
    today: Callable[[], date] = _today
    _day: date | None = None
    _dearest_usd: dict[str, float] = field(default_factory=dict)
    _accounts: dict[str | None, _Account] = field(default_factory=dict)
    _unpriced: set[str] = field(default_factory=set)
    _news: News = field(default_factory=dict)

    def spent_usd(self, key_id: str | None = None) -> float:
        """Spent today; by the whole process when no key is named."""
        self._turn_day()
        return self._accounts.get(key_id, _Account()).spent_usd

    @property
    def has_news(self) -> bool:
        """True when something was spent that nobody took."""
        return bool(self._news)

    def take_news(self) -> News:
        """What was spent since this was last asked: for whoever adds up several processes."""
        news, self._news = self._news, {}
        return news

    def put_back(self, news: News) -> None:
        """Takes back what could not be added up: the next one to ask gets it."""
        for day, spent in news.items():
            for key_id, usd in spent.items():
                self._add_news(day, key_id, usd)

    def learn(self, key_id: str | None, spent_usd: float, *, day: date | None = None) -> None:
        """Raises a day's spend to what all processes together have spent, when that is more; of today when no day is named."""
        self._turn_day()
        if day is None or day == self._day:
            account = self._accounts.setdefault(key_id, _Account())
            account.spent_usd = max(account.spent_usd, spent_usd)

    def wants_estimate(self, model: str) -> bool:
        """True when a cap holds for this caller, and no call to this model has had a price today."""
        self._turn_day()
        return model not in self._dearest_usd and any(cap_usd is not None for _, cap_usd in self._payers())

    @contextmanager
    def booking(self, model: str, *, estimate_usd: float = 0.0) -> Iterator[Booking]:
        """Holds room for one call and books what it cost.

        Args:
            model: Who is asked.
            estimate_usd: What the call may cost, for a model that has had no price today.

        Raises:
            ModelDenied: (reason `spend_cap`) the process or the key has no room left today.
        """
        day = self._turn_day()
        dearest_usd = max(self._dearest_usd.values(), default=0.0)
        may_cost_usd = self._dearest_usd.get(model, max(estimate_usd, dearest_usd))
        payers = self._payers()
        for key_id, cap_usd in payers:
            account = self._accounts.setdefault(key_id, _Account())
            if cap_usd is not None and account.spent_usd + account.held_usd + may_cost_usd > cap_usd:
                raise _cap_reached("this key's" if key_id else "the", cap_usd, model)
        booking = Booking(may_cost_usd)
        held = {key_id: self._accounts[key_id] for key_id, _ in payers}
        for account in held.values():
            account.held_usd += booking.held_usd
        try:
            yield booking
        finally:
            for account in held.values():
                account.held_usd -= booking.held_usd
            self._book(booking, held, model, day)

    def _payers(self) -> list[tuple[str | None, float | None]]:
        """Whose caps hold for a call made now: everybody's (None), and the key's that it is made for."""
        payers: list[tuple[str | None, float | None]] = [(None, self.daily_usd)]
        spender = _spender.get()
        if spender is not None:
            own_id, own_usd = spender
            payers.append((own_id, self.daily_usd_per_key if own_usd is None else own_usd))
        return payers

    def _book(self, booking: Booking, accounts: dict[str | None, _Account], model: str, day: date) -> None:
        if booking.cost_usd is None:
            has_cap = self.daily_usd is not None or self.daily_usd_per_key is not None
            if has_cap and model not in self._unpriced:
                self._unpriced.add(model)
                log.warning("spend.unpriced", model=model, way_out="give its family usd_per_million in prompts/models.yaml")
            return
        if booking.cost_usd and day == self._day:
            self._dearest_usd[model] = max(self._dearest_usd.get(model, 0.0), booking.cost_usd)
        for key_id, account in accounts.items():
            account.spent_usd += booking.cost_usd
            if booking.cost_usd:
                self._add_news(day, key_id, booking.cost_usd)

    def _add_news(self, day: date, key_id: str | None, usd: float) -> None:
        spent = self._news.setdefault(day, {})
        spent[key_id] = spent.get(key_id, 0.0) + usd

    def _turn_day(self) -> date:
        """The day it is, with nothing spent yet when it is a new one."""
        today = self.today()
        if today != self._day:
            self._day = today
            self._dearest_usd = {}
            self._accounts = {}
        return today
