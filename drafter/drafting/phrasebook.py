"""The vetted parts of replies in one language: `prompts/templates/<language>.yaml`."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, ValidationError, model_validator

from drafter.content import PerLanguage, content_ref, line_of, read_yaml
from drafter.domain import ContentRef, Issue, Remedy, Tone, Value
from drafter.drafting.details import DetailBook
from drafter.errors import ContentError

_CLOSING_QUOTE = re.compile(r"(?<=[\w.,!?])\s?[\"”»」“](?!\w)")
_OPENING_QUOTE = re.compile(r"[\"“„«「]\s?")

INNER_MARKS = str.maketrans("「」", "『』")
"""Of a quotation in a quotation, in Japanese."""

Variants = tuple[str, ...]


class ItemForm(Value):
    """The bought thing in one grammatical form."""

    named: str
    """With `{title}`."""
    plain: str
    """Without any title."""
    of_order: str = ""
    """The same in an answer about a seller; empty where `plain` will do."""


class Greeting(Value):
    """First line, by tone."""

    warm: Variants = Field(min_length=1)
    plain: Variants = Field(min_length=1)
    formal: Variants = Field(min_length=1)

    def of(self, tone: Tone) -> Variants:
        """Variants of one tone."""
        return {Tone.WARM: self.warm, Tone.PLAIN: self.plain, Tone.FORMAL: self.formal}[tone]


class Joining(Value):
    """How a list of noun phrases is joined."""

    two: str
    many: str
    comma: str = ", "


class IssueParts(Value):
    """What is said about one issue."""

    sorry: Variants = Field(min_length=1)
    """Apology that names the problem."""
    meant: Variants = Field(min_length=1)
    """What it must have meant to the buyer."""
    also: str
    """Clause in our voice for the sentence that names further issues."""
    ask: Variants = Field(min_length=1)
    """One clear question, answerable in a line, that asks for no personal data."""


class PartOffers(Value):
    """How one part of the thing is offered, where it is clear which one."""

    missing: Variants = Field(min_length=1)
    """Where nothing else is wrong than that something was missing."""
    replaced: Variants = Field(min_length=1)
    """A replacement, for the part alone."""
    open: Variants = Field(min_length=1)
    """Where none may be offered: somebody looks whether there is one."""


class Holding(Value):
    """What a message says that only holds the line until a person answers."""

    safety: Variants = Field(min_length=1)
    stop: Variants = Field(min_length=1)
    unplug: Variants = Field(min_length=1)
    """Only said of a thing that may have a plug."""
    hurt: Variants = Field(min_length=1)
    treated: Variants = Field(min_length=1)
    """Instead, to somebody who has seen a doctor."""
    soon: Variants = Field(min_length=1)
    """That the reply follows, where nothing is dangerous."""
    human: Variants = Field(min_length=1)
    person: Variants = Field(min_length=1)
    person_public: Variants = Field(min_length=1)


class Phrasebook(Value):
    """All parts of one language."""

    language: str
    item: Mapping[str, ItemForm]
    greeting: Greeting
    signature: Greeting
    restated: Variants = ()
    """Around a clause in our own voice; empty where code cannot turn one."""
    restated_mild: Variants = ()
    """The same for a buyer who is not simply unhappy."""
    told: Variants = ()
    """Around a clause of the buyer's as a sentence of its own, where it cannot follow `restated`, or words in quotation marks."""
    and_also: str = ""
    """Between two such clauses of the buyer's."""
    and_that: str = ""
    """Between two clauses of `restated` in one sentence."""
    elided: Mapping[str, str] = {}
    """In a sentence around clauses: patterns of what runs together there, and what becomes of it."""
    quoted: Variants = Field(min_length=1)
    """Around the buyer's own words; `{quote}` brings its quotation marks."""
    quoted_sorry: Variants = ()
    """The same with an apology, for a language whose `told` quotes nothing."""
    quoted_about: Variants = ()
    """The same for words that speak of the thing itself."""
    also_quoted: Variants = ()
    """The same after an apology for something else."""
    quote_marks: tuple[str, str] = ("“", "”")
    asked_about: Variants = Field(min_length=1)
    """First words of an answer to somebody who only asks."""
    content: Variants = Field(min_length=1)
    """First words to a buyer who complains of nothing."""
    ask_content: Variants = Field(min_length=1)
    """Next step for him."""
    also_that: Variants = Field(min_length=1)
    """An apology for what else went wrong, around clauses in our own voice."""
    left_open: Variants = Field(min_length=1)
    """Next step for a buyer who has the money back already."""
    joining: Joining = Field(alias="and")
    answer: Variants = Field(min_length=1)
    answer_question: Variants = Field(min_length=1)
    answer_either: Variants = Field(min_length=1)
    """After a choice of two remedies."""
    question: Variants = Field(min_length=1)
    """That a person will answer what the buyer asks, with `{quote}`."""
    needed_by: Variants = Field(min_length=1)
    """That we know by when it is needed, with `{quote}`."""
    part: PartOffers
    ask_after_detail: Variants = Field(min_length=1)
    """Question when the buyer has said what is wrong and nothing may be offered: never asks for what was told."""
    ask_after_fact: Variants = Field(min_length=1)
    """Question when a fact has just answered."""
    resolved: Variants = Field(min_length=1)
    """Ending when the concern is settled: nothing is offered or asked any more."""
    full_stop: str = "."
    space: str = " "
    """Between sentences; empty in Chinese and Japanese."""
    remedy: Mapping[Remedy, Variants]
    either: Mapping[Remedy, Variants]
    """A remedy and the other of `offer.EITHER`, as the buyer likes."""
    with_label: Variants = Field(min_length=1)
    """The price, and a label for the way back."""
    with_steps: Variants = Field(min_length=1)
    """A part, and help with the rest."""
    issues: Mapping[Issue, IssueParts]
    tones: Mapping[Tone, Mapping[str, str]]
    """Words of an apology and what they become in a tone; `plain` is how the phrasebook is written."""
    meant_formal: Variants = Field(min_length=1)
    """What it meant to the buyer, said with reserve."""
    holding: Holding

    @model_validator(mode="after")
    def _complete(self) -> Phrasebook:
        missing: list[str] = [issue for issue in Issue if issue not in self.issues]
        missing += [remedy for remedy in Remedy if remedy is not Remedy.NONE and remedy not in self.remedy]
        missing += [f"either.{remedy}" for remedy in (Remedy.REPLACEMENT, Remedy.FULL_REFUND) if remedy not in self.either]
        if missing or "base" not in self.item:
            raise ValueError(f"nothing is said for: {', '.join(missing) or 'item.base'}")
        slots = {"title", "name", "clause", "quote", "a", "b", "rest", "item"} | {f"item_{form}" for form in self.item}
        for text in _texts(self.model_dump()):
            wrong = [slot for slot in _slots(text) if slot not in slots]
            if wrong:
                raise ValueError(f"unknown slot {{{wrong[0]}}} in {text!r}")
        return self


