"""Bad advice inside a prompt: its instructions and worked examples, judged by the very rules that judge drafts.

Guides for sellers tell them to ask for a changed review or to offer money for one; a prompt written from such a guide makes a model try it
every time. What a prompt forbids is no advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain import Category, CheckRequest, Finding, Severity
from drafter.guardrails.engine import Guardrail
from drafter.prompts.library import Library, Prompt
from drafter.prompts.lint import UNSAID, LintFinding, lint_prompt

CHANNEL = "review_followup"
ADVICE = frozenset(
    {
        Category.REVIEW_CHANGE_REQUEST,
        Category.FEEDBACK_CHANGE_PRESSURE,
        Category.INCENTIVE_FOR_REVIEW,
        Category.POSITIVE_REVIEW_SOLICITATION,
        Category.OFF_PLATFORM_CONTACT,
        Category.EXTERNAL_LINK,
        Category.COMPENSATION_IN_PUBLIC,
        Category.AGGRESSIVE_OR_BLAMING,
    }
)
"""What no instruction may ask for. Promises and claims depend on a request's facts, which a prompt has not."""

Judged = dict[tuple[str, str, bool], Finding | None]
"""What was found in a sentence of a language, as a reply or not; between two saves most sentences stay as they are."""

_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+[.!?]*")
"""A dot inside an address ends no sentence."""
_MARKUP = re.compile(r"\{[{%#].*?[}%#]\}")
_FORBIDS = re.compile(r"\b(?:never|not|no|nor|nothing|avoid|without|don't|refuse)\b", re.IGNORECASE)


def find_faults(guardrail: Guardrail, library: Library, prompt: Prompt, *, known: Judged) -> list[LintFinding]:
    """All that an author must mend before a version may be released: what lint finds, bad advice, and a change that nobody has named.

    Args:
        known: As for `find_advice`.
    """
    return [*lint_prompt(library, prompt), *_in_head(prompt), *find_advice(guardrail, library, prompt, known=known)]


def _in_head(prompt: Prompt) -> Iterator[LintFinding]:
    if UNSAID in prompt.front.changes:
        line = next((n for n, text in enumerate(prompt.text.splitlines(), start=1) if text.startswith("changes:")), 1)
        yield LintFinding(
            path=str(prompt.path), line=line, message="changes still says what `drafter prompts new` wrote; say what is different"
        )


def find_advice(guardrail: Guardrail, library: Library, prompt: Prompt, *, known: Judged) -> Iterator[LintFinding]:
    """Each sentence of a prompt, its parts and its examples that asks for what the rules forbid, with line and column.

    Args:
        known: What is known of sentences from other prompts and earlier looks; filled in.
    """
    yield from _in_text(guardrail, known, str(prompt.path), prompt.body, prompt.body_line - 1)
    for ref in prompt.refs[1:]:
        path = library.root / ref.path
        yield from _in_text(guardrail, known, str(path), path.read_text(encoding="utf-8"), 0)
    for language, shots in prompt.front.shots.items():
        for shot in shots:
            words = str(shot.get("sentence", ""))
            finding = _judge(guardrail, known, words, language, is_reply=True)
            if finding is not None:
                yield _found(str(prompt.path), prompt.text, max(0, prompt.text.find(words) + finding.start), 0, finding)


def _in_text(guardrail: Guardrail, known: Judged, path: str, text: str, lines_before: int) -> Iterator[LintFinding]:
    # Of the same length, so that places stay what they are.
    plain = _MARKUP.sub(lambda m: " " * len(m.group()), text)
    for match in _SENTENCE.finditer(plain):
        finding = _judge(guardrail, known, match.group(), "en", is_reply=False)
        if finding is not None:
            yield _found(path, text, match.start() + finding.start, lines_before, finding)


def _judge(guardrail: Guardrail, known: Judged, sentence: str, language: str, *, is_reply: bool) -> Finding | None:
    """The first finding that is advice; an instruction that forbids the thing is none.

    What was learned from replies says nothing of instructions: those are held to the rules that have words.
    """
    if not sentence.strip():
        return None
    key = (sentence, language, is_reply)
    if key not in known:
        report = guardrail.check(CheckRequest(channel=CHANNEL, text=sentence, language=language))
        deaf = {rule.id for rule in guardrail.rules if rule.kind == "learned" and not is_reply}
        bad = (f for f in report.findings if f.severity is Severity.BLOCK and f.category in ADVICE and f.rule_id not in deaf)
        known[key] = next((f for f in bad if not _FORBIDS.search(sentence[: f.start])), None)
    return known[key]


def _found(path: str, text: str, at: int, lines_before: int, finding: Finding) -> LintFinding:
    line, column = text.count("\n", 0, at) + 1 + lines_before, at - text.rfind("\n", 0, at)
    return LintFinding(path=path, line=line, column=column, message=f"advises what {finding.rule_id} forbids: “{finding.quote}”")
