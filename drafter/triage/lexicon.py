"""One language's words for what buyers say: `guardrails/triage/<tag>.yaml`, compiled.

Concepts are words for things and failures (`box`, `broke`, `late`); issue phrases say a complaint by themselves. How concepts join to
complaints is the same in every language and stands in `guardrails/triage/frames.yaml`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import line_of, once_per_text, read_yaml
from drafter.errors import ContentError
from drafter.triage.phrases import CharacterTable, Mention, Phrase, Vocabulary, WordTable, compile_phrase, keep_longest
from drafter.triage.reading import CHARACTER_LANGUAGES, ELIDING_LANGUAGES, Reading, fold, read

FIGURE = "figure"
"""Concept of words that do not mean what they say; nothing that meets them counts."""
HARMS = frozenset({"body", "hurt", "hazard", "hazard_electric", "hazard_harm", "hot_danger", "scorched", "fumes", "bitten", "unwell"})
"""Concepts of harm, or of what is harmed."""
_KEYS = frozenset({"language", "turns", "negation", "concepts", "issues", "hints", "examples"})


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything a lexicon saw in a text. `mentions` are concepts, `phrases` are issues said outright."""

    reading: Reading
    mentions: tuple[Mention, ...]
    phrases: tuple[Mention, ...]
    negations: tuple[int, ...]
    """Units that deny."""
    reach: tuple[int, int]

    def is_negated(self, mention: Mention) -> bool:
        """True when a denying word of the same clause reaches the mention."""
        clauses = self.reading.clauses
        before, after = self.reach
        own = (clauses[mention.first], clauses[mention.last - 1])
        for at in range(bisect_left(self.negations, mention.first - before), len(self.negations)):
            unit = self.negations[at]
            if unit >= mention.last + after:
                return False
            if not mention.first <= unit < mention.last and clauses[unit] in own:
                return True
        return False


class Lexicon:
    """Words of one language."""

    def __init__(self, language: str, *, turns: frozenset[str], reach: tuple[int, int], phrases: Mapping[str, Sequence[Phrase]]) -> None:
        self.language = language
        self._turns = turns
        self._reach = reach
        concepts, issues = phrases["concepts"], phrases["issues"]
        self._characters = language in CHARACTER_LANGUAGES
        if self._characters:
            bodies = _literals(concepts)
            self._concept_characters = CharacterTable([_filled(phrase, bodies) for phrase in concepts])
            self._issue_characters = CharacterTable([_filled(phrase, bodies) for phrase in issues])
            return
        self._vocabulary = Vocabulary()
        self._vocabulary.learn((*concepts, *issues))
        for phrase in concepts:
            if len(phrase.slots) == 1:
                for key in phrase.slots[0]:
                    self._vocabulary.concepts.setdefault(key, []).append(phrase.name)
        self._concept_words = WordTable([phrase for phrase in concepts if len(phrase.slots) > 1])
        self._issue_words = WordTable(issues)

    def see(self, text: str) -> Seen:
        """What the lexicon knows of the text."""
        reading = read(text, self.language, turns=self._turns)
        if self._characters:
            mentions = self._concept_characters.find(reading)
            phrases = self._issue_characters.find(reading)
        else:
            mentions, phrases = self._see_words(reading)
        mentions = keep_longest(_literal(_unshielded(mentions), reading))
        negations = {m.first if self._characters else m.last - 1 for m in mentions if m.name == "negation"}
        kept = tuple(sorted({m for m in mentions if m.name != "negation"}, key=_place))
        return Seen(reading, kept, tuple(sorted(set(phrases), key=_place)), tuple(sorted(negations)), self._reach)

    def count_known(self, text: str) -> int:
        """Words of the text that the lexicon knows; 0 for languages without words."""
        if self._characters:
            return 0
        return sum(bool(self._vocabulary.keys(norm)) for norm in read(text, self.language, turns=self._turns).norms)

    def _see_words(self, reading: Reading) -> tuple[list[Mention], list[Mention]]:
        keys = [self._vocabulary.keys(norm) for norm in reading.norms]
        mentions = [Mention(key[1:-1], i, i + 1) for i, own in enumerate(keys) for key in own if key[0] == "{"]
        longer = self._concept_words.find(reading, keys)
        for mention in longer:
            for unit in range(mention.first, mention.last):
                keys[unit] = keys[unit] | {f"{{{mention.name}}}"}
        return mentions + longer, self._issue_words.find(reading, keys)


