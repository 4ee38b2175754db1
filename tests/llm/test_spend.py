"""Nobody spends more than he may."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

import pytest

from drafter.errors import ModelDenied
from drafter.llm.spend import SpendMeter, spending_as


def spend(meter: SpendMeter, cost_usd: float | None) -> None:
    """One call that costs this."""
    with meter.booking("m") as booking:
        booking.cost_usd = cost_usd


def test_without_a_cap_everything_is_counted_and_allowed() -> None:
    """Counting needs no cap."""
    meter = SpendMeter(None)
    spend(meter, 3.0)
    spend(meter, 4.0)
    assert meter.spent_usd() == 7.0


def test_the_cap_ends_spending_with_its_own_reason() -> None:
    """Whoever reads the record must not look for a wrong key."""
    meter = SpendMeter(1.0)
    spend(meter, 0.6)
    with pytest.raises(ModelDenied) as caught:
        spend(meter, 0.6)
    assert caught.value.reason == "spend_cap"
    assert not caught.value.is_transient
    assert ModelDenied("x", model="m").reason == "model_denied"


def test_a_cap_of_nothing_allows_only_what_is_free() -> None:
    """The first costly call is the last."""
    meter = SpendMeter(0.0)
    spend(meter, 0.0)
    spend(meter, 0.0)
    spend(meter, 0.01)
    with pytest.raises(ModelDenied):
        spend(meter, 0.01)


def test_calls_under_way_hold_what_the_dearest_one_cost() -> None:
    """Many calls at once cannot overrun the cap together."""
    meter = SpendMeter(1.0)
    spend(meter, 0.3)
    with meter.booking("m"), meter.booking("m"), pytest.raises(ModelDenied), meter.booking("m"):
        pass
    spend(meter, 0.3)


def test_a_failed_call_costs_nothing_and_holds_nothing() -> None:
    """What was held is given back."""
    meter = SpendMeter(1.0)
    spend(meter, 0.5)
    with pytest.raises(ValueError, match="failed"), meter.booking("m"):
        raise ValueError("failed")
    spend(meter, 0.5)
    assert meter.spent_usd() == 1.0


def test_each_key_has_its_own_cap() -> None:
    """One caller's spending does not end another's."""
    meter = SpendMeter(None, daily_usd_per_key=1.0)
    with spending_as("key-a"):
        spend(meter, 0.9)
        with pytest.raises(ModelDenied):
            spend(meter, 0.9)
    with spending_as("key-b"):
        spend(meter, 0.05)
    assert meter.spent_usd() == pytest.approx(0.95)
    assert meter.spent_usd("key-b") == 0.05


def test_a_new_day_starts_anew() -> None:
    """Days are UTC days."""
    days = iter([date(2026, 1, 1)] * 2 + [date(2026, 1, 2)] * 3)
    meter = SpendMeter(1.0, today=lambda: next(days))
    spend(meter, 0.9)
    with pytest.raises(ModelDenied):
        spend(meter, 0.9)
    spend(meter, 0.9)


def test_an_unknown_price_is_not_counted() -> None:
    """None is not 0, and not a guess."""
    meter = SpendMeter(1.0)
    spend(meter, None)
    assert meter.spent_usd() == 0.0


def test_the_first_burst_of_a_day_holds_what_it_may_cost() -> None:
    """Before any price is known, no more begin than the cap bears by their estimate."""
    meter = SpendMeter(1.0)
    assert meter.wants_estimate("m")
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(meter.booking("m", estimate_usd=0.3))
        with pytest.raises(ModelDenied), meter.booking("m", estimate_usd=0.3):
            pass
    spend(meter, 0.1)
    assert not meter.wants_estimate("m")


def test_a_model_without_a_price_holds_no_less_than_the_dearest() -> None:
    """One that nobody knows is not taken for free."""
    meter = SpendMeter(1.0)
    spend(meter, 0.6)
    with pytest.raises(ModelDenied), meter.booking("unknown"):
        pass


def test_nobody_estimates_where_no_cap_holds() -> None:
    """Counting needs none."""
    meter = SpendMeter(None)
    assert not meter.wants_estimate("m")
    with spending_as("key-a", daily_usd=1.0):
        assert meter.wants_estimate("m")


def test_news_that_were_put_back_are_taken_again_under_their_own_day() -> None:
    """What a store could not take yesterday is yesterday's spend, with what came since beside it."""
    days = [date(2026, 1, 1)]
    meter = SpendMeter(None, today=lambda: days[-1])
    spend(meter, 0.5)
    news = meter.take_news()
    assert not meter.has_news
    days.append(date(2026, 1, 2))
    spend(meter, 0.25)
    meter.put_back(news)
    assert meter.take_news() == {date(2026, 1, 1): {None: 0.5}, date(2026, 1, 2): {None: 0.25}}
    assert meter.spent_usd() == 0.25
