"""What a review complains of, recognised by its words and said in ours: `prompts/details/<language>.yaml`.

A buyer's clause can be turned into our voice only where its grammar is simple. A detail needs no grammar: the pattern says what is wrong,
the phrase beside it was written by a person. To add one, add an entry and a review that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, ValidationError, model_validator

from drafter.content import PerLanguage, content_ref, once_per_text, read_yaml
from drafter.domain import ContentRef, Issue, Quote, Triage, Value
from drafter.drafting.aims import Aims, AimSpec
from drafter.drafting.asides import Asides, AsideSpec
from drafter.drafting.gravity import weigh_issue
from drafter.drafting.literals import Gated, Lowered
from drafter.drafting.mood import Mood
from drafter.drafting.nucleus_spec import NucleusPatterns, NucleusSpec
from drafter.drafting.patterns import compile_folded
from drafter.drafting.sentences import Piece, split_clauses, split_parts, split_sentences
from drafter.errors import ContentError

MAX_WORDS_SAID = 2
"""Of one detail: "bland and weak" is enough."""
MAX_SHOWN_CHARS = 600
"""Of a clause in which words for an issue are looked for; a longer one is no clause."""
TITLE_HITS = 2
"""What the title says counts twice."""
FOOD = frozenset({"food", "part"})
FORGIVABLE = frozenset({Issue.LATE_DELIVERY, Issue.PACKAGING})
"""Issues that a buyer may tell of without minding."""


class DetailSpec(Value):
    """One kind of complaint, as written."""

    id: str
    issue: Issue
    theme: str
    """Key of `meant`."""
    say: str
    """Clause after "We are sorry that", with `{it}`, and `{words}` where `words` are given; named groups of `find` are slots as well."""
    find: str = ""
    words: Mapping[str, str] = {}
    """Word of ours to the pattern by which it is known."""
    needs: str = ""
    """What the review must hold for the patterns to mean what they seem to."""
    needs_food: bool = False
    """True when the review may name something to eat or drink instead."""
    is_faint: bool = False
    """Only said when nothing clearer was found."""
    kind: str = ""
    """Of one kind only the clearest is said; the theme where it is empty."""
    is_general: bool = False
    """Says that something is wrong, but not what: in a title it is another name for what the body tells."""
    over: tuple[str, ...] = ()
    """Details that say less of the same, and are not said beside it."""
    is_aspect: bool = False
    """Its words are parts of a thing, and its phrase says no more than that something is wrong with them."""
    pointed: str = ""
    """Right before such a part: it belongs to the thing."""
    elsewhere: str = "(?!)"
    """Right before such a part: it only says where something is."""
    cleared: str = "(?!)"
    """A stretch of a clause whose part is not to blame: nothing is wrong with it, it was harmed, or is of an `owner` or `of`."""
    in_sentence: bool = False
    """The pattern is looked for in whole sentences, what others said and did included."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What of `say` is always said."""
        return tuple(part.strip() for part in re.split(r"\{\w+\}", self.say))

    @model_validator(mode="after")
    def _findable(self) -> DetailSpec:
        if bool(self.find) == bool(self.words) or bool(self.words) != ("{words}" in self.say):
            raise ValueError(f"{self.id}: give either `find`, or `words` and {{words}} in `say`")
        return self


