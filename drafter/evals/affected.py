"""Which cases a changed prompt touches: those whose rendered messages differ. No other case can answer differently, so no other is run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from drafter.domain import DraftRequest, Route, Triage
from drafter.drafting.inputs import MAX_REVIEW_CHARS_LARGE, clean_review, number_evidence, prompt_inputs
from drafter.drafting.plan import choose_language
from drafter.drafting.writer import Writer
from drafter.evals.sets import EvalCase
from drafter.evals.tape import FENCE, MASK
from drafter.llm.chat import Message
from drafter.prompts.branches import Branch, BranchCounter
from drafter.prompts.library import Library
from drafter.prompts.render import Profile

CHARS_PER_TOKEN = 4

TriageOf = Callable[[EvalCase], Triage]


@dataclass(frozen=True, slots=True)
class Change:
    """One case under two prompts."""

    case: EvalCase
    before: tuple[Message, ...]
    after: tuple[Message, ...]

    @property
    def is_affected(self) -> bool:
        """The model is asked something else."""
        return self.before != self.after

    @property
    def tokens_added(self) -> int:
        """About how many more tokens are asked."""
        return (_chars(self.after) - _chars(self.before)) // CHARS_PER_TOKEN


def find_changes(
    writer: Writer,
    cases: Sequence[EvalCase],
    triage_of: TriageOf,
    *,
    before: tuple[Library, str],
    after: tuple[Library, str],
    profile: Profile,
    known: dict[str, tuple[Message, ...]],
) -> list[Change]:
    """Every case that asks a model, under both prompts.

    Args:
        writer: Renders as production does.
        cases: All of them.
        triage_of: Finds a case's triage.
        before: Prompts, and the one that the cases were run with.
        after: Prompts, and the one that is worked on.
        profile: Kind of model.
        known: What is known of `before` by case; filled in.
    """
    old, new = replace(writer, library=before[0]), replace(writer, library=after[0])
    changes = []
    for case in cases:
        triage = triage_of(case)
        if triage.route is Route.DRAFT:
            if case.id not in known:
                known[case.id] = render_case(old, case.request, triage, before[1], profile)
            changes.append(Change(case, known[case.id], render_case(new, case.request, triage, after[1], profile)))
    return changes


def render_case(writer: Writer, request: DraftRequest, triage: Triage, prompt: str, profile: Profile) -> tuple[Message, ...]:
    """What a model would be asked, with the fence's number masked."""
    options = request.options.model_copy(update={"prompt": prompt})
    rendered = writer.preview(request.model_copy(update={"options": options}), triage, profile=profile)
    return tuple(Message(m.role, FENCE.sub(MASK, m.content)) for m in rendered.messages)


def count_branches(
    writer: Writer, cases: Sequence[EvalCase], triage_of: TriageOf, library: Library, prompt_id: str, profile: Profile
) -> tuple[int, tuple[Branch, ...]]:
    """How many branches the profile has, and which of them no case takes."""
    prompt = library.prompts[prompt_id]
    counter = BranchCounter.of(library.root, prompt)
    for case in cases:
        triage = triage_of(case)
        if triage.route is Route.DRAFT:
            plan = writer.templates.plan(case.request, triage, choose_language(case.request, triage))
            review = clean_review(case.request, triage, max_chars=MAX_REVIEW_CHARS_LARGE)
            evidence = number_evidence(case.request, triage, plan)
            counter.count(profile, prompt_inputs(case.request, plan, evidence, review=review, opening="We"))
    return len(counter.of_profile(profile)), counter.missed(profile)


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces of text with ` `, `-` or `+`: what stayed, went and came."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
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


def _chars(messages: Sequence[Message]) -> int:
    return sum(len(message.content) for message in messages)
