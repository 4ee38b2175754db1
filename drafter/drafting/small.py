"""The small profile: a model writes the one sentence that names this buyer's problem; vetted parts say the rest.

The sentence begins with words of ours, a grammar keeps it one sentence, several are asked for, and of those that are true to the review
by `truth.find_untruth` the one is used that `candidates.choose_sentence` finds best. If none is true twice, a template answers.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field, ValidationError

from drafter.content import read_yaml
from drafter.domain import DraftRequest, Issue, Link, Triage, Usage, Value
from drafter.drafting.candidates import choose_sentence, gather_candidates
from drafter.drafting.parts import link_review
from drafter.drafting.points import Point
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.drafting.truth import Source
from drafter.errors import ContentError, ModelMalformed
from drafter.llm.chat import ChatAnswer, ChatCall, ChatModel
from drafter.prompts.render import Rendered
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import content_words, stem_words, words_of

MAX_QUESTIONS = 2
SPARE = 1.5
"""Time that must be left for another question, in times of the last one: it may be slower."""
SEED_STEP = 7919
HEAT = 0.2
"""Added to the temperature of another question: the same again would say the same again."""


class SmallLanguage(Value):
    """How the sentence is written in one language."""

    lead: str = Field(min_length=1)
    """First words, which are ours: what follows is the model's, a clause that the phrasebook's frames take as well."""
    letters: str
    """Inside of a character class: what the rest of the sentence may be made of."""


class SmallConfig(Value):
    """`prompts/small.yaml`."""

    candidates: int = Field(ge=1, le=4)
    max_tokens: int = Field(ge=8, le=200)
    temperature: float = Field(ge=0, le=2)
    review_chars: int = Field(ge=100, le=4000)
    languages: Mapping[str, SmallLanguage]


def load_small(content_root: Path) -> SmallConfig:
    """Settings of the small profile.

    Raises:
        ContentError: a key or value is wrong.
    """
    path = content_root / "prompts" / "small.yaml"
    try:
        return SmallConfig.model_validate(read_yaml(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc


def make_call(config: SmallConfig, language: str, rendered: Rendered, attempt: int) -> ChatCall:
    """Question that can only be answered with one sentence; each attempt is answered otherwise."""
    words = config.languages[language]
    return ChatCall(
        messages=rendered.messages,
        max_tokens=config.max_tokens,
        temperature=config.temperature,
        seed=_number(words.lead) % 2**31 + attempt,
        candidates=config.candidates,
        grammar=f'root ::= "{words.lead} " [{words.letters}]+ "."',
    )


async def ask_for_sentence(
    model: ChatModel, ask: ChatCall, *, lead: str, source: Source, lexicon: Lexicon, not_again: str, timeout_s: float
) -> tuple[ChatAnswer, str]:
    """The best sentence that is true to the review, and the answer that it is from; a second question when the first brings none.

    Args:
        not_again: Text that a repair must not repeat.

    Raises:
        ModelMalformed: none is; the message says why, without the buyer's words.
        ModelError: the model could not answer.
    """
    started, reasons, usages = time.monotonic(), dict[str, None](), list[Usage]()
    while True:
        asked = time.monotonic()
        answer = await model.complete(ask, timeout_s=timeout_s - (asked - started))
        usages.append(answer.usage)
        found = gather_candidates(answer.texts, lead=lead, source=source, lexicon=lexicon, not_again=not_again)
        if found.true:
            sentence = choose_sentence(found.true, answer.texts, lead=lead, source=source, lexicon=lexicon)
            return replace(answer, usage=_sum(usages)), sentence
        reasons |= dict.fromkeys(found.reasons)
        now = time.monotonic()
        if len(usages) == MAX_QUESTIONS or timeout_s - (now - started) < SPARE * (now - asked):
            raise ModelMalformed("no sentence is true to the review: " + "; ".join(reasons), model=model.name)
        ask = replace(ask, seed=(ask.seed or 0) + SEED_STEP, temperature=min(ask.temperature + HEAT, 1.0))


def _sum(usages: Sequence[Usage]) -> Usage:
    """What all questions cost together; None for what one of them does not know."""
    counts = {name: [getattr(usage, name) for usage in usages] for name in Usage.model_fields}
    return Usage(**{name: None if None in values else sum(values) for name, values in counts.items()})


def link_sentence(request: DraftRequest, sentence: str, lead: str, lexicon: Lexicon) -> tuple[Link, ...]:
    """The clauses of the review that the sentence's words come from, fewest first, in the order of the review."""
    said = {w.stem for w in content_words(words_of(sentence.removeprefix(lead), lexicon.language), lexicon.stop)}
    text = request.review.text
    clauses = [clause for piece in split_sentences(text) for clause in split_clauses(text, piece)]
    stems = {c: said & stem_words(c.text, lexicon.language) for c in clauses}
    chosen: list[Piece] = []
    missing = set().union(*stems.values()) if stems else set()
    while missing:
        best = max(clauses, key=lambda c: len(stems[c] & missing))
        chosen.append(best)
        missing -= stems[best]
    return tuple(link_review(request, c.start, c.end) for c in sorted(chosen, key=lambda c: c.start))


def source_of(request: DraftRequest, triage: Triage, review: str, points: Sequence[Point], thing: str) -> Source:
    """What the sentence may rest on.

    Args:
        review: Cleaned.
        thing: Noun for what was bought.
    """
    complaints = tuple(span.quote for span in triage.issue_spans if span.issue is not Issue.OTHER)
    told = tuple(point.text for point in points)
    return Source(
        review=review,
        product=f"{request.product.title} {thing}",
        heading=request.review.title,
        issues=triage.issues,
        praise=triage.praise_spans,
        complaints=complaints,
        points=told,
    )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
