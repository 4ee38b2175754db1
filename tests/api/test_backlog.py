"""No more drafts begin than the loop can end soon, and who is sent away is told a time of his own."""

from __future__ import annotations

import pytest

from drafter.api import backlog
from drafter.api.backlog import Backlog
from drafter.errors import AccessError
from tests.api.conftest import running

DRAFT_S = backlog.FIRST_DRAFT_S


class Clock:
    """Stands still until it is set; `used_s` is the processor's time."""

    def __init__(self) -> None:
        self.now_s = self.used_s = 100.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now_s

    def process_time(self) -> float:
        """Seconds."""
        return self.used_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The backlog's."""
    clock = Clock()
    monkeypatch.setattr(backlog, "time", clock)
    return clock


def begin(waiting: Backlog, times: int) -> list[float | None]:
    """What so many at once were told: when to come again, or None."""
    told: list[float | None] = []
    for _ in range(times):
        try:
            waiting.admit()
        except AccessError as refused:
            assert refused.code == "overloaded"
            told.append(refused.retry_after_s)
        else:
            told.append(None)
    return told


@pytest.mark.usefixtures("clock")
def test_without_a_bound_everybody_begins() -> None:
    """They wait for their turn elsewhere."""
    assert begin(Backlog(None), 1000) == [None] * 1000


def test_a_crowd_begins_as_fast_as_work_is_done(clock: Clock) -> None:
    """As much as may wait at once, and then a core's share of it a second."""
    waiting = Backlog(3 * DRAFT_S)
    assert begin(waiting, 10).count(None) == 4
    clock.now_s += 1.0
    assert begin(waiting, 10).count(None) == 4, "nobody saves up"
    clock.used_s += 8 * DRAFT_S
    begun = 0
    for _ in range(1000):
        clock.now_s += 0.001
        now = begin(waiting, 1).count(None)
        clock.used_s += now * DRAFT_S
        begun += now
    assert begun == pytest.approx(backlog.USED_SHARE / DRAFT_S, abs=2)


def test_each_who_is_sent_away_is_told_a_time_of_his_own(clock: Clock) -> None:
    """One draft's time after the one before him, and never later than a minute."""
    told = [pause_s for pause_s in begin(Backlog(DRAFT_S), 5000) if pause_s is not None]
    assert told == sorted(told)
    assert told[0] == 1.0
    assert told[200] - told[100] == pytest.approx(100 * DRAFT_S / backlog.USED_SHARE)
    assert told[-1] == backlog.MAX_PAUSE_S


def test_a_draft_weighs_what_drafts_cost(clock: Clock) -> None:
    """Measured over some of them, and one dear hour does not close the house."""
    waiting = Backlog(DRAFT_S)
    for _ in range(10 * backlog.SAMPLE):
        clock.now_s += 1.0
        clock.used_s += 2 * DRAFT_S
        waiting.admit()
    clock.now_s += 1.0
    told = [pause_s for pause_s in begin(waiting, 102) if pause_s is not None]
    assert told[100] - told[90] == pytest.approx(10 * 2 * DRAFT_S / backlog.USED_SHARE)


async def test_who_comes_when_too_much_waits_is_told_when_to_come_again() -> None:
    """Before his request is read; whatever else he asks is answered."""
    async with running(max_backlog_s=0.001) as service, service.client(await service.key()) as client:
        answers = [await client.post("/v1/drafts", content=b"not read") for _ in range(3)]
        assert (await client.get("/v1/channels")).status_code == 200
    assert answers[0].status_code == 415
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (503, "overloaded")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