def _unshielded(mentions: list[Mention]) -> list[Mention]:
    """Mentions less those that lie in a look-alike: `not_hazard` (smoke alarm) shields from `hazard`, `hazard_electric`."""
    shielded: dict[str, set[int]] = {}
    for mention in mentions:
        if mention.name.startswith("not_"):
            shielded.setdefault(mention.name.removeprefix("not_"), set()).update(range(mention.first, mention.last))
    if not shielded:
        return mentions
    return [
        m
        for m in mentions
        if not m.name.startswith("not_")
        and not any(m.name.startswith(base) and not units.isdisjoint(range(m.first, m.last)) for base, units in shielded.items())
    ]


def _literal(mentions: list[Mention], reading: Reading) -> list[Mention]:
    """Mentions less those that meet a figure of speech: who cranks until the arm falls off has lost none.

    Beside another word of harm in its sentence nothing is a figure: `a slap in the face, and it split my lip`.
    """
    said = [m for m in mentions if m.name == FIGURE]
    if not said:
        return mentions
    figures = {unit for m in said for unit in range(m.first, m.last)}
    grave = {reading.sentences[m.first] for m in mentions if m.name in HARMS and figures.isdisjoint(range(m.first, m.last))}
    meant = {unit for m in said if reading.sentences[m.first] not in grave for unit in range(m.first, m.last)}
    kept = [m for m in mentions if m.name != FIGURE and meant.isdisjoint(range(m.first, m.last))]
    return kept + [m for m in said if reading.sentences[m.first] not in grave]


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.first, mention.last, mention.name


def _literals(concepts: Iterable[Phrase]) -> dict[str, frozenset[str]]:
    """Words of each concept that are one run of characters."""
    found: dict[str, frozenset[str]] = {}
    for phrase in concepts:
        if len(phrase.slots) == 1:
            key = f"{{{phrase.name}}}"
            found[key] = found.get(key, frozenset()) | phrase.slots[0]
    return found


def _filled(phrase: Phrase, bodies: Mapping[str, frozenset[str]]) -> Phrase:
    """The phrase with concepts replaced by their words, since characters have no keys."""
    slots = tuple(frozenset().union(*(bodies.get(key, frozenset()) if key[0] == "{" else {key} for key in slot)) for slot in phrase.slots)
    return Phrase(phrase.name, slots, phrase.gaps)


@once_per_text
def load_lexicon(path: Path) -> Lexicon:
    """Lexicon of a language file.

    Raises:
        ContentError: a key, concept or phrase is wrong; names the line.
    """
    values: Any = read_yaml(path)
    if not isinstance(values, dict) or not values.get("language"):
        raise ContentError(path, "no 'language'", hint="begin the file with `language: <tag>`")
    unknown = set(values) - _KEYS
    if unknown:
        key = min(unknown)
        raise ContentError(path, f"unknown key '{key}'", line=line_of(path, f"{key}:"), hint=f"use {', '.join(sorted(_KEYS))}")
    language = str(values["language"])
    negation = values.get("negation") or {}
    concepts = dict(values.get("concepts") or {})
    concepts |= {"negation": negation.get("words", []), "not_negation": negation.get("but_not", [])}
    issues = {name: list(entries or []) for name, entries in (values.get("issues") or {}).items()}
    issues |= {f"{name}?": list(entries or []) for name, entries in (values.get("hints") or {}).items()}
    return Lexicon(
        language,
        turns=frozenset(fold(word) for word in values.get("turns") or ()),
        reach=(int(negation.get("before", 4)), int(negation.get("after", 0))),
        phrases={"concepts": compile_groups(path, concepts, language), "issues": compile_groups(path, issues, language)},
    )


def compile_groups(path: Path, groups: Mapping[str, Iterable[str]], language: str) -> list[Phrase]:
    """Phrases of a section that lists entries by name.

    Raises:
        ContentError: an entry is wrong; names the line.
    """
    compiled: list[Phrase] = []
    for name, entries in groups.items():
        for entry in _entries(entries):
            try:
                compiled += compile_phrase(entry, name, characters=language in CHARACTER_LANGUAGES, elides=language in ELIDING_LANGUAGES)
            except ValueError as exc:
                raise ContentError(path, f"'{name}': {exc}", line=line_of(path, entry)) from exc
    return compiled


def _entries(entries: Iterable[str] | str | None) -> list[str]:
    """Entries of a list, or of a text in which commas part them."""
    if entries is None:
        return []
    items = [entries] if isinstance(entries, str) else [str(item) for item in entries]
    return [part.strip() for item in items for part in item.split(",") if part.strip()]
