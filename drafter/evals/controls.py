"""Can each scorer still tell good from bad? Controls are pairs of replies to one review; a scorer that gives both the same is dead.

A metric stuck at 1 looks like success for ever. To add a control, add a line to `evals/sets/gate_controls.jsonl`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from drafter.domain import Draft, DraftRequest, Origin, Value
from drafter.errors import ContentError
from drafter.evals.sets import load_rows
from drafter.pipeline import Scorer, Triager

SET = "evals/sets/gate_controls.jsonl"
LEAST_GAP = 0.2


class Control(Value):
    """Two replies to one review, of which a scorer must like the first better."""

    id: str
    scorer: str
    kind: str
    """What is wrong with the bad one, e.g. `context_swap`, `stock`, `parrot`."""
    request: DraftRequest
    good: str
    bad: str
    origin: str
    licence: str


class ControlResult(Value):
    """What a scorer said of its control."""

    control: Control
    good: float | None
    bad: float | None

    @property
    def is_told_apart(self) -> bool:
        """The good one is better, by enough to matter."""
        return self.good is not None and self.bad is not None and self.good - self.bad >= LEAST_GAP


def load_controls(content_root: Path) -> tuple[Control, ...]:
    """All controls.

    Raises:
        ContentError: a line is wrong.
    """
    path = content_root / SET
    controls = []
    for row in load_rows(path):
        try:
            controls.append(Control.model_validate(row.value))
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            raise ContentError(path, f"{row.id}: {'.'.join(map(str, first['loc']))}: {first['msg']}", line=row.line) from exc
    return tuple(controls)


def run_controls(controls: Iterable[Control], score: Scorer, triager: Triager) -> tuple[ControlResult, ...]:
    """What each scorer says of its controls."""
    results = []
    for control in controls:
        values = [_value(control, text, score, triager) for text in (control.good, control.bad)]
        results.append(ControlResult(control=control, good=values[0], bad=values[1]))
    return tuple(results)


def dead_scorers(results: Iterable[ControlResult], wanted: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Wanted scorers that fail a control, or have none."""
    results, known = list(results), set(known)
    names = [name for name in wanted if name in known]
    alive = {r.control.scorer for r in results} - {r.control.scorer for r in results if not r.is_told_apart}
    return tuple(name for name in names if name not in alive)


def _value(control: Control, text: str, score: Scorer, triager: Triager) -> float | None:
    triage = triager.triage(control.request)
    draft = Draft(text=text, language="en", origin=Origin.MODEL, content=(), prompt=None, model_asked=None, model_answered=None, attempt=1)
    return score(draft, control.request, triage).value(control.scorer)
