"""What people did with drafts: kept as they were, edited or rejected, by prompt; and which scorers saw it coming.

A verdict is the label nobody has to be asked for. A scorer whose area under the curve against "kept as it was" may as well be a coin's says
nothing of what people want here: no gate should rest on it.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from drafter.domain import DraftRecord, HumanVerdict, Value
from drafter.edits import RecordedVerdict
from drafter.errors import RequestError
from drafter.evals.agreement import area_under_curve
from drafter.evals.intervals import Z95, Interval, NothingMeasured, rate_interval

FEW = 10
"""Fewer drafts that were kept, or that were not, tell a scorer from a coin in no case."""

_VERDICT: TypeAdapter[HumanVerdict] = TypeAdapter(RecordedVerdict | HumanVerdict)
"""As the service keeps it, or as somebody else has written it down."""


class Judgement(Value):
    """One draft, and what a person did with it."""

    prompt: str
    """Version, or `template`."""
    verdict: str
    """`approved`, `edited`, `rejected`; or an author's `good`, `bad`."""
    scores: Mapping[str, float | None]

    @property
    def is_kept(self) -> bool:
        """Nobody changed a word."""
        return self.verdict in ("approved", "good")


class PromptVerdicts(Value):
    """What became of one prompt's drafts."""

    prompt: str
    n: int
    verdicts: Mapping[str, int]
    kept: Interval


class ScorerVerdict(Value):
    """One scorer against what people did."""

    scorer: str
    kept: int
    changed: int
    auc: Interval | None
    """Chance that a draft that was kept scored above one that was not; None with too few of either."""

    @property
    def standing(self) -> str:
        """`gate` when it surely sees what people want, `advisory` when it may be a coin, `unknown` with too few verdicts."""
        if self.auc is None:
            return "unknown"
        return "gate" if self.auc.low > 0.5 else "advisory"


def read_verdicts(lines: Iterable[Mapping[str, Any]], *, first: int = 1) -> Iterator[tuple[DraftRecord, HumanVerdict]]:
    """Records with their last verdict, of lines with `verdict` or, as `drafter db export` writes them, `verdicts`; others are passed over.

    Args:
        first: Number of the first line, for errors.

    Raises:
        RequestError: a line is something else.
    """
    for number, line in enumerate(lines, start=first):
        said = line["verdicts"][-1:] if isinstance(line.get("verdicts"), list) else [line.get("verdict")]
        try:
            for one in said:
                record = DraftRecord.model_validate_json(json.dumps(line["record"]))
                yield record, _VERDICT.validate_json(json.dumps(one))
        except (KeyError, ValidationError) as exc:
            raise RequestError("no record with its verdict", code="invalid", field=f"line {number}") from exc


def read_judgements(lines: Iterable[Mapping[str, Any]]) -> Iterator[Judgement]:
    """Judgements of records, and of an author's own labels (`drafter prompts dev` keeps them).

    Raises:
        RequestError: a line is neither.
    """
    for number, line in enumerate(lines, start=1):
        if "case" in line:
            yield Judgement(prompt=line["prompt"], verdict=line["verdict"], scores=line["scores"])
            continue
        for record, verdict in read_verdicts([line], first=number):
            scores = {s.scorer: s.value for s in record.scorecard.scores} if record.scorecard else {}
            prompt = record.draft.prompt if record.draft else None
            yield Judgement(prompt=prompt or "template", verdict=verdict.verdict, scores=scores)


def by_prompt(judgements: Sequence[Judgement]) -> list[PromptVerdicts]:
    """Each prompt's drafts, the most judged first.

    Raises:
        NothingMeasured: nobody has judged anything.
    """
    if not judgements:
        raise NothingMeasured("no draft has a verdict")
    found = []
    for prompt, n in Counter(one.prompt for one in judgements).most_common():
        own = [one for one in judgements if one.prompt == prompt]
        kept = rate_interval(sum(one.is_kept for one in own), n)
        found.append(PromptVerdicts(prompt=prompt, n=n, verdicts=Counter(one.verdict for one in own), kept=kept))
    return found


def by_scorer(judgements: Sequence[Judgement]) -> list[ScorerVerdict]:
    """Each scorer, by name. A draft of which it could not say anything is not in it."""
    found = []
    for scorer in sorted({name for one in judgements for name in one.scores}):
        known = [(value, one.is_kept) for one in judgements if (value := one.scores.get(scorer)) is not None]
        good, bad = [v for v, is_kept in known if is_kept], [v for v, is_kept in known if not is_kept]
        auc = _auc_interval(good, bad) if min(len(good), len(bad)) >= FEW else None
        found.append(ScorerVerdict(scorer=scorer, kept=len(good), changed=len(bad), auc=auc))
    return found


def _auc_interval(good: Sequence[float], bad: Sequence[float]) -> Interval | None:
    """Area under the curve with its bounds. Source: Hanley & McNeil (1982), Radiology 143."""
    area = area_under_curve(good, bad)
    if area is None:
        return None
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (len(good) - 1) * (q1 - area**2) + (len(bad) - 1) * (q2 - area**2)
    half = Z95 * math.sqrt(max(0.0, spread) / (len(good) * len(bad)))
    return Interval(value=area, low=max(0.0, area - half), high=min(1.0, area + half))
