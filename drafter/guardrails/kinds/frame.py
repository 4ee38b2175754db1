"""Kind `frame`: concepts that must meet, close enough, said by the right person.

A frame names parts; each part is a list of concepts, any of which will do. The parts must meet within a clause, a sentence, two
neighbouring sentences, or the text. Pairs of parts can be bound closer. `$review` and `$feedback` stand for the words that mean the
product review and the seller feedback in the channel at hand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.guardrails.document import Hit
from drafter.guardrails.held import Place
from drafter.guardrails.kinds.excuses import Borders, is_hidden
from drafter.guardrails.lexicon import Scan
from drafter.guardrails.reader import Model
from drafter.guardrails.scene import Scene

WITHIN = ("clause", "sentence", "neighbours", "text")
FRAME_KEYS = frozenset(
    {"name", "parts", "within", "close", "in_order", "unless_by_us", "unless_we"}
    | {"without", "without_near", "in_text", "in_case", "not_in_text", "confirm"}
)
AGENT_REACH = 8
"""Words before a verb in which its subject is looked for."""
CJK_WORD = 3
"""Characters that count as one word when a distance is measured in Chinese or Japanese."""
OBJECT_FIRST = "ja"
"""The language whose verbs stand behind their objects: order says nothing there."""
BUYER_QUOTE = "buyers-own-words"
"""Id of the exception that every frame rule has: the words stand in quotation marks, and the buyer wrote them."""
READS_INNOCENT = "reads-innocent"
"""Id of the exception of frames with `confirm`: the second reader sees nothing where the words stand."""


class FrameError(ValueError):
    """A frame is written wrongly; the message says how."""


@dataclass(frozen=True, slots=True)
class Close:
    """Two parts that must stand near each other."""

    a: int
    b: int
    words: int
    """Most words between them."""
    in_order: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One compiled frame for one channel."""

    name: str
    part_names: tuple[str, ...]
    parts: tuple[int, ...]
    """Concept mask of each part."""
    within: str
    close: tuple[tuple[Close, ...], ...]
    """For each part, how near it must stand to parts before it."""
    free: frozenset[int]
    """Parts that need not stand near any other."""
    not_ours: frozenset[int]
    """Parts that do not count when we are the ones who do it, or when it is told as done."""
    not_we: frozenset[int]
    """Parts that do not count when we are the ones who do it."""
    without: int
    """Concepts that must not occur where the frame is looked for."""
    without_near: int
    """Concepts that must not occur in the sentences next to it either."""
    not_in_text: int
    in_case: tuple[int, ...]
    """Concepts that the text or the buyer's words must hold."""
    confirm: int | None
    """Least score of the second reader for the words to count; None when they can mean nothing else."""
    gate: tuple[int, ...]
    """Masks that the whole text must meet for this frame to be worth a look."""

    def is_possible(self, mask: int) -> bool:
        """False when the text lacks a concept that this frame needs."""
        return all(mask & need for need in self.gate) and not mask & self.not_in_text


@dataclass(frozen=True, slots=True)
class Exemption:
    """Something that lets a hit pass, by id."""

    id: str
    mask: int
    within: str
    is_excuse: bool
    """An excuse hides its own clauses only; anything else clears the whole place."""


@dataclass(frozen=True, slots=True)
class Agency:
    """Concepts that tell who acts."""

    ours: int
    """`we`."""
    done: int
    """`has been`."""
    theirs: int
    """`you`, or anything that asks."""
    breaks: int
    """`after`, `since`: what follows is no object of the verb before."""


