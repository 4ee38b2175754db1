"""Which cases a changed prompt touches: those whose rendered messages differ. No other case can answer differently, so no other is run."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drafter.domain import DraftRequest, Route, Triage
from drafter.drafting.inputs import MAX_REVIEW_CHARS_LARGE, clean_review, number_evidence, prompt_inputs
from drafter.drafting.plan import Plan, choose_language
from drafter.drafting.writer import Writer
from drafter.evals.sets import EvalCase
from drafter.evals.tape import FENCE, MASK
from drafter.llm.chat import Message
from drafter.prompts.branches import Branch, BranchCounter
from drafter.prompts.render import Profile

CHARS_PER_TOKEN = 4

CaseInputs = dict[str, Mapping[str, Any]]
"""What a prompt is given for each case: no prompt has a part in it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a case is before any prompt is rendered: no prompt has a part in it."""

    triage: Triage
    plan: Plan | None
    """None where nothing is drafted."""


ReadingOf = Callable[[EvalCase], Reading]


@dataclass(frozen=True, slots=True)
class Question:
    """All that decides an answer: the messages, and what else an author sets."""

    messages: tuple[Message, ...]
    parameters: str
    """The schema of the answer; for the small profile its settings as well."""


@dataclass(frozen=True, slots=True)
class Change:
    """One case under two prompts."""

    case: EvalCase
    before: Question
    after: Question

    @property
    def is_affected(self) -> bool:
        """The model is asked something else."""
        return self.before != self.after

    @property
    def tokens_added(self) -> int:
        """About how many more tokens are asked."""
        return (_chars(self.after) - _chars(self.before)) // CHARS_PER_TOKEN


def find_changes(
    cases: Sequence[EvalCase],
    reading_of: ReadingOf,
    *,
    before: tuple[Writer, str],
    after: tuple[Writer, str],
    profile: Profile,
    known: dict[str, Question],
) -> list[Change]:
    """Every case that asks a model, under both prompts.

    Args:
        cases: All of them.
        reading_of: Reads a case.
        before: What production renders with, and the prompt that the cases were run with.
        after: The same, as it lies there now, and the prompt that is worked on.
        profile: Kind of model.
        known: What is known of `before` by case; filled in.
    """
    changes = []
    for case in cases:
        reading = reading_of(case)
        plan = reading.plan
        if plan is not None and (profile == "large" or plan.language in after[0].small.languages):
            if case.id not in known:
                known[case.id] = render_case(before[0], case.request, reading, before[1], profile)
            changes.append(Change(case, known[case.id], render_case(after[0], case.request, reading, after[1], profile)))
    return changes


def read_case(writer: Writer, request: DraftRequest, triage: Triage) -> Reading:
    """A case with its plan."""
    language = choose_language(request, triage)
    is_written = triage.route is Route.DRAFT and language in writer.templates.books
    return Reading(triage, writer.templates.plan(request, triage, language) if is_written else None)


def render_case(writer: Writer, request: DraftRequest, reading: Reading, prompt: str, profile: Profile) -> Question:
    """What a model would be asked, with the fence's number masked."""
    options = request.options.model_copy(update={"prompt": prompt})
    asked = request.model_copy(update={"options": options})
    rendered = writer.preview(asked, reading.triage, profile=profile, plan=reading.plan)
    schema = json.dumps(writer.library.prompts[prompt].front.output_schema.get(profile), sort_keys=True)
    settings = writer.small.model_dump_json() if profile == "small" else ""
    return Question(tuple(Message(m.role, FENCE.sub(MASK, m.content)) for m in rendered.messages), schema + settings)


def count_branches(
    writer: Writer, cases: Sequence[EvalCase], reading_of: ReadingOf, prompt_id: str, profile: Profile, *, known: CaseInputs
) -> tuple[int, tuple[Branch, ...]]:
    """How many branches the profile has, and which of them no case takes.

    Args:
        known: Inputs by case; filled in.
    """
    counter = BranchCounter.of(writer.library.root, writer.library.prompts[prompt_id])
    for case in cases:
        reading = reading_of(case)
        if reading.plan is not None:
            if case.id not in known:
                known[case.id] = _inputs(case.request, reading.triage, reading.plan)
            counter.count(profile, known[case.id])
    return len(counter.of_profile(profile)), counter.missed(profile)


def branches_of(writer: Writer, prompt_id: str) -> tuple[Branch, ...]:
    """Every branch of a prompt."""
    return BranchCounter.of(writer.library.root, writer.library.prompts[prompt_id]).branches


def _inputs(request: DraftRequest, triage: Triage, plan: Plan) -> Mapping[str, Any]:
    review = clean_review(request, triage, max_chars=MAX_REVIEW_CHARS_LARGE)
    return prompt_inputs(request, plan, number_evidence(request, triage, plan), review=review, opening="We")


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces of text with ` `, `-` or `+`: what stayed, went and came."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    # Most of a prompt stays as it was: only what lies between the first and the last change is compared.
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    pieces = [(" ", "".join(old[:head]))] if head else []
    pieces += _word_diff(old[head : len(old) - tail], new[head : len(new) - tail])
    return [*pieces, (" ", "".join(old[len(old) - tail :]))] if tail else pieces


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _word_diff(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((" ", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(("-", "".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(("+", "".join(new[j1:j2])))
    return pieces


def changed_line(before: str, after: str) -> int:
    """First line of the new text that differs from the old one; 1 when none does."""
    old, new = before.splitlines(), after.splitlines()
    for number, line in enumerate(new, start=1):
        # The head names another version by nature.
        if line.startswith(("version:", "parent:", "changes:")):
            continue
        if line not in old:
            return number
    return 1


def _chars(question: Question) -> int:
    return sum(len(message.content) for message in question.messages)
