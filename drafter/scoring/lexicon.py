"""Words of one language by which drafts are scored: `prompts/words/<language>.yaml`, read once.

To add a language, add a file; `drafter prompts lint` says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError, field_validator

from drafter.content import PerLanguage, content_ref, once_per_text, read_yaml
from drafter.domain import ContentRef, Issue, Remedy, Value
from drafter.errors import ContentError
from drafter.scoring.words import SPACELESS, content_words, fold, stem, stem_words, words_of


class ModelWords(Value):
    """Words by which a small model's sentence is judged."""

    own: str
    """Words that the sentence may use although the buyer did not, split at spaces."""
    voice: str
    """Words of the first person: the buyer's voice, or ours, where neither belongs."""
    buyer: str
    """Words before which the buyer's text shows that the buyer did something."""
    buyer_turned: str
    """Words by which a sentence says so."""
    turn: Mapping[str, str]
    """Words of the buyer's voice that can simply be turned, e.g. `my: your`."""
    unfit: str
    """Words of money, other products, causes, promises. `*` ends a beginning."""
    idle: str
    """Words of feelings, opinions and faults of the buyer: perhaps true, but nothing to be sorry for. `*` ends a beginning."""
    ill: str
    """Regular expression for what no good clause holds: bad grammar, and what people did rather than what went wrong."""
    contrasts: str
    """Words before which a sentence often says what was well."""
    similes: str
    """Words that set one thing beside another; what follows them did not happen."""
    means: Mapping[str, str]
    """Words that may stand for others when the buyer used any of these, e.g. `missing: "wasn't without"`."""
    having: str
    """Words by which a product has its parts."""
    pronouns: str
    """First words that leave open what is meant."""
    verbs: str
    """Verbs, or with `*` in front endings of verbs, by which a clause is known to be whole."""
    open_end: str
    """Words after which no sentence ends."""
    joints: str
    """Words at which a negation ends."""
    tails: str
    """Words with which the rest of a clause begins that it can do without, e.g. `after`."""
    modals: str
    """Words after which the buyer only supposes: what stands there did not happen."""
    counts: str
    """Number words; they must be the buyer's."""

    @field_validator("ill")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as exc:
            raise ValueError(f"no regular expression: {exc}") from exc
        return value


class ToneWords(Value):
    """Words by which a reply to a complaint misses its tone."""

    gush: str
    """Joy that answers nobody's trouble."""
    blame: str
    """Words that lay it at the buyer's door."""
    excuse: str
    """Words that lay it at another's."""


class WordsFile(Value):
    """A file of `prompts/words/`, as written."""

    language: str
    stop: str
    """Words without content of their own, split at spaces."""
    feel: tuple[str, ...]
    """Pieces of text that show concern."""
    understand: tuple[str, ...]
    """Pieces of text that show what it meant to the buyer."""
    ask: tuple[str, ...]
    """Pieces of text that invite an answer, besides a question mark."""
    negation: str
    stock: tuple[str, ...]
    """Phrases that fit any letter."""
    negative: str
    """Words by which a clause about taste, price or quality is known to complain, besides negations. `*` ends a beginning."""
    leaning: str
    """First words of a clause that cannot stand alone, e.g. `if`."""
    aside: tuple[str, ...] = ()
    """First words of a clause that says something about the buyer, not about the order, e.g. `i don't have`."""
    compares: str = ""
    """Words that set the thing beside another. `*` ends a beginning."""
    praise: str
    """Words by which a clause is known to praise, unless it denies or complains: nobody is sorry for what is good."""
    electric: str
    """Words that show that a thing may have a plug or a battery."""
    unquotable: str
    """Words that a quote must not bring into a reply, whoever said them first: reviews, money, crime, anger. `*` ends a beginning."""
    model: ModelWords | None = None
    """By which a small model's sentence is judged; without it the language cannot be switched on in `prompts/small.yaml`."""
    issues: Mapping[Issue, str] = {}
    """Words that show that a reply takes an issue up, even in other words than the buyer's."""
    tone: ToneWords
    remedies: Mapping[Remedy, str] = {}
    """Words that show that a sentence speaks of a remedy. `*` ends a beginning."""


