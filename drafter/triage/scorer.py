"""Which complaints a text makes, weighed: whole numbers over concepts, frames and words; the same on every machine.

One word is seldom a complaint and often a hint. The weights say how much each hint counts for each issue; they are learnt from the
labelled texts in `evals/sets/` by `python -m drafter.evals.triage_training` and kept in `guardrails/triage/weights.json`. What is learnt
of a concept in one language holds in all; words and their beginnings add what no lexicon has thought of, those among them that no labelled
text holds by where they lie in meaning.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from drafter.content import read_text
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.frames import CERTAIN, Complaint
from drafter.triage.lexicon import FIGURE, Seen
from drafter.triage.reading import Reading

LEARNT = "learnt"
"""How a complaint was found when no frame says it."""
GUESSED = "guessed"
"""How a complaint was found that weighs too little, yet more than any other."""
WORD = "w:"
"""How the name of a feature begins that is a word, its beginning (`w:broke*`), its end (`w:*roken`) or two words, and no concept."""
STEM = 5
"""Letters that words of one family share."""
MAX_RUN = 3
"""Characters of a run in Chinese and Japanese, where a word is not marked."""

SHORT_WORDS = 6
SHORT_CHARACTERS = 12
_QUOTED = re.compile("[\"“”„«‹「『][^\"“”„«»‹›「」『』\\n]{2,40}[\"“”»›」』]|(?<!\\w)['‘‚][^'‘’‚\\n]{2,40}['’](?!\\w)")

UNSAID = {Issue.SAFETY_HAZARD.value: 30, Issue.COUNTERFEIT_SUSPICION.value: 10**6}
"""How far above the threshold an issue must weigh that no frame or phrase says: a person is called for it, never on a guess. A fake that
nobody speaks of is none."""
LIKELY = 70
"""How far below the threshold a hazard that is said still counts."""
HEAD_START = 0.3
"""Share of what an issue weighs before a word is read that does not count in a guess: else what is commonest is guessed too often."""
FEW_CLAUSES = 10
CHANCE = 20
"""What each clause beyond a few adds to what an unstated complaint must weigh: in a long story small weights add up by chance."""
DOUBT = 30
"""How far below the threshold an issue still is suspected."""

LETTERS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\')[:91]
"""One for each level of a weight, the middle one for nothing."""
_LEVELS = {letter: int(n * (abs(n) + 12) / 8) for n, letter in enumerate(LETTERS, -(len(LETTERS) // 2))}
"""Finer where weights are small, as most are."""

Places = list[tuple[int, int]]
Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """`weights.json`: what each feature says for each issue, in hundredths."""

    threshold: int
    """Score from which an issue is taken."""
    faint: int
    """Score from which the best issue is taken when none reaches the threshold."""
    issues: tuple[str, ...]
    """Order of the numbers of a row."""
    bias: Row
    features: Mapping[str, str]
    """Feature -> its row, a letter for each issue (`pack`)."""

    def rows(self, features: Iterable[str]) -> dict[str, Row]:
        """Of each feature that says something, what it says for each issue."""
        known = ((feature, self.features.get(feature)) for feature in features)
        return {feature: _unpack(letters) for feature, letters in known if letters}


@lru_cache(maxsize=1 << 12)
def _unpack(letters: str) -> Row:
    """The row of these letters: most words of a review stand in the next one as well."""
    return tuple(map(_LEVELS.__getitem__, letters))


def pack(row: Iterable[float]) -> str:
    """Letters of a row."""
    return "".join(_letter(round(weight)) for weight in row)


@cache
def _letter(weight: int) -> str:
    """The letter whose level is nearest."""
    return min(_LEVELS, key=lambda letter: (abs(_LEVELS[letter] - weight), letter))


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a text complains of."""

    complaints: tuple[Complaint, ...]
    """In order of place. Those found keep their words, learnt ones get the clause that speaks for them most."""
    suspected: frozenset[Issue]
    """Issues that may be meant, taken ones among them; who asks for a pure text must not rest on the threshold."""


def find_features(seen: Seen, complaints: Sequence[Complaint]) -> dict[str, Places]:
    """What the text has to say for and against complaints, each with the units it stands on. Figures of speech say nothing."""
    features: dict[str, Places] = {}
    figures = {unit for m in seen.mentions if m.name == FIGURE for unit in range(m.first, m.last)}
    for mention in seen.mentions:
        if mention.name == FIGURE:
            continue
        name = f"-{mention.name}" if seen.is_negated(mention) else mention.name
        features.setdefault(name, []).append((mention.first, mention.last))
    for complaint in complaints:
        features.setdefault(f"={complaint.issue}", []).append((complaint.first, complaint.last))
    for name, first, last in (*name_words(seen.reading), *_marks(seen.reading)):
        if not figures or figures.isdisjoint(range(first, last)):
            features.setdefault(name, []).append((first, last))
    return features


