"""A model that fails is left alone, and comes back carefully."""

from __future__ import annotations

import pytest

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelRefused, ModelTimeout
from drafter.llm.breaker import Breaker, BreakerPolicy

POLICY = BreakerPolicy(window_s=60, min_calls=4, max_bad_share=0.5, pause_s=10, max_pause_s=40, probes=2)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def error(cls: type[ModelError] = ModelDown) -> ModelError:
    """An error of a model."""
    return cls("x", model="m")


def call(breaker: Breaker, outcome: ModelError | None = None, used_share: float = 0.1) -> None:
    """One call that the breaker lets pass."""
    is_probe = breaker.enter()
    breaker.record(outcome, used_share=used_share, is_probe=is_probe)


@pytest.fixture
def clock() -> Clock:
    """Time that a test moves."""
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> Breaker:
    """A breaker that has just opened."""
    breaker = Breaker("m", POLICY, clock=clock)
    for _ in range(4):
        call(breaker, error())
    return breaker


@pytest.mark.parametrize("cls", [ModelDown, ModelTimeout, ModelBusy, ModelDenied])
def test_it_opens_on_errors(cls: type[ModelError], clock: Clock) -> None:
    """Half of the calls failing is enough, once there are enough calls."""
    breaker = Breaker("m", POLICY, clock=clock)
    for outcome in (None, error(cls), None):
        call(breaker, outcome)
    assert breaker.state == "closed"
    call(breaker, error(cls))
    assert breaker.state == "open"


def test_it_opens_on_slow_answers(clock: Clock) -> None:
    """An answer in the last moment is a warning."""
    breaker = Breaker("m", POLICY, clock=clock)
    for _ in range(4):
        call(breaker, None, used_share=0.95)
    assert breaker.state == "open"


@pytest.mark.parametrize("cls", [ModelRefused, ModelMalformed])
def test_a_models_character_does_not_open_it(cls: type[ModelError], clock: Clock) -> None:
    """It answered; what it answered is another matter."""
    breaker = Breaker("m", POLICY, clock=clock)
    for _ in range(20):
        call(breaker, error(cls))
    assert breaker.state == "closed"


def test_starting_is_no_illness(clock: Clock) -> None:
    """A model that is only busy while it starts is asked again at once."""
    breaker = Breaker("m", BreakerPolicy(min_calls=1, counts_busy=False), clock=clock)
    for _ in range(20):
        call(breaker, error(ModelBusy))
    assert breaker.state == "closed"


def test_old_calls_are_forgotten(clock: Clock) -> None:
    """Failures of an hour ago say nothing."""
    breaker = Breaker("m", POLICY, clock=clock)
    for _ in range(3):
        call(breaker, error())
    clock.now = 61
    call(breaker, error())
    assert breaker.state == "closed"


def test_an_open_one_says_when_to_come_back(opened: Breaker, clock: Clock) -> None:
    """The error carries the rest of the pause."""
    clock.now = 4
    with pytest.raises(ModelDown) as caught:
        opened.enter()
    assert caught.value.retry_after_s == 6


def test_one_probe_at_a_time(opened: Breaker, clock: Clock) -> None:
    """Half-open is not open to all."""
    clock.now = 10
    assert opened.state == "half_open"
    assert opened.enter()
    with pytest.raises(ModelDown):
        opened.enter()
    opened.leave(is_probe=True)
    assert opened.enter()


def test_good_probes_close_it(opened: Breaker, clock: Clock) -> None:
    """Two in a row."""
    clock.now = 10
    call(opened)
    assert opened.state == "half_open"
    call(opened)
    assert opened.state == "closed"
    call(opened, error())
    assert opened.state == "closed"


def test_a_bad_probe_doubles_the_pause_up_to_a_limit(opened: Breaker, clock: Clock) -> None:
    """10, 20, 40, 40 seconds."""
    for pause_s in (10, 20, 40, 40):
        clock.now += pause_s - 0.1
        assert opened.state == "open"
        clock.now += 0.1
        call(opened, error())


def test_late_reports_of_old_calls_do_not_count_as_probes(opened: Breaker, clock: Clock) -> None:
    """A call that began before it opened proves nothing about now."""
    clock.now = 10
    opened.record(None, used_share=0.1, is_probe=False)
    opened.record(None, used_share=0.1, is_probe=False)
    assert opened.state == "half_open"


def test_an_old_call_does_not_speak_for_the_probe(clock: Clock, opened: Breaker) -> None:
    """A call from before it opened ends while a probe is under way: the probe is still awaited."""
    clock.now = 10
    assert opened.enter()
    opened.record(error(), used_share=0.1, is_probe=False)
    opened.leave(is_probe=False)
    assert opened.state == "half_open"
    with pytest.raises(ModelDown):
        opened.enter()
