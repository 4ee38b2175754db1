"""`Mask`: a request's data and the placeholders that leave in their stead, the same for each piece however often it is asked about.

    Anna Schmidt, 14 Elm Row ──▶ [NAME_1], [ADDRESS_1]

Placeholders go into the messages, just before they leave, wherever the data stand in them: in the review, in an earlier draft, in a
finding's quote. So all that is done on this machine is done with the request as it was, and every offset lies in the original.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from drafter.domain import DraftRequest
from drafter.llm.chat import ChatCall, Message
from drafter.privacy.entities import Entity, Kind, find_entities
from drafter.privacy.names import is_given

NOTE = "Words in square brackets such as [NAME_1] or [ADDRESS_1] stand for data that was taken out. Never write them."
"""What a model is told when something was masked."""

_PLACEHOLDER = re.compile(rf"\[?\b((?:{'|'.join(kind.upper() for kind in Kind)})_\d+)\b\]?")
MIN_PART_CHARS = 3
"""A part of a name this long is masked where it stands alone."""


class Mask:
    """Pieces of data and what stands for each."""

    def __init__(self, entities: Iterable[Entity], *, own: str) -> None:
        self._names: dict[str, str] = {}
        """Placeholder by piece, in small letters."""
        self._patterns: dict[str, None] = {}
        self._buyer: dict[str, str] = {}
        """First name by placeholder, where it is the buyer's own."""
        self.counts: Counter[Kind] = Counter()
        for entity in entities:
            self._add(entity, own)
        longest_first = sorted(self._patterns, key=len, reverse=True)
        self._pattern = re.compile("|".join(longest_first)) if longest_first else None

    def _add(self, entity: Entity, own: str) -> None:
        key = _key(entity.text)
        if key not in self._names:
            self.counts[entity.kind] += 1
            self._names[key] = f"{entity.kind.upper()}_{self.counts[entity.kind]}"
        placeholder = self._names[key]
        self._patterns[f"(?i:{_bounded(entity.text)})"] = None
        if entity.kind is not Kind.NAME:
            return
        parts = entity.text.replace(".", " ").split()
        for part in parts:
            if len(part) >= MIN_PART_CHARS and part[0].isupper() and part.casefold() not in own:
                self._names.setdefault(_key(part), placeholder)
                # A family name may be a word as well: in small letters it is one.
                self._patterns[f"(?i:{_bounded(part)})" if is_given(part) else _bounded(part)] = None
        if entity.is_own:
            self._buyer.setdefault(placeholder, parts[0])

    def hide(self, text: str) -> str:
        """Text with a placeholder for each piece."""
        return self._pattern.sub(lambda match: f"[{self._names[_key(match.group())]}]", text) if self._pattern else text

    def hide_call(self, call: ChatCall) -> ChatCall:
        """The same question without the data; a model that meets placeholders is told what they are."""
        messages = [m if m.role == "system" else Message(m.role, self.hide(m.content)) for m in call.messages]
        if messages == list(call.messages):
            return call
        asked = max(i for i, message in enumerate(messages) if message.role == "user")
        messages[asked] = Message("user", f"{messages[asked].content}\n\n{NOTE}")
        return replace(call, messages=tuple(messages), grammar=self.hide(call.grammar) if call.grammar else None)

    def show(self, text: str, *, may_name_buyer: bool) -> str | None:
        """A model's text with the buyer's first name where it may stand; None when it shows a placeholder that may not be filled."""
        filled = _PLACEHOLDER.sub(lambda m: self._fill(m.group(1), m.group()) if may_name_buyer else m.group(), text)
        return None if _PLACEHOLDER.search(filled) else filled

    def _fill(self, placeholder: str, written: str) -> str:
        name = self._buyer.get(placeholder)
        # Inside JSON as well as in plain text.
        return written if name is None else json.dumps(name, ensure_ascii=False)[1:-1]


def mask_request(request: DraftRequest) -> Mask:
    """The mask of all that a writer may tell a model of a request."""
    seller, product = request.seller, request.product.title
    own = (product, seller.brand, seller.signature)
    entities = find_entities(request.review.text, own=own, has_names=True)
    entities += [one for text in request.order.previous_messages for one in _greeted(find_entities(text, own=own, has_names=True))]
    for text in (*seller.facts, *seller.allowed_remedies, product, seller.brand):
        entities += find_entities(text, own=own, has_names=False)
    for known in (request.order.order_id, request.order.buyer_key):
        entities += [Entity(Kind.ORDER_ID, known)] if known else []
    return Mask(entities, own=" ".join(own).casefold())


def _greeted(entities: list[Entity]) -> list[Entity]:
    """Our own earlier message greets the buyer: the first name in it is his."""
    first = next((one for one in entities if one.kind is Kind.NAME), None)
    return [one._replace(is_own=True) if one is first else one for one in entities]


def _key(piece: str) -> str:
    return " ".join(piece.split()).casefold()


def _bounded(piece: str) -> str:
    """A pattern for a piece that does not begin or end inside a word; Chinese and Japanese have no words to end in."""
    words = r"\s+".join(map(re.escape, piece.split()))
    return f"{_edge(piece[0], '(?<!{})')}{words}{_edge(piece[-1], '(?!{})')}"


def _edge(char: str, form: str) -> str:
    return form.format(r"\w") if char.isalnum() and char < "\u3000" else ""
