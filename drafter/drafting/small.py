"""The small profile: a model writes the one sentence that names this buyer's problem; vetted parts say the rest.

The sentence has a given beginning, a grammar keeps it one sentence, several are asked for, and the best of those that are true to
the review by `truth.find_untruth` is used. If none is, that is an answer we cannot use, and a template answers.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from drafter.content import read_yaml
from drafter.domain import DraftRequest, Issue, Link, Triage, Value
from drafter.drafting.parts import link_review
from drafter.drafting.points import TOLD, Point, rank_points
from drafter.drafting.restate import restate
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.drafting.shorten import shorten
from drafter.drafting.truth import Source, find_untruth, rank
from drafter.errors import ContentError, ModelMalformed
from drafter.llm.chat import ChatAnswer, ChatCall
from drafter.prompts.render import Rendered
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import content_words, stem_words, words_of


class SmallLanguage(Value):
    """How the sentence is written in one language."""

    lead: str = Field(min_length=1)
    """First words, which are ours: what follows is the model's."""
    openings: tuple[str, ...] = Field(min_length=1)
    """Word after the lead; one is chosen by the request."""
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


def choose_opening(config: SmallConfig, language: str, request: DraftRequest, attempt: int, points: Sequence[Point]) -> str:
    """First words of the sentence: those by which code would say the main complaint, so that the model goes on about it.

    A repair, and a complaint that code cannot turn, begin with other words.
    """
    words = config.languages[language]
    clause = (
        next((clause for point in rank_points(points) if point.weight > TOLD and (clause := restate(point.text))), None)
        if language == "en"
        else None
    )
    if clause and attempt == 1:
        first, second = clause.split(" ")[:2]
        start = first if first in {"you", "we"} else f"{first} {second}"
        if first != "it" and all(letter in string.ascii_letters + " '" for letter in start):
            return f"{words.lead} {start}"
    return f"{words.lead} {words.openings[(_number(request.review.text) + attempt - 1) % len(words.openings)]}"


def make_call(config: SmallConfig, language: str, rendered: Rendered, opening: str, attempt: int) -> ChatCall:
    """Question that can only be answered with one sentence."""
    return ChatCall(
        messages=rendered.messages,
        max_tokens=config.max_tokens,
        temperature=config.temperature,
        seed=_number(rendered.messages[0].content + opening) % 2**31 + attempt,
        candidates=config.candidates,
        grammar=f'root ::= "{opening} " [{config.languages[language].letters}]+ "."',
    )


def pick_sentence(
    answer: ChatAnswer, *, lead: str, source: Source, lexicon: Lexicon, wanted: Piece | None, not_again: str, model: str
) -> str:
    """The best candidate that is true to the review.

    Args:
        wanted: The main complaint; sentences about it rank higher.
        not_again: Text that a repair must not repeat.

    Raises:
        ModelMalformed: none is; the message says why, without the buyer's words.
    """
    reasons: list[str] = []
    true: list[str] = []
    for text in answer.texts:
        for sentence in shorten(" ".join(text.split()), lead, lexicon):
            untruth = "is the same as before" if sentence in not_again else find_untruth(sentence, lead, source, lexicon)
            if untruth is None:
                true.append(sentence)
            else:
                reasons.append(re.sub(r"'[^']*'", "a word", untruth))
    if not true:
        raise ModelMalformed("no sentence is true to the review: " + "; ".join(dict.fromkeys(reasons)), model=model)
    return max(true, key=lambda s: rank(s, lead, source, lexicon, wanted))


def points_left(points: Sequence[Point], sentence: str, lexicon: Lexicon) -> list[Point]:
    """Complaint points that the sentence does not take up: those of whose words it says less than half."""
    said = stem_words(sentence, lexicon.language)
    stems = {p: {w.stem for w in content_words(words_of(p.text, lexicon.language), lexicon.stop)} for p in points}
    return [point for point in points if len(stems[point] & said) * 2 < len(stems[point])]


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


def source_of(request: DraftRequest, triage: Triage, review: str, points: Sequence[Point]) -> Source:
    """What the sentence may rest on."""
    complaints = tuple(span.quote for span in triage.issue_spans if span.issue is not Issue.OTHER)
    told = tuple(point.text for point in points)
    return Source(review, request.product.title, issues=triage.issues, praise=triage.praise_spans, complaints=complaints, points=told)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
