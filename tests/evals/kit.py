"""What eval tests share: items without a pipeline, and a subject that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from drafter.evals.sample import Sample, Unmeasured, unmeasured
from drafter.evals.subject import Item
from drafter.evals.suite import Gates, Suite

Judge = Callable[[str, int], "Sample | float"]


def item(name: str, *, cluster: str | None = None, sha256: str = "0", tags: tuple[str, ...] = ()) -> Item:
    """A case without content."""
    return Item(name, sha256, cluster or name, tags, f"review of {name}")


def sample(case: str, repeat: int = 0, value: float = 1.0, **fields: object) -> Sample:
    """A measured sample whose metric `quality` has this value."""
    return Sample.model_validate({"case": case, "repeat": repeat, "metrics": {"quality": value}, "passed": value >= 0.5, **fields})


def suite(**fields: object) -> Suite:
    """A suite over nothing, with one graded metric unless told otherwise."""
    return Suite.model_validate(
        {
            "suite": "toy",
            "about": "toy",
            "subject": "policy",
            "sets": [{"path": "none.jsonl"}],
            "baseline": "evals/baselines/toy.json",
            "gates": Gates.model_validate({"graded": {"quality": {}}, "cases": {}}),
            **fields,
        }
    )


class ToySubject:
    """A subject whose every sample is a function of case and repeat."""

    def __init__(self, items: Sequence[Item], judge: Judge, *, takes_s: float = 0.0, is_repeatable: bool = False) -> None:
        self.items = tuple(items)
        self.versions: Mapping[str, str] = {"quality": "1"}
        self.is_repeatable = is_repeatable
        self.slots = None
        self.asked: list[tuple[str, int]] = []
        self.most_at_once = 0
        self._now = 0
        self._judge, self._takes_s = judge, takes_s

    async def measure(self, item: Item, repeat: int) -> Sample:
        self.asked.append((item.id, repeat))
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(self._takes_s)
        self._now -= 1
        made = self._judge(item.id, repeat)
        return made if isinstance(made, Sample) else sample(item.id, repeat, made)


def down(case: str, repeat: int) -> Sample:
    """A sample of a model that cannot be reached."""
    return unmeasured(case, repeat, Unmeasured.PROVIDER_DOWN, "m: connection refused")