APOLOGIES = frozenset({"sorry", "restated", "told", "quoted_sorry", "quoted_about"})
"""Slots whose words follow the tone."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A phrasebook with the choices made for one request: the same request always gets the same words."""

    book: Phrasebook
    ref: ContentRef
    seed: str
    tone: Tone
    items: Mapping[str, str]
    """`item`, `item_ordered` …: the bought thing in each form."""
    details: DetailBook | None

    def say(self, slot: str, variants: Variants, **values: str) -> str:
        """One of the variants, chosen by the request, with its slots filled."""
        digest = hashlib.sha256(f"{self.seed}\0{slot}".encode()).digest()
        text = variants[int.from_bytes(digest[:4]) % len(variants)]
        if slot in APOLOGIES:
            for plain, ours in self.book.tones.get(self.tone, {}).items():
                text = text.replace(plain, ours)
        return fill(text, {**self.items, **values})

    def meant(self, issue: Issue, theme: str = "") -> Variants:
        """What it meant to the buyer: feelingly, in the fewest words, or with reserve. A theme says it more closely than an issue."""
        variants = self.details.file.meant[theme] if self.details and theme else self.book.issues[issue].meant
        if self.tone is Tone.FORMAL:
            return self.book.meant_formal
        return (min(variants, key=len),) if self.tone is Tone.PLAIN else variants

    def join(self, phrases: tuple[str, ...]) -> str:
        """Noun phrases as a list."""
        if len(phrases) == 1:
            return phrases[0]
        if len(phrases) == 2:
            return fill(self.book.joining.two, {"a": phrases[0], "b": phrases[1]})
        *rest, a, b = phrases
        return fill(self.book.joining.many, {"rest": self.book.joining.comma.join(rest), "a": a, "b": b})

    def quote(self, words: str) -> str:
        """Words in the language's quotation marks."""
        before, after = self.book.quote_marks
        return f"{before}{soften_quotes(words.translate(INNER_MARKS) if before == '「' else words)}{after}"


def soften_quotes(words: str) -> str:
    """Words with single marks for the quotations in them, so that they can be quoted."""
    return _OPENING_QUOTE.sub("‘", _CLOSING_QUOTE.sub("’", words))


def open_voice(
    book: Phrasebook, ref: ContentRef, *, seed: str, tone: Tone, title: str, details: DetailBook | None = None, is_order: bool = False
) -> Voice:
    """Voice for one request; with an empty title the thing is called by a plain word, in an answer about a seller by that for an order."""
    plain = {name: (is_order and form.of_order) or form.plain for name, form in book.item.items()}
    forms = {f"item_{name}": (fill(form.named, {"title": title}) if title else plain[name]) for name, form in book.item.items()}
    forms["item"] = forms["item_base"]
    return Voice(book, ref, seed, tone, MappingProxyType(forms), details)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Text with its slots filled. Values are put in as they are: braces in them stay text."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(values[name])
    return "".join(parts)


def load_phrasebooks(root: Path) -> Mapping[str, tuple[Phrasebook, ContentRef]]:
    """Phrasebook and its file, per language code, each read when first asked for.

    Raises:
        ContentError: there is no file, or (when read) one lacks a part, has one too many, or names an unknown slot.
    """
    paths = tuple((root / "prompts" / "templates").glob("*.yaml"))
    if not paths:
        raise ContentError(root / "prompts" / "templates", "no templates here", hint="reinstall, or set DRAFTER_CONTENT_DIR")
    return PerLanguage(paths, lambda path: (_load(path), content_ref(root, path)))


def _load(path: Path) -> Phrasebook:
    try:
        return Phrasebook.model_validate(read_yaml(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        line = line_of(path, f"{first['loc'][-1]}:") if first["loc"] else None
        raise ContentError(path, f"{where}: {first['msg']}" if where else first["msg"], line=line) from exc


def _slots(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def _texts(value: object) -> list[str]:
    """All strings anywhere in a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part)]
    return []