class FrameRule:
    """All frames of one rule for one channel."""

    def __init__(
        self,
        frames: Sequence[Frame],
        exemptions: Sequence[Exemption],
        agency: Agency,
        borders: Borders,
        *,
        quotes_count: bool,
        second_reader: Model | None,
    ) -> None:
        self.frames = tuple(frames)
        self._second_reader = second_reader
        self.agency = agency
        self._borders = borders
        self._exemptions = tuple(exemptions)
        self._exempts_quotes = not quotes_count

    @property
    def gate(self) -> int:
        """Concepts of which a text needs one for any frame to be met."""
        gate = 0
        for frame in self.frames:
            gate |= frame.gate[0]
        return gate

    def is_possible(self, mask: int) -> bool:
        """False when a text with these concepts cannot meet any frame."""
        for frame in self.frames:
            for need in frame.gate:
                if not mask & need:
                    break
            else:
                return True
        return False

    def __call__(self, scene: Scene) -> Iterator[Hit]:
        """At most one hit per sentence."""
        mask = scene.scan.mask
        seen: set[int] = set()
        for frame in self.frames:
            for need in frame.gate:
                if not mask & need:
                    break
            else:
                if not mask & frame.not_in_text and all(scene.case_mask() & need for need in frame.in_case):
                    yield from self._look(frame, scene, seen)

    def _look(self, frame: Frame, scene: Scene, seen: set[int]) -> Iterator[Hit]:
        quoted = scene.cited if self._exempts_quotes else []
        for first, last in _windows(frame, scene.scan):
            places = _join(frame, scene.scan, first, last, self.agency, quoted)
            if places is None:
                if quoted and (places := _join(frame, scene.scan, first, last, self.agency)):
                    yield Hit(*scene.span(places[0][0], places[0][1]), exception=BUYER_QUOTE)
                continue
            excuse, left = self._excuse(frame, scene, first, last, places, quoted)
            places = left or places
            tokens = scene.document.tokens
            sentence = tokens[max(place[0] for place in places)].sentence
            if sentence in seen:
                continue
            inside = [place for place in places if tokens[place[0]].sentence == sentence]
            start, end = scene.span(min(p[0] for p in inside), max(p[1] for p in inside))
            if not excuse and self._reads_innocent(frame, scene, places):
                yield Hit(start, end, exception=READS_INNOCENT)
                continue
            if not excuse:
                seen.add(sentence)
            yield Hit(start, end, exception=excuse or self._quote(scene, inside))

    def _quote(self, scene: Scene, places: Sequence[Place]) -> str:
        is_quoted = self._exempts_quotes and any(all(a <= p[0] and p[1] < b for p in places) for a, b in scene.cited)
        return BUYER_QUOTE if is_quoted else ""

    def _reads_innocent(self, frame: Frame, scene: Scene, places: Sequence[Place]) -> bool:
        """True when the frame's words need a second reader, and it sees nothing in their sentences, nor in the words alone."""
        if frame.confirm is None or self._second_reader is None:
            return False
        first, last = min(place[0] for place in places), max(place[1] for place in places)
        tokens = scene.document.tokens
        around = self._second_reader.score_around(scene, tokens[first].sentence, tokens[last - 1].sentence)
        return around < frame.confirm and self._second_reader.score_near(scene, first, last) < frame.confirm

    def _excuse(
        self, frame: Frame, scene: Scene, first: int, last: int, places: list[Place], quoted: list[tuple[int, int]]
    ) -> tuple[str, list[Place] | None]:
        """Id of the exception that lets these places pass, or none and the places that are left when excuses have had their say."""
        scan = scene.scan
        tokens = scan.document.tokens
        sentence = tokens[max(place[0] for place in places)].sentence
        hidden = list(quoted)
        left: list[Place] | None = places
        for exemption in self._exemptions:
            if not scan.mask & exemption.mask:
                continue
            near = _neighbourhood(scan, exemption.within, sentence)
            if not exemption.is_excuse:
                if scan.places_of(exemption.mask, *near):
                    return exemption.id, None
                continue
            hidden += self._borders.hidden(scan, exemption.mask, first, last)
            left = _join(frame, scan, first, last, self.agency, hidden) if hidden else left
            if left is None:
                return exemption.id, None
            if exemption.within != "sentence" and self._borders.stands_apart(scan, exemption.mask, *near, sentence):
                return exemption.id, None
        return "", left


def _neighbourhood(scan: Scan, within: str, sentence: int) -> tuple[int, int]:
    """Token range in which an exception of this scope may stand."""
    sentences = scan.document.sentences
    width = {"sentence": 0, "neighbours": 1, "text": len(sentences)}[within]
    return sentences[max(sentence - width, 0)].first, sentences[min(sentence + width, len(sentences) - 1)].last


def find_places(frame: Frame, scan: Scan, agency: Agency) -> bool:
    """True when a frame is met somewhere in the text."""
    return any(_join(frame, scan, first, last, agency) is not None for first, last in _windows(frame, scan))


def _windows(frame: Frame, scan: Scan) -> Iterator[tuple[int, int]]:
    """Token ranges in which all parts occur and nothing forbidden does."""
    sentences = scan.document.sentences
    masks = scan.sentence_masks
    if frame.within == "text":
        if not scan.mask & frame.without:
            yield 0, len(scan.document.tokens)
        return
    if frame.within == "clause":
        yield from _clauses(frame, scan)
        return
    if frame.within == "neighbours":
        masks = [mask | after for mask, after in zip(masks, [*masks[1:], 0], strict=True)]
    for i in _sentences(frame, masks):
        last = i if frame.within == "sentence" else min(i + 1, len(masks) - 1)
        if not (frame.without_near and _around(scan.sentence_masks, i, last) & frame.without_near):
            yield sentences[i].first, sentences[last].last


