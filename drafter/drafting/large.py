"""The large profile: a model writes the parts of a reply as fields with citations; code checks and joins them.

Greeting and signature are never the model's. A field that is missing, cites what is not there, or offers without a citation makes the
whole answer malformed: nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drafter.domain import Link, LinkTo, SentenceKind
from drafter.drafting.case import Case
from drafter.drafting.compose import finish, frame
from drafter.drafting.inputs import Evidence
from drafter.drafting.leak import find_leak
from drafter.drafting.parts import Layout, lay_out
from drafter.drafting.parts import Part as Sentence
from drafter.drafting.sentences import split_sentences
from drafter.drafting.small import link_sentence
from drafter.errors import ModelMalformed
from drafter.llm.chat import ChatCall
from drafter.prompts.library import Prompt
from drafter.prompts.render import Rendered
from drafter.scoring.lexicon import Lexicon

MAX_TOKENS = 900
TEMPERATURE = 0.4

_CODE_FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class Part(BaseModel):
    """One field of the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=400)
    uses: tuple[str, ...] = Field(max_length=8)


class Parts(BaseModel):
    """The whole answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    apology: Part
    acknowledgement: Part
    solution: Part
    question: Part
    closing: Part


def make_call(prompt: Prompt, rendered: Rendered) -> ChatCall:
    """Question for all parts of a reply."""
    schema: dict[str, Any] | None = prompt.front.output_schema.get("large")
    return ChatCall(messages=rendered.messages, max_tokens=MAX_TOKENS, temperature=TEMPERATURE, schema=schema)


def read_parts(text: str, evidence: Evidence, *, model: str) -> Parts:
    """The answer's fields.

    Raises:
        ModelMalformed: not that JSON object, or a citation of something that is not there.
    """
    m = _CODE_FENCE.match(text)
    try:
        value = json.loads(m.group(1) if m else text)
        parts = Parts.model_validate(value)
    except json.JSONDecodeError as exc:
        raise ModelMalformed(f"the answer is not JSON: {exc.msg}", model=model) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ModelMalformed(f"field {'.'.join(map(str, first['loc'])) or 'answer'}: {first['msg']}", model=model) from exc
    fields: Mapping[str, Part] = {name: getattr(parts, name) for name in Parts.model_fields}
    for name, part in fields.items():
        unknown = [use for use in part.uses if use not in evidence.ids]
        if unknown:
            raise ModelMalformed(f"field {name} cites {unknown[0]!r}, which does not exist", model=model)
    if not parts.apology.text.strip():
        raise ModelMalformed("field apology is empty", model=model)
    if parts.solution.text.strip() and not any(use[0] in "FR" for use in parts.solution.uses):
        raise ModelMalformed("field solution cites no fact and no remedy", model=model)
    return parts


def join_parts(parts: Parts, evidence: Evidence, case: Case, rendered: Rendered, *, lexicon: Lexicon, model: str) -> Layout:
    """The parts as a reply, between the seller's greeting and signature; a public reply has neither, nor question or closing.

    Raises:
        ModelMalformed: the text shows the fence, the prompt or scaffolding.
    """
    names = [["apology", "acknowledgement"], ["solution"] if case.plan.is_public else ["solution", "question", "closing"]]
    paragraphs = [
        [part for name in group for part in _read_sentences(name, getattr(parts, name), evidence, case, lexicon)] for group in names
    ]
    request = case.request
    given = "\n".join([request.review.text, request.product.title, *request.seller.facts, *request.seller.allowed_remedies])
    leak = find_leak("\n".join(part.text for group in paragraphs for part in group), rendered, given=given)
    if leak:
        raise ModelMalformed(f"the text {leak}", model=model)
    if case.plan.is_public:
        return lay_out([[part for group in paragraphs for part in group]], case.voice.book.space)
    return frame(case, paragraphs)


def _read_sentences(name: str, part: Part, evidence: Evidence, case: Case, lexicon: Lexicon) -> list[Sentence]:
    """The sentences of one field, each with the kind that field and citations give it, and with what it cites.

    A restatement that cites no point is linked to the buyer's clauses that its words come from: a forgotten number is no invention.
    """
    text = " ".join(part.text.split())
    if not text:
        return []
    links = evidence.links_of(part.uses)
    words = [finish(piece.text, case.voice.book.full_stop) for piece in split_sentences(text)]
    sentences = [Sentence(sentence, _kind(name, sentence, links), links) for sentence in words]
    return [_link_by_words(sentence, case, lexicon) for sentence in sentences]


def _link_by_words(sentence: Sentence, case: Case, lexicon: Lexicon) -> Sentence:
    """The sentence with links to the review where it restates it without one."""
    if sentence.kind is not SentenceKind.RESTATEMENT or any(link.to is LinkTo.REVIEW for link in sentence.links):
        return sentence
    return replace(sentence, links=(*sentence.links, *link_sentence(case.request, sentence.text, "", lexicon)))


def _kind(name: str, sentence: str, links: Sequence[Link]) -> SentenceKind:
    """What a sentence does: by its field, and by the mark it ends with."""
    if name == "question" or sentence.endswith(("?", "\uff1f")):
        return SentenceKind.QUESTION
    if name == "closing":
        return SentenceKind.NOTICE
    if name == "solution":
        return SentenceKind.ACTION if any(link.to is LinkTo.REMEDY for link in links) else SentenceKind.CLAIM
    if any(link.to is LinkTo.FACT for link in links):
        return SentenceKind.CLAIM
    return SentenceKind.RESTATEMENT if name == "apology" or links else SentenceKind.EMPATHY
