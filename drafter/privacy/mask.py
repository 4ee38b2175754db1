"""`Mask`: a request's data and the placeholders that leave in their stead, the same for each piece however often it is asked about.

    Anna Schmidt, 14 Elm Row ──▶ [NAME_1], [ADDRESS_1]

Placeholders go into the messages, just before they leave, wherever the data stand in them: in the review, in an earlier draft, in a
finding's quote. So all that is done on this machine is done with the request as it was, and every offset lies in the original.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from drafter.domain import DraftRequest
from drafter.drafting.sanitise import sanitise
from drafter.llm.chat import ChatCall, Message
from drafter.privacy.entities import Entity, Kind, find_entities
from drafter.privacy.harmless import Harmless
from drafter.privacy.names import is_given, is_title
from drafter.privacy.word_edges import Piece, compile_pieces, says

NOTE = "Words in square brackets such as [NAME_1] or [ADDRESS_1] stand for data that was taken out. Never write them."
"""What a model is told when something was masked."""

_PLACEHOLDER = re.compile(rf"\[?\b((?:{'|'.join(kind.upper() for kind in Kind)})_\d+)\b\]?")
MIN_PART_CHARS = 3
"""A part of a piece this long is masked where it stands alone."""
MIN_FULL_NAME = 2
"""Words of a name that has a first one."""
_CODE_SIGNS = "0123456789 ().-\u3012"
_TELLING = re.compile(r"[\d@\uff20]").search
_harmless = Harmless()


class Mask:
    """Pieces of data and what stands for each."""

    def __init__(self, entities: Iterable[Entity], *, own: str) -> None:
        self._own = own
        self._names: dict[str, str] = {}
        """Placeholder by piece, in small letters."""
        self._placeholders: dict[Piece, str] = {}
        """Placeholder by what is looked for."""
        self._pattern: re.Pattern[str] | None = None
        self._in_order: list[str] = []
        """Placeholder by group of the pattern."""
        self._buyer: dict[str, str] = {}
        """First name by placeholder, where it is the buyer's own."""
        self.counts: Counter[Kind] = Counter()
        self._learn(entities)

    def _learn(self, entities: Iterable[Entity]) -> None:
        known = len(self._placeholders)
        for entity in entities:
            self._add(entity)
        if len(self._placeholders) > known:
            self._pattern, pieces = compile_pieces(self._placeholders)
            self._in_order = [self._placeholders[piece] for piece in pieces]

    def _add(self, entity: Entity) -> None:
        key = " ".join(entity.text.split()).casefold()
        if key not in self._names:
            self.counts[entity.kind] += 1
            self._names[key] = f"{entity.kind.upper()}_{self.counts[entity.kind]}"
        placeholder = self._names[key]
        self._placeholders.setdefault(Piece(entity.text, in_any_letters=True), placeholder)
        if entity.kind is Kind.NAME:
            self._add_parts(entity, placeholder)
        else:
            for rest in _rests(entity):
                self._placeholders.setdefault(Piece(rest, in_any_letters=False), placeholder)

    def _add_parts(self, entity: Entity, placeholder: str) -> None:
        """Each word of a name that is no title stands for it."""
        words = entity.text.split()
        # Don is a title and a name.
        named = [word for word in words if not is_title(word)] or words
        parts = [part for word in named for part in word.replace(".", " ").split()]
        for part in parts:
            capital = part if part[0].isupper() else part.capitalize()
            if len(part) >= MIN_PART_CHARS and capital[0].isupper() and not says(self._own, part):
                self._names.setdefault(part.casefold(), placeholder)
                # A family name may be a word as well: in small letters it is one.
                self._placeholders.setdefault(Piece(capital, in_any_letters=is_given(capital)), placeholder)
        if entity.is_own and parts:
            # "Dear Ms Whitlock" does not say what her first name is.
            first = " ".join(words) if len(parts) < min(len(words), MIN_FULL_NAME) else parts[0]
            self._buyer.setdefault(placeholder, first.capitalize() if first.islower() else first)

    def hide(self, text: str) -> str:
        """Text with a placeholder for each piece."""
        return self._pattern.sub(lambda match: f"[{self._in_order[(match.lastindex or 1) - 1]}]", text) if self._pattern else text

    def hide_call(self, call: ChatCall) -> ChatCall:
        """The same question without the data; a model that meets placeholders is told what they are."""
        for message in call.messages:
            if message.role != "system":
                self._learn_from(message.content)
        messages = [m if m.role == "system" else Message(m.role, self.hide(m.content)) for m in call.messages]
        if messages == list(call.messages):
            return call
        asked = max(i for i, message in enumerate(messages) if message.role == "user")
        messages[asked] = Message("user", f"{messages[asked].content}\n\n{NOTE}")
        return replace(call, messages=tuple(messages), grammar=self.hide(call.grammar) if call.grammar else None)

    def _learn_from(self, said: str) -> None:
        """Adds what still reaches a person in words that were cut, joined or written since the request was read."""
        lines = [line for line in self.hide(said).splitlines() if _TELLING(line)]
        self._learn(entity for line in lines for entity in _harmless.find(line))

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
        entities += _harmless.find(text)
    for known in (request.order.order_id, request.order.buyer_key):
        entities += [Entity(Kind.ORDER_ID, known)] if known else []
    return Mask(entities, own=" \n ".join(own))


def says_buyer_key(request: DraftRequest) -> bool:
    """True when a model that reads the request's words would read its buyer key in them, were it not masked."""
    seller, order = request.seller, request.order
    if order.buyer_key is None:
        return False
    own = (request.product.title, seller.brand, seller.signature)
    texts = (request.review.text, *order.previous_messages, *seller.facts, *seller.allowed_remedies, *own)
    # Models read texts sanitised too, and then `b&#45;7` is `b-7`.
    texts += tuple(sanitise(text, (), max_chars=sys.maxsize) for text in texts)
    mask = Mask([Entity(Kind.ORDER_ID, order.buyer_key)], own="")
    return any(mask.hide(text) != text for text in texts)


def _greeted(entities: list[Entity]) -> list[Entity]:
    """Our own earlier message greets the buyer: the first name in it is his."""
    first = next((one for one in entities if one.kind is Kind.NAME), None)
    return [one._replace(is_own=True) if one is first else one for one in entities]


def _rests(entity: Entity) -> Iterator[str]:
    """What is left of a piece where its long numbers were cut out; an address may be cut at each of its numbers and commas."""
    text = entity.text
    rests = [sanitise(text, (), max_chars=len(text))]
    if entity.kind is Kind.ADDRESS:
        lines = [line.strip() for line in re.split(r"[,;\n]", text)]
        rests += [text.strip(_CODE_SIGNS), text.rstrip(_CODE_SIGNS), *(line for line in lines if re.search(r"\d", line))]
    return (rest for rest in rests if rest != text and sum(map(str.isalnum, rest)) >= MIN_PART_CHARS)
