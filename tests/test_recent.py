"""A sender's letters are compared with his own last ones, and with nobody else's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from drafter.recent import ACCOUNTS, PER_ACCOUNT, RecentDrafts
from drafter.scoring.roteness import read_runs
from tests.api.conftest import Running, running


def test_so_many_of_each_account_are_kept() -> None:
    """The last ones, oldest first."""
    recent = RecentDrafts()
    for number in range(PER_ACCOUNT + 2):
        recent.add("acme", frozenset({number}), review=f"review {number}")
    kept = recent.of("acme", apart_from="another")
    assert (len(kept), *kept[0], *kept[-1]) == (PER_ACCOUNT, 2, PER_ACCOUNT + 1)
    assert recent.of("other", apart_from="another") == ()


def test_so_many_accounts_are_kept() -> None:
    """The one that was quiet the longest goes."""
    recent = RecentDrafts()
    for number in range(ACCOUNTS):
        recent.add(str(number), frozenset({1}), review="r")
    recent.add("0", frozenset({1}), review="r")
    recent.add("new", frozenset({1}), review="r")
    assert [bool(recent.of(name, apart_from="")) for name in ("0", "1", "new")] == [True, False, True]


async def roteness(client: httpx.AsyncClient, body: str) -> dict[str, Any]:
    """What the score says of a new draft."""
    made = (await client.post("/v1/drafts", json={"review": {"body": body}})).json()
    assert made["action"] == "offer"
    return next(score for score in made["scorecard"]["scores"] if score["scorer"] == "roteness")


async def test_the_service_compares_with_the_accounts_own_drafts() -> None:
    """A second review's draft with the first's, of which only the number is told; the same review again, and another account, with none."""
    async with running() as service:
        await _compare(service)


async def _compare(service: Running) -> None:
    ours, theirs = await service.key(account="acme"), await service.key(account="other")
    async with service.client(ours) as client, service.client(theirs) as stranger:
        first = "The lid of the kettle leaks."
        for body in (first, first):
            assert (await roteness(client, body))["reason"] == "no earlier reply of this sender"
        second = await roteness(client, "The lid of the kettle leaks a lot.")
        assert second["value"] < 1
        assert second["reason"].endswith("% of it stands in an earlier reply; compared with 2")
        assert (await roteness(stranger, "The lid of the kettle leaks a lot."))["value"] is None


@pytest.mark.parametrize("word", ["kettle", "zipper"])
async def test_a_score_never_holds_an_earlier_text(word: str) -> None:
    """Neither in its reason nor in its spans: these are numbers."""
    async with running(auth="none") as service, service.client() as client:
        await roteness(client, f"The {word} broke.")
        told = await roteness(client, "The handle broke.")
        assert word not in str(told)


async def test_no_text_outlives_its_answer_for_the_sake_of_a_score() -> None:
    """What is kept to compare with is numbers, and nothing that could be read."""
    async with running(auth="none") as service, service.client() as client:
        await roteness(client, "The zipper broke.")
        kept = [entry for drafts in service.services.errands.recent._kept.values() for entry in drafts]
        assert kept
        assert all(isinstance(number, int) for review, runs in kept for number in (review, *runs))
    assert not hasattr(read_runs, "cache_info")
