"""One entry of a language file: a word, a stem, or several words with gaps, and how it is found in a text.

Matching is linear: each step looks once at each token of its window. How an entry is written: `entry_lines.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from drafter.guardrails.steps import Step, Test

MAX_GAP = 12
MAX_STEPS = 12
COST_OF_COMMON = 120
COST_BY_LENGTH = (40, 40, 40, 30, 15, 8, 4, 2)
"""Rough occurrences of a word of this many letters in a thousand texts, for choosing where a search starts, and with it which of several
words is taken for an entry's end. Whole numbers: sums of others depend on the order of a set, which is another in each process.
"""
STEM_COST = 2
NEVER_FIRST = 10**7


class Leg(NamedTuple):
    """A step that is looked for from another one."""

    gap: int
    """Most words that may stand between the two."""
    text: str
    """The step's word; empty when it is more than one word."""
    test: Test


Plan = tuple[Leg, ...]
"""Steps in the order in which they are looked for."""


class Entry:
    """A compiled line: its steps, and the one where the search starts.

    Most entries of a language never meet a text, so everything but the start is worked out when their first word is met.
    """

    __slots__ = ("_left", "_right", "anchor", "bit", "first", "gaps", "last", "needle", "steps", "text", "third")

    def __init__(self, bit: int, steps: Sequence[Step], gaps: Sequence[int], anchor: int, text: str) -> None:
        """Compile.

        Args:
            bit: Of the concept.
            steps: The words, in order.
            gaps: Most words that may stand before each step; the first is 0.
            anchor: The step where the search starts.
            text: The line, with its alternatives chosen.
        """
        self.bit = bit
        self.steps = steps
        self.gaps = gaps
        self.text = text
        self.anchor = anchor
        self.first, self.last = self._run()
        """Steps of the run around the anchor: words known one by one that stand side by side."""
        self._left: Plan | None = None
        self._right: Plan = ()
        self.needle = ""
        """Letters that the sentence must hold besides the run, words written together; empty when that is not known."""
        self.third: frozenset[str] | None = None
        """Words of which one must stand in the sentence besides what the search starts from; None when that is not known."""

    @property
    def is_single(self) -> bool:
        """True for an entry of one word."""
        return len(self.steps) == 1

    @property
    def is_run(self) -> bool:
        """True when two or more words side by side are known, so that a search can start from all of them at once."""
        return self.last > self.first

    @property
    def is_whole_run(self) -> bool:
        """True when the run is all there is."""
        return self.last - self.first + 1 == len(self.steps)

    def _run(self) -> tuple[int, int]:
        steps, gaps = self.steps, self.gaps
        first = last = self.anchor
        if steps[first].is_sure:
            while first and not gaps[first] and steps[first - 1].is_sure:
                first -= 1
            while last + 1 < len(steps) and not gaps[last + 1] and steps[last + 1].is_sure:
                last += 1
        return first, last

    @property
    def anchors(self) -> tuple[Step, ...]:
        """Words at which to try this entry: those its run begins with."""
        return self.steps[self.first].members

    @property
    def next_words(self) -> frozenset[str]:
        """Words of which one must stand right after the anchor; empty when that is not known."""
        after = self.anchor + 1
        return self.steps[after].sure_words if after < len(self.steps) and not self.gaps[after] else frozenset()

    @property
    def previous_words(self) -> frozenset[str]:
        """The same, right before the anchor."""
        return self.steps[self.anchor - 1].sure_words if self.anchor and not self.gaps[self.anchor] else frozenset()

    @property
    def partners(self) -> tuple[frozenset[str], ...]:
        """For each step outside the run that is sure to be one of a few words: these words, the fewest first."""
        first, last = (self.first, self.last) if self.is_run else (self.anchor, self.anchor)
        sure = [step.sure_words for i, step in enumerate(self.steps) if not first <= i <= last and step.sure_words]
        return tuple(sorted(sure, key=_rarity))

    def prepare(self) -> None:
        """Make ready to match."""
        if self._left is None:
            steps, gaps, partners = self.steps, self.gaps, self.partners
            self.needle = max(map(self._letters, (range(self.first), range(self.last + 1, len(steps)))), key=len)
            self.third = partners[0] if self.is_run and partners else partners[1] if len(partners) > 1 else None
            self._right = tuple(_leg(gaps[k], steps[k]) for k in range(self.last + 1, len(steps)))
            self._left = tuple(_leg(gaps[k + 1], steps[k]) for k in range(self.first - 1, -1, -1))

    def _letters(self, within: range) -> str:
        """Most letters that these steps are sure to put side by side."""
        found = [""]
        for k in within:
            step = self.steps[k]
            if step.kind == "word" and not self.gaps[k]:
                found[-1] += step.text
            else:
                found.append(step.text if step.kind == "word" else "")
        return max(found, key=len)

    def match(self, norms: Sequence[str], at: int) -> tuple[int, int] | None:
        """Tokens [first, last] of this entry whose run would begin at `at` in a sentence; None when it does not stand there."""
        end = at + self.last - self.first + 1
        run = zip(self.steps[self.first :], norms[at:end], strict=False)
        stands = end <= len(norms) and all(step.test(norm) for step, norm in run)
        return self.reach(norms, at) if stands else None

    def reach(self, norms: Sequence[str], at: int) -> tuple[int, int] | None:
        """The same, where it is known that the run stands at `at`."""
        right = at + self.last - self.first
        if self._right:
            right = _walk_right(norms, right, self._right)
            if right < 0:
                return None
        if not self._left:
            return at, right
        left = _walk_left(norms, at, self._left)
        return None if left < 0 else (left, right)