class DetailsFile(Value):
    """A file of `prompts/details/`, as written."""

    language: str
    the: str = Field(min_length=1)
    """The bought thing, with `{thing}`."""
    thing_pointed_at: str = "(?!)"
    """Words before which a noun is the bought thing."""
    thing_after: str = "(?!)"
    """Words before which it is likely."""
    again_one: str = ""
    """The thing when it was just named; empty where the language must know its gender."""
    again_many: str = ""
    again_many_first: str = ""
    """The same as the subject of a clause."""
    many: str = "(?!)"
    """A noun of more than one."""
    repeats: Mapping[str, str] = {}
    """Words of `say` that two clauses may share, and what the second says instead."""
    skip: str
    """In a clause: what stands there may be about another thing, another time, or other people."""
    unreal: str
    """In a clause: a supposition, a wish, an expectation; nothing that happened."""
    advice: str
    """At the beginning of a clause: it tells others what to do."""
    denied: str
    """Right before a pattern: it says the opposite."""
    faultless: str = "(?!)"
    """In a clause: it says that there is no such fault."""
    undone: str = "(?!)"
    """Right after a pattern: it says the opposite."""
    things: Mapping[str, str]
    """Nouns by which a thing may be called, by kind; `_` is a space."""
    defends: str = "(?!)"
    """In a fact: it says that all is as it was promised. Beside an apology that sounds like a defence."""
    offers_part: str = "(?!)"
    """In a fact: a part can be had by itself."""
    helps: str = ""
    """In a fact: it tells of a deed, an offer or a way on. Beside an apology any other fact sounds like an excuse."""
    forgiven: str = "(?!)"
    """In a sentence: the buyer minds neither the wait nor the packing of which it tells."""
    paid_back: str = "(?!)"
    """The buyer has the money back: no refund is offered."""
    in_time: str = "(?!)"
    """The buyer says that the delivery was fast: no wait that he tells of is one for the parcel."""
    replaced: str = "(?!)"
    """The buyer had another one that was no better, or wants none: no replacement is offered."""
    theirs: str = "(?!)"
    """In a clause: it tells of what others have, or of what the buyer had before; never quoted as a complaint."""
    wishes: str = "(?!)"
    """In a clause: what the buyer wants or will do; no complaint, though it may be said with words of one."""
    disputed: str = "(?!)"
    """In a sentence: it tells what somebody gave as a reason; no clause of it is known to be true."""
    solved: str = "(?!)"
    """In a sentence: what went wrong was put right; nothing that it tells of is named."""
    shows: Mapping[Issue, str] = {}
    """Words without which an issue that triage saw is not named."""
    aims: AimSpec = AimSpec()
    asides: AsideSpec = AsideSpec()
    nucleus: NucleusSpec | None = None
    """None where the language has a grammar of its own, or none is safe."""
    details: tuple[DetailSpec, ...]
    occasion: str
    """A day that something was meant for."""
    meant: Mapping[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _complete(self) -> DetailsFile:
        missing = {d.theme for d in self.details} | {"occasion"}
        if missing - self.meant.keys():
            raise ValueError(f"meant: nothing is said for {', '.join(sorted(missing - self.meant.keys()))}")
        return self


@dataclass(frozen=True, slots=True)
class Detail:
    """Something the review complains of."""

    spec: DetailSpec
    words: tuple[str, ...]
    slots: Mapping[str, str]
    spans: tuple[tuple[int, int], ...]
    """Clauses in `Review.text` that say so."""
    places: tuple[tuple[int, int], ...]
    """The words themselves, in these clauses."""
    hits: int

    def say(self, it: str, joined: str) -> str:
        """The clause in our words."""
        text = self.spec.say.replace("{it}", it).replace("{words}", joined)
        for name, value in self.slots.items():
            text = text.replace(f"{{{name}}}", value)
        return text


@dataclass(frozen=True, slots=True)
class _Lines:
    """Pieces of a review, and the same as the lines of one text: one look at it rules out most patterns."""

    pieces: Sequence[Piece]
    text: Lowered

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> _Lines:
        kept = list(pieces)
        return cls(kept, Lowered.of("\n".join(piece.text for piece in kept)))


@dataclass(frozen=True, slots=True)
class DetailBook:
    """Everything that can be recognised in one language."""

    file: DetailsFile
    ref: ContentRef
    mood: Mood
    denied: re.Pattern[str]
    undone: re.Pattern[str]
    faultless: re.Pattern[str]
    occasion: re.Pattern[str]
    defends: re.Pattern[str]
    helps: re.Pattern[str]
    offers_part: re.Pattern[str]
    forgiven: re.Pattern[str]
    paid_back: re.Pattern[str]
    in_time: re.Pattern[str]
    replaced: re.Pattern[str]
    theirs: re.Pattern[str]
    wishes: re.Pattern[str]
    disputed: re.Pattern[str]
    solved: re.Pattern[str]
    aims: Aims
    asides: Asides
    patterns: Mapping[str, tuple[tuple[str, Gated], ...]]
    """Id of a detail to its words and patterns; the word is empty where it has only one pattern."""
    needs: Mapping[str, re.Pattern[str]]
    pointed: re.Pattern[str]
    elsewhere: re.Pattern[str]
    cleared: re.Pattern[str]
    """Of all aspects."""
    things: Mapping[str, str]
    """Noun to kind."""
    foods: frozenset[str]
    """Those of something to eat or drink."""
    shows: Mapping[Issue, re.Pattern[str]]
    nucleus: NucleusPatterns | None

    def find(self, text: str, triage: Triage, *, title: str = "", about: str = "") -> list[Detail]:
        """Details by how clearly they are told: often, in the title, and in the order of the file. Faint ones only alone.

        Args:
            about: The product's name, which may say what the words are said of.
        """
        clauses = _Lines.of(self._clauses(text, triage))
        sentences = _Lines.of(self.mood.told_part(text, s) for s in self._told(text) if not _overlaps(s, triage.injection_spans))
        told = f"{text}\n{about}"
        found = [
            d
            for spec in self.file.details
            if not spec.is_aspect and (d := self._find_one(spec, told, sentences if spec.in_sentence else clauses, len(title)))
        ]
        outdone = {other for d in found for other in d.spec.over}
        found = [d for d in found if d.spec.id not in outdone]
        clear = [d for d in found if not d.spec.is_faint] or found[:1]
        if self.in_time.search(text):
            clear = [d for d in clear if d.spec.issue is not Issue.LATE_DELIVERY]
        clear = [d for d in clear if d.spec.issue is not Issue.LATE_DELIVERY or not self.is_other_wait(text, d.places)]
        minded = [d for d in clear if d.spec.issue not in FORGIVABLE or not all(self.is_forgiven(text, start) for start, _ in d.spans)]
        return sorted(minded, key=lambda d: (weigh_issue(d.spec.issue), -d.hits))

    def is_forgiven(self, text: str, at: int) -> bool:
        """True when the sentence at a place says that the buyer does not mind."""
        return any(s.start <= at < s.end and self.forgiven.search(s.text) for s in split_sentences(text))

    def is_other_wait(self, text: str, places: Sequence[tuple[int, int]]) -> bool:
        """True where all that is told of waiting is about an answer, a refund or an exchange."""
        clauses = [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
        parts = [p for clause in clauses for p in split_parts(clause) if any(start < p.end and p.start < end for start, end in places)]
        return bool(parts) and all(self.asides.other_waits.search(part.text) for part in parts)

    def says(self, words: str, quote: str) -> bool:
        """True when the quote shows a detail whose phrase is in the words."""
        quoted = _Lines.of([Piece(quote, 0, len(quote))])
        for spec in self.file.details:
            if not all(part in words for part in spec.parts):
                continue
            detail = self._find_one(spec, quote, quoted, 0, is_checked=True)
            if detail and (not detail.words or any(word in words for word in detail.words)):
                return True
        return False

    def is_in(self, spec: DetailSpec, clause: str, *, word: str | None = None) -> bool:
        """True when the clause shows the detail, or one word of it."""
        text = Lowered.of(clause)
        return any(gated.search(text) for key, gated in self.patterns[spec.id] if word in {None, key})

    def again(self, thing: str, it: str, *, is_first: bool = False) -> str:
        """How the thing is called when it was just named, as the first word of a clause or later in it."""
        if not self.file.again_one:
            return it
        many = self.file.again_many_first if is_first else self.file.again_many
        return many if re.search(self.file.many, thing) else self.file.again_one

    def is_shown(self, issue: Issue, clause: str) -> bool:
        """True when the clause has words for the issue that it does not deny; issues without a list are taken as they are."""
        pattern = self.shows.get(issue)
        return pattern is None or any(pattern.search(self.faultless.sub(" ", line[:MAX_SHOWN_CHARS])) for line in clause.split("\n"))

    def _told(self, text: str) -> list[Piece]:
        """Sentences that tell of something that still stands: no questions, nothing that was put right."""
        return [s for s in split_sentences(text) if not s.text.endswith(("?", "\uff1f")) and not self.solved.search(s.text)]

    def is_about_food(self, text: str) -> bool:
        """True when the text names something to eat or drink."""
        words = {word.rstrip(".,!?") for word in text.lower().split()}
        return not self.foods.isdisjoint(words)

    def _clauses(self, text: str, triage: Triage) -> Iterator[Piece]:
        for sentence in self._told(text):
            for clause in self.mood.told_clauses(text, sentence, with_others=False):
                if not (_overlaps(clause, triage.injection_spans) or self.asides.is_background(clause.text, None)):
                    yield clause

    def _find_one(self, spec: DetailSpec, text: str, lines: _Lines, title_end: int, *, is_checked: bool = False) -> Detail | None:
        patterns = [(word, gated.pattern) for word, gated in self.patterns[spec.id] if gated.search(lines.text)]
        needs = self.needs.get(spec.id)
        if not patterns or (needs and not is_checked and not needs.search(text) and not (spec.needs_food and self.is_about_food(text))):
            return None
        words: dict[str, None] = {}
        spans: dict[tuple[int, int], None] = {}
        places: list[tuple[int, int]] = []
        slots: dict[str, str] = {}
        hits = 0
        for word, pattern in patterns:
            for clause in lines.pieces:
                m = pattern.search(clause.text)
                if m is None or self._is_denied(clause.text, m):
                    continue
                words[word] = None
                spans[clause.start, clause.end] = None
                places.append((clause.start + m.start(), clause.start + m.end()))
                slots |= {name: value[0].lower() + value[1:] for name, value in m.groupdict().items() if value}
                hits += TITLE_HITS if clause.start < title_end else 1
        if not spans:
            return None
        return Detail(spec, tuple(w for w in words if w)[:MAX_WORDS_SAID], MappingProxyType(slots), tuple(spans), tuple(places), hits)

    def _is_denied(self, clause: str, found: re.Match[str]) -> bool:
        start, end = found.span()
        faultless = any(m.start() < end and start < m.end() for m in self.faultless.finditer(clause))
        return faultless or self.denied.search(clause[:start]) is not None or self.undone.match(clause, end) is not None


def load_details(root: Path) -> Mapping[str, DetailBook]:
    """What can be recognised, per language code, each read when first asked for.

    Raises:
        ContentError: (when read) a file lacks a part, has one too many, or a pattern is none.
    """
    return PerLanguage((root / "prompts" / "details").glob("*.yaml"), lambda path: _load(path, root))


@once_per_text
def _load(path: Path, root: Path) -> DetailBook:
    try:
        file = DetailsFile.model_validate(read_yaml(path))
        things = {noun.replace("_", " "): kind for kind, nouns in file.things.items() for noun in nouns.split()}
        return DetailBook(
            file=file,
            ref=content_ref(root, path),
            mood=Mood(compile_folded(file.unreal), compile_folded(file.advice), compile_folded(file.skip)),
            denied=compile_folded(file.denied),
            undone=compile_folded(file.undone),
            faultless=compile_folded(file.faultless),
            occasion=compile_folded(file.occasion),
            defends=compile_folded(file.defends),
            helps=compile_folded(file.helps),
            offers_part=compile_folded(file.offers_part),
            forgiven=compile_folded(file.forgiven),
            paid_back=compile_folded(file.paid_back),
            in_time=compile_folded(file.in_time),
            replaced=compile_folded(file.replaced),
            theirs=compile_folded(file.theirs),
            wishes=compile_folded(file.wishes),
            disputed=compile_folded(file.disputed),
            solved=compile_folded(file.solved),
            aims=Aims.of(file.aims),
            asides=Asides.of(file.asides),
            patterns={d.id: tuple((w, Gated.of(compile_folded(p))) for w, p in (d.words or {"": d.find}).items()) for d in file.details},
            needs={d.id: compile_folded(d.needs) for d in file.details if d.needs},
            pointed=compile_folded("|".join(d.pointed for d in file.details if d.is_aspect)),
            elsewhere=compile_folded("|".join(d.elsewhere for d in file.details if d.is_aspect) or "(?!)"),
            cleared=compile_folded("|".join(d.cleared for d in file.details if d.is_aspect) or "(?!)"),
            nucleus=NucleusPatterns.of(file.nucleus) if file.nucleus else None,
            shows={issue: compile_folded(text) for issue, text in file.shows.items()},
            things=things,
            foods=frozenset(noun for noun, kind in things.items() if kind in FOOD),
        )
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc
    except re.error as exc:
        raise ContentError(path, f"{exc.pattern!r} is no pattern: {exc}") from exc


def _overlaps(piece: Piece, spans: Sequence[Quote]) -> bool:
    return any(q.start < piece.end and piece.start < q.end for q in spans)
