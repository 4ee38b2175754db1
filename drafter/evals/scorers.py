"""Can each scorer still tell a good reply from the bad ones it is there for? One that cannot is dead, and a dead scorer stops the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from drafter.content import read_jsonl
from drafter.domain import ContactAdvice, Door, Draft, DraftRequest, Issue, IssueSpan, Origin, Route, Scorecard, Triage, Value
from drafter.errors import ContentError
from drafter.scoring import SCORERS, DraftScorer
from drafter.scoring.roteness import read_runs
from drafter.scoring.words import Runs

SET = "evals/sets/scorer_controls.jsonl"

MARGIN = 0.2
"""Least distance between the good reply and a bad one."""

MUST_FALL: Mapping[str, tuple[str, ...]] = {
    "specificity": ("swapped", "stock", "stuffed", "wrong_language", "empty"),
    "boilerplate": ("stock",),
    "copy": ("parrot",),
    "coverage": ("swapped", "stuffed", "gush", "wrong_language", "empty"),
    "empathy": ("swapped", "stock", "stuffed", "wrong_language", "empty"),
    "brevity": ("endless", "empty"),
    "one_next_step": ("stuffed", "empty", "questions"),
    "lift": ("swapped", "stock", "stuffed", "wrong_language", "empty"),
    "roteness": ("repeated",),
    "tone": ("gush", "swapped", "stuffed", "empty"),
    "readability": ("endless",),
    "grounding": ("invented",),
}
"""For each scorer, the controls that it must place below the good reply. Others it need not see: no scorer sees everything."""


class Control(Value):
    """A review with a good reply and bad ones."""

    id: str
    language: str
    body: str
    issues: tuple[tuple[Issue, str], ...]
    other: str
    """A review of another thing, under which the good reply is a bad one."""
    remedies: tuple[str, ...]
    good: str
    stock: str
    """Nothing but phrases that fit any letter."""
    stuffed: str
    """Feeling without a word of this review."""
    gush: str
    """Joy about somebody's trouble."""
    invented: str
    """Sums, promises and remedies that nobody allowed."""


@dataclass(frozen=True, slots=True)
class Fall:
    """How far a scorer placed a control below the good reply."""

    scorer: str
    language: str
    control: str
    good: float | None
    bad: float | None

    @property
    def is_seen(self) -> bool:
        """True when the bad reply is clearly below, or cannot be said to be anything."""
        return self.good is not None and (self.bad is None or self.good - self.bad >= MARGIN)


def load_controls(content_root: Path) -> tuple[Control, ...]:
    """Controls of `evals/sets/scorer_controls.jsonl`.

    Raises:
        ContentError: a control has a wrong field.
    """
    path = content_root / SET
    try:
        return tuple(Control.model_validate(value) for value in read_jsonl(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def measure_falls(score: DraftScorer, controls: tuple[Control, ...]) -> list[Fall]:
    """Every scorer against every control that it must see, in every language."""
    falls: list[Fall] = []
    for i, control in enumerate(controls):
        cards = dict(_judge_all(score, control, foreign=controls[(i + 1) % len(controls)].good))
        good = cards["good"]
        for scorer, names in MUST_FALL.items():
            for name in names:
                above = cards["fresh"] if name == "repeated" else good
                falls.append(Fall(scorer, control.language, name, above.value(scorer), cards[name].value(scorer)))
    return falls


def find_dead(falls: list[Fall]) -> list[str]:
    """Scorers that miss one of their controls in any language, and those that have none."""
    missed = {fall.scorer for fall in falls if not fall.is_seen}
    return [name for name in SCORERS if name in missed or name not in MUST_FALL]


def _judge_all(score: DraftScorer, control: Control, *, foreign: str) -> Iterator[tuple[str, Scorecard]]:
    """The good reply and all bad ones, those made from it as well."""
    texts = {name: getattr(control, name) for name in ("good", "stock", "stuffed", "gush", "invented")}
    texts |= {"parrot": f"{control.good.split(chr(10))[0]} {control.body}", "wrong_language": foreign, "empty": "-"}
    texts |= {"endless": _without_stops(control.good) * 4, "questions": control.good + " A? B? C?"}
    for name, text in texts.items():
        yield name, _judge(score, control, text, body=control.body)
    yield "swapped", _judge(score, control, control.good, body=control.other)
    yield "repeated", _judge(score, control, control.good, body=control.body, history=(read_runs(control.good, control.language),))
    yield "fresh", _judge(score, control, control.good, body=control.body, history=(read_runs(control.stock, control.language),))


def _without_stops(text: str) -> str:
    return "".join(c for c in text.replace("\n", " ") if c not in ".!?,。！？，、：") + " "


def _judge(score: DraftScorer, control: Control, text: str, *, body: str, history: tuple[Runs, ...] = ()) -> Scorecard:
    request = DraftRequest.model_validate({"review": {"body": body}, "seller": {"allowed_remedies": control.remedies}})
    places = [(issue, body.find(words), words) for issue, words in control.issues]
    spans = tuple(IssueSpan(issue=i, start=at, end=at + len(words), quote=words) for i, at, words in places if at >= 0)
    if not spans:
        # Under another review the same issues stand elsewhere: its first and second half.
        half = len(body) // 2
        spans = tuple(
            IssueSpan(issue=issue, start=start, end=end, quote=body[start:end])
            for (issue, _), (start, end) in zip(control.issues, ((0, half), (half, len(body))), strict=False)
        )
    triage = Triage(
        language=control.language,
        issues=tuple(issue for issue, _ in control.issues),
        issue_spans=spans,
        safety=False,
        injection=False,
        contact=ContactAdvice(door=Door.THREAD_REPLY, reason="a control"),
        route=Route.DRAFT,
        reasons=("draftable",),
    )
    return score(_draft(text, control.language), request, triage, history)


def _draft(text: str, language: str) -> Draft:
    return Draft(
        text=text, language=language, origin=Origin.TEMPLATE, content=(), prompt=None, model_asked=None, model_answered=None, attempt=0
    )
