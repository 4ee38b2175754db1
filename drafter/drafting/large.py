"""The large profile: a model writes the parts of a reply as fields with citations; code checks and joins them.

Greeting and signature are never the model's. A field that is missing, cites what is not there, or offers without a citation makes the
whole answer malformed: nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drafter.domain import DraftRequest
from drafter.drafting.compose import finish, frame
from drafter.drafting.inputs import Evidence
from drafter.drafting.leak import find_leak
from drafter.drafting.phrasebook import Voice
from drafter.drafting.plan import Plan
from drafter.errors import ModelMalformed
from drafter.llm.chat import ChatCall
from drafter.prompts.library import Prompt
from drafter.prompts.render import Rendered

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


def join_parts(parts: Parts, plan: Plan, voice: Voice, request: DraftRequest, rendered: Rendered, *, model: str) -> str:
    """The parts as a reply, between the seller's greeting and signature; a public reply has neither, nor question or closing.

    Raises:
        ModelMalformed: the text shows the fence, the prompt or scaffolding.
    """
    opening = [parts.apology, parts.acknowledgement]
    ending = [parts.solution] if plan.is_public else [parts.solution, parts.question, parts.closing]
    paragraphs = [
        [finish(" ".join(part.text.split()), voice.book.full_stop) for part in group if part.text.strip()] for group in (opening, ending)
    ]
    body = "\n".join(sentence for group in paragraphs for sentence in group)
    given = "\n".join([request.review.text, request.product.title, *request.seller.facts, *request.seller.allowed_remedies])
    leak = find_leak(body, rendered, given=given)
    if leak:
        raise ModelMalformed(f"the text {leak}", model=model)
    if plan.is_public:
        return voice.book.space.join(sentence for group in paragraphs for sentence in group)
    return frame(voice, request, paragraphs)
