"""Intervals, tests and bounds give the values of their definitions."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.evals import paired
from drafter.evals.intervals import NothingMeasured, mean_interval, quantile, rate_interval, zero_bound
from drafter.evals.paired import Paired, holm, sign_flip


def test_wilson_as_in_the_books() -> None:
    """9 of 10: 0.596 to 0.982."""
    interval = rate_interval(9, 10)
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.596, 0.982)


@given(st.integers(1, 200), st.floats(0, 1))
def test_a_rate_lies_in_its_interval(n: int, share: float) -> None:
    """And the interval in [0, 1]."""
    interval = rate_interval(round(n * share), n)
    assert 0 <= interval.low <= interval.value <= interval.high <= 1


@pytest.mark.parametrize(
    "ask", [lambda: rate_interval(0, 0), lambda: mean_interval({}), lambda: zero_bound(0), lambda: Paired({}, {}).p_worse()]
)
def test_nothing_measured_is_no_zero(ask: object) -> None:
    """An empty set has no rate."""
    with pytest.raises(NothingMeasured):
        ask()  # type: ignore[operator]


def test_rule_of_three() -> None:
    """0 of 60 leaves 5 % possible, 0 of 200 leaves 1.5 %."""
    assert (round(zero_bound(60), 2), round(zero_bound(200), 3)) == (0.05, 0.015)


def test_a_bootstrap_interval_repeats_itself_and_draws_clusters() -> None:
    """Ten copies of one review say no more than one."""
    spread = {str(i): [float(i % 2)] for i in range(40)}
    first = mean_interval(spread)
    assert first == mean_interval(spread)
    assert 0.3 < first.low < first.value == 0.5 < first.high < 0.7
    copies = {str(i): [float(i % 2)] * 10 for i in range(40)}
    assert mean_interval(copies).low == pytest.approx(first.low)


def test_a_quantile_of_nothing_is_none() -> None:
    """And p95 of a hundred is the 95th."""
    assert quantile([], 0.95) is None
    assert quantile(range(100), 0.95) == 95


def test_sign_flips_are_counted_exactly_when_few() -> None:
    """Five losses out of five happen by chance once in 32."""
    assert sign_flip([-1.0] * 5) == pytest.approx(1 / 32)
    assert sign_flip([0.0] * 5) == 1.0


def test_drawn_flips_agree_with_counted_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a percent, on the same differences."""
    draw = random.Random(3)
    sums = [draw.gauss(-0.2, 1) for _ in range(13)]
    exact = sign_flip(sums)
    monkeypatch.setattr(paired, "EXACT_CLUSTERS", 0)
    assert sign_flip(sums) == pytest.approx(exact, abs=0.015)


def test_many_copies_of_one_review_are_one_piece_of_evidence() -> None:
    """Twenty losses in one cluster prove nothing; in twenty clusters they do."""
    losses = {str(i): -0.5 for i in range(20)}
    one = Paired(losses, dict.fromkeys(losses, "same"))
    many = Paired(losses, {name: name for name in losses})
    assert one.p_worse() == 0.5
    assert many.p_worse() < 0.001
    assert one.detectable() is None


def test_holm_as_in_the_books() -> None:
    """The smallest is multiplied by all, and the order is kept."""
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_more_cases_see_smaller_losses() -> None:
    """Four times the cases, half the loss."""
    draw = random.Random(1)
    values = [draw.choice([-1.0, 0.0, 1.0]) for _ in range(50)]
    small = Paired({str(i): v for i, v in enumerate(values)}, {str(i): str(i) for i in range(50)})
    large = Paired({str(i): values[i % 50] for i in range(200)}, {str(i): str(i) for i in range(200)})
    assert small.detectable() == pytest.approx(2 * (large.detectable() or 0), rel=0.03)
    assert (small.cases_needed(0.01) or 0) > 50