@dataclass(frozen=True, slots=True)
class SentenceLexicon:
    """`ModelWords`, ready for use."""

    own: frozenset[str]
    """Stems."""
    voice: frozenset[str]
    buyer: frozenset[str]
    buyer_turned: frozenset[str]
    turn: Mapping[str, str]
    unfit: re.Pattern[str]
    idle: re.Pattern[str]
    ill: re.Pattern[str]
    contrasts: frozenset[str]
    similes: frozenset[str]
    means: Mapping[str, frozenset[str]]
    """Stem to words."""
    having: frozenset[str]
    pronouns: frozenset[str]
    verbs: re.Pattern[str]
    open_end: frozenset[str]
    joints: frozenset[str]
    tails: frozenset[str]
    modals: frozenset[str]
    counts: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """A language's words, folded and stemmed."""

    language: str
    stop: frozenset[str]
    feel: tuple[str, ...]
    understand: tuple[str, ...]
    ask: tuple[str, ...]
    negation: frozenset[str]
    stock: tuple[str, ...]
    negative: re.Pattern[str]
    leaning: re.Pattern[str]
    """Matches at the beginning of a clause."""
    aside: re.Pattern[str]
    """Matches at the beginning of a clause."""
    compares: re.Pattern[str]
    praise: frozenset[str]
    """Stems."""
    electric: re.Pattern[str]
    unquotable: re.Pattern[str]
    issues: Mapping[Issue, frozenset[str]]
    remedies: Mapping[Remedy, re.Pattern[str]]
    gush: re.Pattern[str]
    blame: re.Pattern[str]
    excuse: re.Pattern[str]
    others: tuple[frozenset[str], ...]
    """Content stems of reviews of other things."""
    judge: SentenceLexicon | None
    ref: ContentRef


def load_lexicons(root: Path) -> Mapping[str, Lexicon]:
    """Lexicon per language code, each read when first asked for.

    Raises:
        ContentError: there is no file, or (when read) one lacks a list or has one too many.
    """
    paths = tuple(path for path in (root / "prompts" / "words").glob("*.yaml") if not path.name.startswith("_"))
    if not paths:
        raise ContentError(root / "prompts" / "words", "no word lists here", hint="reinstall, or set DRAFTER_CONTENT_DIR")
    reviews = root / "prompts" / "words" / "_others.yaml"
    others = read_yaml(reviews) if reviews.exists() else {}
    return PerLanguage(paths, lambda path: _load(path, root, tuple(others.get(path.stem, ()))))


@once_per_text
def _load(path: Path, root: Path, others: tuple[str, ...]) -> Lexicon:
    try:
        words = WordsFile.model_validate(read_yaml(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc
    code, stop = words.language, frozenset(fold(words.stop).split())
    return Lexicon(
        language=code,
        stop=stop,
        feel=tuple(map(fold, words.feel)),
        understand=tuple(map(fold, words.understand)),
        ask=tuple(map(fold, words.ask)),
        negation=frozenset(fold(words.negation).split()),
        stock=tuple(map(fold, words.stock)),
        negative=any_word(f"{words.negative} {words.negation}", code),
        leaning=any_word(words.leaning, code),
        aside=any_phrase(words.aside),
        compares=any_word(words.compares, code) if words.compares else re.compile(r"(?!)"),
        praise=frozenset(stem_words(words.praise, code)),
        electric=any_word(words.electric, code),
        unquotable=any_word(words.unquotable, code),
        judge=_judge(words.model, code) if words.model else None,
        issues=MappingProxyType({issue: frozenset(stem_words(text, code)) for issue, text in words.issues.items()}),
        remedies=MappingProxyType({remedy: any_word(text, code) for remedy, text in words.remedies.items()}),
        gush=any_word(words.tone.gush, code),
        blame=any_word(words.tone.blame, code),
        excuse=any_word(words.tone.excuse, code),
        others=tuple(frozenset(w.stem for w in content_words(words_of(text, code), stop)) for text in others),
        ref=content_ref(root, path),
    )


def any_word(words: str, language: str) -> re.Pattern[str]:
    """Pattern that finds any of the words, case-blind; `*` at an end of one stands for any letters there."""
    alternatives = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())
    return re.compile(f"(?:{alternatives})" if language in SPACELESS else rf"\b(?:{alternatives})\b", re.IGNORECASE)


def any_phrase(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Pattern that finds any of the phrases, case-blind; without any, one that finds nothing."""
    return re.compile("|".join(rf"{re.escape(phrase)}(?!\w)" for phrase in phrases) or r"(?!)", re.IGNORECASE)


def _judge(words: ModelWords, language: str) -> SentenceLexicon:
    return SentenceLexicon(
        own=frozenset(stem_words(words.own, language)),
        voice=frozenset(fold(words.voice).split()),
        buyer=frozenset(fold(words.buyer).split()),
        buyer_turned=frozenset(fold(words.buyer_turned).split()),
        turn=MappingProxyType(dict(words.turn)),
        unfit=any_word(words.unfit, language),
        idle=any_word(words.idle, language),
        ill=re.compile(words.ill, re.IGNORECASE),
        contrasts=frozenset(fold(words.contrasts).split()),
        similes=frozenset(fold(words.similes).split()),
        means=MappingProxyType({stem(word, language): frozenset(fold(others).split()) for word, others in words.means.items()}),
        having=frozenset(fold(words.having).split()),
        pronouns=frozenset(fold(words.pronouns).split()),
        verbs=any_word(words.verbs, language),
        open_end=frozenset(fold(words.open_end).split()),
        joints=frozenset(fold(words.joints).split()),
        tails=frozenset(fold(words.tails).split()),
        modals=frozenset(fold(words.modals).split()),
        counts=frozenset(fold(words.counts).split()),
    )
