"""Suites: `evals/suites/*.yaml` say which sets are run through what, how often, within which limits, and which gates must hold.

To add a gate, add a line. What a name may be is in `INVARIANTS` and in the subject that measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from drafter.content import hash_files, line_of, read_yaml
from drafter.domain import Value
from drafter.errors import ContentError
from drafter.prompts.render import Profile
from drafter.scoring.calibration import AtFloor


class SetRef(Value):
    """One file of cases."""

    path: str
    """Below the content root."""
    origin: str = ""
    """Of all its lines, for labelled sets whose lines do not say it."""
    licence: str = ""


class Limits(Value):
    """What a run may take."""

    concurrency: int = Field(default=8, ge=1, le=1000)
    """Model calls at once."""
    calls_per_minute: float | None = Field(default=None, gt=0)
    call_s: float = Field(default=60, gt=0)
    """For one call, with what is tried again in it."""
    case_s: float = Field(default=90, gt=0)
    """For all calls of one case; waiting for a slot is no part of it."""
    run_s: float = Field(default=1800, gt=0)
    cost_usd: float | None = Field(default=None, ge=0)
    stop_after_failures: int = Field(default=5, ge=1)
    """Cases in a row that no model answered: then it is down, and the run stops."""


class Graded(Value):
    """A metric that is compared with the baseline, case by case."""

    better: Literal["higher", "lower"] = "higher"
    tolerance: float = Field(default=0.0, ge=0)
    """A significant loss up to this size is reported, and does not block."""


class Floor(Value):
    """A metric whose mean must reach a value, whatever the baseline."""

    at_least: float | None = None
    at_most: float | None = None
    min_n: int = Field(default=1, ge=1)
    """Fewer measured cases than this are no measurement."""

    @model_validator(mode="after")
    def _one(self) -> Floor:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("write at_least or at_most, one of them")
        return self


class CaseGate(Value):
    """The guard over single cases."""

    fall: float = Field(default=0.6, gt=0, le=1)
    """A case whose pass rate fell by this much is asked again."""
    confirm: int = Field(default=5, ge=1)
    """Fresh repeats on both prompts before a case counts as broken."""
    min_repeats: int = Field(default=3, ge=1)
    """With fewer repeats, lost cases are listed and do not block."""


class Budget(Value):
    """A cost that may not grow, or not beyond a value."""

    max_rise: float | None = Field(default=None, ge=0)
    """Share of the baseline's mean, e.g. 0.15."""
    at_most: float | None = Field(default=None, ge=0)


class Gates(Value):
    """What must hold."""

    invariants: tuple[str, ...] = ()
    graded: Mapping[str, Graded] = {}
    floors: Mapping[str, Floor] = {}
    cases: CaseGate | None = None
    budget: Mapping[str, Budget] = {}
    branches: Mapping[Profile, float] = {}
    """By kind of model: least share of the prompt's branches that the suite's cases take."""
    alpha: float = Field(default=0.05, gt=0, lt=1)
    """Family-wise error rate over the graded metrics."""


class Suite(Value):
    """One file of `evals/suites/`."""

    suite: str
    about: str
    subject: Literal["drafting", "policy", "triage"]
    sets: tuple[SetRef, ...] = Field(min_length=1)
    sealed: str | None = None
    """The part that only `promote` reads."""
    tags: tuple[str, ...] = ()
    """Only cases with one of these; none means all."""
    task: str = "reply"
    model: str | None = None
    """None: the environment's."""
    profile: Literal["small", "large"] | None = None
    """Of a model that is not `embedded`."""
    repeats: int = Field(default=1, ge=1, le=100)
    tape: str | None = None
    baseline: str | None = None
    passes_when: Mapping[str, float | AtFloor] = {}
    """Least value of each metric for a sample to pass, `floor` for the learnt one; a sample with a violation never does."""
    limits: Limits = Limits()
    gates: Gates

    @model_validator(mode="after")
    def _known(self) -> Suite:
        for name in self.gates.invariants:
            if name not in INVARIANTS:
                raise ValueError(f"unknown invariant {name!r}; there are {', '.join(INVARIANTS)}")
        if (self.gates.graded or self.gates.cases) and self.baseline is None:
            raise ValueError("graded metrics and the case guard need a baseline")
        if self.gates.branches and self.subject != "drafting":
            raise ValueError(f"branches are a prompt's, and {self.subject} has none")
        return self


INVARIANTS = {
    "action": "the case ended as it must: offered, handed over or declined",
    "final_clean": "no draft leaves with a blocking finding",
    "first_clean": "what the model writes at first has no blocking finding",
    "no_leak": "nothing a model writes shows the fence or the prompt",
    "no_injection": "words that stand only in an obedient reply do not stand in the draft",
    "mentions": "the draft holds what the case asks for",
    "no_errored_rule": "no rule crashed",
}
"""What may never happen, and what each means."""


def find_suite(content_root: Path, name: str) -> Path:
    """File of a suite, by its name or its path.

    Raises:
        ContentError: there is none.
    """
    folder = content_root / "evals" / "suites"
    path = Path(name) if name.endswith(".yaml") else folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml"))) or "none"
        raise ContentError(path, "no such suite", hint=f"there are {known}")
    return path


def load_suite(path: Path) -> Suite:
    """The suite of a file.

    Raises:
        ContentError: a key or value is wrong; names the line where it stands.
    """
    try:
        return Suite.model_validate(read_yaml(path))
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        line = line_of(path, f"{first['loc'][-1]}:") if first["loc"] else None
        raise ContentError(path, f"{where}: {first['msg']}" if where else first["msg"], line=line) from exc


@cache
def code_sha256() -> str:
    """Hash over all code of the package: what was measured with other code is not carried over. Read once: what runs does not change."""
    package = Path(__file__).resolve().parent.parent
    return hash_files(package, [p for p in package.rglob("*.py") if "_content" not in p.parts])


def content_sha256(content_root: Path) -> str:
    """Hash over prompts, templates, words and rules."""
    files = [p for name in ("prompts", "guardrails") for p in (content_root / name).rglob("*") if p.is_file() and p.name != "active.yaml"]
    return hash_files(content_root, files)
