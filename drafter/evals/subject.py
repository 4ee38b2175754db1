"""What is measured: a subject has items and turns each repeat of one into a sample. To add a kind of eval, add a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from drafter.evals.sample import Sample
from drafter.evals.slots import Slots


@dataclass(frozen=True, slots=True)
class Item:
    """One case as the runner and the statistics see it."""

    id: str
    sha256: str
    """Over everything that can change what is measured."""
    cluster: str
    """Items of one cluster are no independent evidence."""
    tags: tuple[str, ...] = ()
    about: str = ""
    """The text that it is about, for reports."""
    slices: tuple[tuple[str, str], ...] = ()
    """Groups to report on, e.g. `("language", "de")`."""


class Subject(Protocol):
    """Something that can be measured."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All cases, sentinels first."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Version of everything that judges; values of other versions are not compared."""

    @property
    def is_repeatable(self) -> bool:
        """True when the same inputs always give the same sample."""

    @property
    def slots(self) -> Slots | None:
        """Where its model calls wait for their turn; None when each sample holds one slot of the run's."""

    async def measure(self, item: Item, repeat: int) -> Sample:
        """One sample; never raises for what a model or its provider does."""