def _sentences(frame: Frame, masks: list[int]) -> list[int]:
    """Which of these hold all parts and nothing forbidden."""
    rarest, *others = frame.gate[: len(frame.parts)]
    found = [i for i, mask in enumerate(masks) if mask & rarest]
    for part in others:
        if not found:
            break
        found = [i for i in found if masks[i] & part]
    without = frame.without
    return [i for i in found if not masks[i] & without] if without else found


def _clauses(frame: Frame, scan: Scan) -> Iterator[tuple[int, int]]:
    """Token ranges of the clauses of each sentence that holds all parts."""
    tokens = scan.document.tokens
    for number in _sentences(frame, scan.sentence_masks):
        sentence = scan.document.sentences[number]
        first = sentence.first
        for i in range(sentence.first + 1, sentence.last + 1):
            if i == sentence.last or tokens[i].clause != tokens[first].clause:
                yield first, i
                first = i


def _around(masks: list[int], first: int, last: int) -> int:
    near = 0
    for mask in masks[max(first - 1, 0) : last + 2]:
        near |= mask
    return near


def _join(
    frame: Frame, scan: Scan, first: int, last: int, agency: Agency, hidden: list[tuple[int, int]] | None = None
) -> list[Place] | None:
    """One place for each part such that every condition holds, none of them in a hidden range; None when there is none."""
    found: list[list[Place]] = []
    for i, part in enumerate(frame.parts):
        places = scan.places_of(part, first, last)
        if not places:
            return None
        if hidden:
            places = [place for place in places if not is_hidden(place, hidden)]
        if i in frame.not_ours or i in frame.not_we:
            others = agency.ours | agency.done if i in frame.not_ours else agency.ours
            places = [place for place in places if not _is_ours(scan, place, others, agency.theirs)]
        if not places:
            return None
        found.append(places)
    return _pick(frame, scan, found, [], agency.breaks)


def _pick(frame: Frame, scan: Scan, found: list[list[Place]], chosen: list[Place], breaks: int) -> list[Place] | None:
    part = len(chosen)
    while part in frame.free:
        chosen = [*chosen, found[part][0]]
        part += 1
    if part == len(found):
        return chosen
    places = found[part]
    for close in frame.close[part]:
        places = _near(close, scan, places, chosen[close.a if close.b == part else close.b], close.b == part, breaks)
    for place in places:
        picked = _pick(frame, scan, found, [*chosen, place], breaks)
        if picked is not None:
            return picked
    return None


def _near(close: Close, scan: Scan, places: list[Place], other: Place, is_behind: bool, breaks: int) -> list[Place]:
    """Places that stand near enough to `other`, a place of a part before; `is_behind` when they must come behind it, if ordered."""
    is_cjk = _is_cjk(scan.document.norms[other[0]])
    is_ordered = close.in_order and not (is_cjk and OBJECT_FIRST in scan.languages)
    reach = close.words * (CJK_WORD if is_cjk else 1)
    places = places[bisect_left(places, (other[0] - reach - 8, -1)) : bisect_left(places, (other[1] + reach + 2, -1))]
    if is_behind:
        places = [place for place in places if are_close(other, place, reach, is_ordered=is_ordered)]
    else:
        places = [place for place in places if are_close(place, other, reach, is_ordered=is_ordered)]
    if is_ordered and breaks & scan.mask:
        places = [place for place in places if not scan.places_of(breaks, min(place[1], other[1]) + 1, max(place[0], other[0]))]
    return places


def are_close(a: Place, b: Place, reach: int, *, is_ordered: bool) -> bool:
    """True when at most `reach` words part two places, `a` first if ordered; `take your review down` holds its object inside."""
    if a[0] < b[0] and b[1] <= a[1]:
        return True
    if a[1] < b[0]:
        return b[0] - a[1] - 1 <= reach
    return not is_ordered and b[1] < a[0] and a[0] - b[1] - 1 <= reach


def _is_cjk(norm: str) -> bool:
    return "\u3040" <= norm[:1] <= "\u9fff"


def _is_ours(scan: Scan, place: Place, others: int, theirs: int) -> bool:
    """True when the nearest subject before this place is one of `others`."""
    tokens = scan.document.tokens
    sentence = scan.document.sentences[tokens[place[0]].sentence]
    reach = AGENT_REACH * (CJK_WORD if _is_cjk(tokens[place[0]].norm) else 1)
    first = max(sentence.first, place[0] - reach)
    ours = scan.places_of(others, first, place[0])
    if not ours:
        return False
    asked = scan.places_of(theirs, first, place[0])
    return not asked or asked[-1][0] < ours[-1][0]