def _leg(gap: int, step: Step) -> Leg:
    return Leg(gap, step.text if step.kind == "word" else "", step.test)


def _rarity(words: frozenset[str]) -> tuple[int, int]:
    """Small for few and long words, which are rare in texts."""
    return len(words), -min(len(word) for word in words)


class Costs:
    """About how often a step's words stand in a text: function words often, long words hardly ever."""

    def __init__(self, common: frozenset[str]) -> None:
        self._common = common
        self._known: dict[Step, int] = {}

    def of(self, step: Step) -> int:
        """Rough occurrences in a thousand texts."""
        cost = self._known.get(step)
        if cost is None:
            cost = self._known[step] = self._sum_up(step)
        return cost

    def _sum_up(self, step: Step) -> int:
        if step.kind == "number":
            return NEVER_FIRST
        if step.kind == "set":
            return sum(map(self._word, step.words)) + sum(map(self.of, step.others))
        return self._word(step.text) * (1 if step.kind == "word" else STEM_COST)

    def _word(self, word: str) -> int:
        return COST_OF_COMMON if word in self._common else COST_BY_LENGTH[min(len(word), len(COST_BY_LENGTH) - 1)]


def _walk_right(norms: Sequence[str], at: int, plan: Plan) -> int:
    """Place of the last step right of `at`, nearest first; -1 when a step is missing. Each token is looked at once a step."""
    starts = [at]
    stop = len(norms)
    for gap, text, test in plan:
        if len(starts) == 1:
            found = _places_of(text, test, norms, starts[0] + 1, min(starts[0] + gap + 2, stop))
        else:
            found = []
            seen = starts[0]
            for start in starts:
                last = min(start + gap + 2, stop)
                found += _places_of(text, test, norms, max(start, seen) + 1, last)
                seen = max(seen, last - 1)
        if not found:
            return -1
        starts = found
    return starts[0]


def _walk_left(norms: Sequence[str], at: int, plan: Plan) -> int:
    """Place of the first step left of `at`, nearest first; -1 when a step is missing."""
    starts = [at]
    for gap, text, test in plan:
        found: list[int] = []
        seen = starts[0]
        for start in starts:
            first = max(start - gap - 1, 0)
            found += reversed(_places_of(text, test, norms, first, min(start, seen)))
            seen = min(seen, first)
        if not found:
            return -1
        starts = found
    return starts[0]


def _places_of(text: str, test: Test, norms: Sequence[str], first: int, last: int) -> list[int]:
    """Where a step's words stand in [first, last)."""
    window = norms[first:last]
    if not text:
        return [place for place, norm in enumerate(window, first) if test(norm)]
    # A word that is not there, as most are not, is told by one look at all of the window.
    if text not in window:
        return []
    if window.count(text) == 1:
        return [first + window.index(text)]
    return [place for place, norm in enumerate(window, first) if norm == text]