def name_words(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """Features that are words, or runs of characters, with their units."""
    return _runs(reading) if reading.is_characters else _words(reading)


def _marks(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """What says something by its shape: words of the page or the seller in quotation marks, and a text of hardly any words."""
    starts = reading.starts
    for found in _QUOTED.finditer(reading.text):
        first, last = bisect_left(starts, found.start()), bisect_left(starts, found.end())
        if first < last:
            yield "#quoted", first, last
    if 0 < len(starts) <= (SHORT_CHARACTERS if reading.is_characters else SHORT_WORDS):
        yield "#short", 0, len(starts)


def _words(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """Each word, its beginning, its end, and itself with the word before; numbers are all one."""
    before, clause = "", -1
    for unit, (norm, own) in enumerate(zip(reading.norms, reading.clauses, strict=True)):
        yield f"{WORD}{'0' if norm.isdigit() else norm}", unit, unit + 1
        if len(norm) > STEM:
            yield f"{WORD}{norm[:STEM]}*", unit, unit + 1
        if len(norm) > STEM + 1:
            yield f"{WORD}*{norm[-STEM:]}", unit, unit + 1
        if own == clause:
            yield f"{WORD}{before} {norm}", unit - 1, unit + 1
        before, clause = norm, own


def _runs(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """Runs of characters within a sentence."""
    norms, sentences = reading.norms, reading.sentences
    for first in range(len(norms)):
        for last in range(first + 1, min(first + MAX_RUN, len(norms)) + 1):
            if sentences[last - 1] != sentences[first]:
                break
            yield WORD + "".join(norms[first:last]), first, last


def weigh(weights: Weights, seen: Seen, complaints: Sequence[Complaint]) -> Weighed:
    """Complaints whose issue weighs enough in the text, or plainly enough in one clause."""
    features = find_features(seen, complaints)
    clauses = seen.reading.clauses
    rows = weights.rows(features)
    parts = _weigh_clauses(rows, features, clauses)
    scores = _score(weights, rows, parts)
    stated = {c.issue for c in complaints}
    chance = CHANCE * max(0, len(parts) - FEW_CLAUSES)
    unsaid = {issue: chance + UNSAID.get(issue, 0) for issue in scores.keys() - stated}
    taken = {issue for issue, score in scores.items() if score >= weights.threshold + unsaid.get(issue, 0)}
    # Nobody is safer because the rest of the review speaks of something else: a hazard that is said needs only to be likely.
    taken |= {c.issue for c in complaints if c.issue in UNSAID and scores[c.issue] >= weights.threshold - LIKELY}
    taken |= {c.issue for c in complaints if c.weight >= CERTAIN}
    via = LEARNT
    if not taken and features and not _only_praises(features, complaints):
        head_starts = dict(zip(weights.issues, weights.bias, strict=True))
        best = max(scores.keys() - (UNSAID.keys() - stated), key=lambda issue: (scores[issue] - HEAD_START * head_starts[issue], issue))
        taken, via = {best} if scores[best] >= weights.faint else set(), GUESSED
    kept = [c for c in complaints if c.issue in taken]
    for issue in sorted(taken - {c.issue for c in kept}):
        own = weights.issues.index(issue)
        weight, clause = max(((part[own], -at) for at, part in parts.items()), default=(0, 0))
        if weight > 0:
            kept.append(Complaint(issue, bisect_left(clauses, -clause), bisect_right(clauses, -clause), 1, via))
    suspected = taken | {c.issue for c in complaints} | {issue for issue, score in scores.items() if score >= weights.threshold - DOUBT}
    return Weighed(tuple(sorted(kept, key=lambda c: (c.first, c.last, c.issue))), frozenset(map(Issue, suspected)))


def _weigh_clauses(rows: Mapping[str, Row], features: Mapping[str, Places], clauses: Sequence[int]) -> dict[int, Row]:
    """Clause -> what its words weigh for each issue."""
    parts: dict[int, list[Row]] = {}
    for feature, row in rows.items():
        for clause in {clauses[first] for first, _ in features[feature]}:
            parts.setdefault(clause, []).append(row)
    return {clause: tuple(map(sum, zip(*own, strict=True))) for clause, own in parts.items()}


def _score(weights: Weights, rows: Mapping[str, Row], parts: Mapping[int, Row]) -> dict[str, int]:
    """Weight of each issue: that of the whole text or of its plainest clause."""
    wholes = [tuple(map(sum, zip(*rows.values(), strict=True)))] if rows else []
    best = map(max, zip(*wholes, *parts.values(), strict=True)) if rows else [0] * len(weights.issues)
    return {issue: base + weight for issue, base, weight in zip(weights.issues, weights.bias, best, strict=True)}


def _only_praises(features: Mapping[str, Places], complaints: Sequence[Complaint]) -> bool:
    """True when there is praise, nothing denied and nothing complained of."""
    return "praise" in features and not complaints and not any(feature.startswith("-") for feature in features)


def load_weights(path: Path) -> Weights:
    """Weights of `weights.json`.

    Raises:
        ContentError: not such a file, or it names an unknown issue.
    """
    try:
        values = json.loads(read_text(path))
        bias = {Issue(issue).value: int(weight) for issue, weight in values["bias"].items()}
        weights = Weights(int(values["threshold"]), int(values["faint"]), tuple(bias), tuple(bias.values()), dict(values["features"]))
        if {*map(len, weights.features.values())} - {len(bias)} or not {*"".join(weights.features.values())} <= _LEVELS.keys():
            raise ValueError("a row needs one of its letters for each issue")
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"not a file of weights: {exc}", hint="run python -m drafter.evals.triage_training") from exc
    return weights
