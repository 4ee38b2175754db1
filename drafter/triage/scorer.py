"""Which complaints a text makes, weighed: whole numbers over concepts, frames and words; the same on every machine.

One word is seldom a complaint and often a hint. The weights say how much each hint counts for each issue; they are learnt from the
labelled texts in `evals/sets/` by `python -m drafter.triage.training` and kept in `guardrails/triage/weights.json`. What is learnt of a
concept in one language holds in all; words and their beginnings add what no lexicon has thought of.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.content import read_text
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.frames import CERTAIN, Complaint
from drafter.triage.lexicon import Seen
from drafter.triage.reading import Reading

LEARNT = "learnt"
"""How a complaint was found when no frame says it."""
GUESSED = "guessed"
"""How a complaint was found that weighs too little, yet more than any other."""
WORD = "w:"
"""How the name of a feature begins that is a word, or the beginning of one (`w:broke*`), and no concept."""
STEM = 5
"""Letters that words of one family share."""
MAX_RUN = 3
"""Characters of a run in Chinese and Japanese, where a word is not marked."""

NEVER_GUESSED = frozenset({Issue.SAFETY_HAZARD.value})
"""Unless a frame or phrase says it: a person is called for what is said, not for what is merely least unlikely."""
LIKELY = 40
"""How far below the threshold a hazard that is said still counts."""
FEW_CLAUSES = 10
CHANCE = 20
"""What each clause beyond a few adds to what an unstated complaint must weigh: in a long story small weights add up by chance."""
DOUBT = 30
"""How far below the threshold an issue still is suspected."""

Places = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Weights:
    """`weights.json`: what each feature says for each issue, in hundredths."""

    threshold: int
    """Score from which an issue is taken."""
    faint: int
    """Score from which the best issue is taken when none reaches the threshold."""
    bias: Mapping[str, int]
    features: Mapping[str, Mapping[str, int]]
    """Feature -> issue -> weight."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a text complains of."""

    complaints: tuple[Complaint, ...]
    """In order of place. Those found keep their words, learnt ones get the clause that speaks for them most."""
    suspected: frozenset[Issue]
    """Issues that may be meant, taken ones among them; who asks for a pure text must not rest on the threshold."""


def find_features(seen: Seen, complaints: Sequence[Complaint]) -> dict[str, Places]:
    """What the text has to say for and against complaints, each with the units it stands on."""
    features: dict[str, Places] = {}
    for mention in seen.mentions:
        name = f"-{mention.name}" if seen.is_negated(mention) else mention.name
        features.setdefault(name, []).append((mention.first, mention.last))
    for complaint in complaints:
        features.setdefault(f"={complaint.issue}", []).append((complaint.first, complaint.last))
    for name, first, last in _runs(seen.reading) if seen.reading.is_characters else _words(seen.reading):
        features.setdefault(name, []).append((first, last))
    return features


def _words(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """Each word and its beginning; numbers are all one."""
    for unit, norm in enumerate(reading.norms):
        yield f"{WORD}{'0' if norm.isdigit() else norm}", unit, unit + 1
        if len(norm) > STEM:
            yield f"{WORD}{norm[:STEM]}*", unit, unit + 1


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
    parts = _weigh_clauses(weights, features, clauses)
    scores = _score(weights, features, parts)
    stated = {c.issue for c in complaints}
    chance = CHANCE * max(0, len(parts) - FEW_CLAUSES)
    taken = {issue for issue, score in scores.items() if score >= weights.threshold + (0 if issue in stated else chance)}
    # Nobody is safer because the rest of the review speaks of something else: a hazard that is said needs only to be likely.
    taken |= {c.issue for c in complaints if c.issue in NEVER_GUESSED and scores[c.issue] >= weights.threshold - LIKELY}
    taken |= {c.issue for c in complaints if c.weight >= CERTAIN}
    via = LEARNT
    if not taken and features and not _only_praises(features, complaints):
        best = max(scores.keys() - (NEVER_GUESSED - stated), key=lambda issue: (scores[issue], issue))
        taken, via = {best} if scores[best] >= weights.faint else set(), GUESSED
    kept = [c for c in complaints if c.issue in taken]
    for issue in sorted(taken - {c.issue for c in kept}):
        weight, clause = max(((weight, -at) for at, own in parts.items() if (weight := own.get(issue, 0)) > 0), default=(0, 0))
        if weight:
            kept.append(Complaint(issue, bisect_left(clauses, -clause), bisect_right(clauses, -clause), 1, via))
    suspected = taken | {c.issue for c in complaints} | {issue for issue, score in scores.items() if score >= weights.threshold - DOUBT}
    return Weighed(tuple(sorted(kept, key=lambda c: (c.first, c.last, c.issue))), frozenset(map(Issue, suspected)))


def _weigh_clauses(weights: Weights, features: Mapping[str, Places], clauses: Sequence[int]) -> dict[int, dict[str, int]]:
    """Clause -> issue -> what the words of the clause weigh."""
    parts: dict[int, dict[str, int]] = {}
    for feature, places in features.items():
        row = weights.features.get(feature)
        for clause in {clauses[first] for first, _ in places} if row else ():
            part = parts.setdefault(clause, {})
            for issue, weight in row.items() if row else ():
                part[issue] = part.get(issue, 0) + weight
    return parts


def _score(weights: Weights, features: Mapping[str, Places], parts: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    """Weight of each issue: that of the whole text or of its plainest clause."""
    scores = dict(weights.bias)
    for feature in features:
        for issue, weight in weights.features.get(feature, {}).items():
            scores[issue] += weight
    for part in parts.values():
        for issue, weight in part.items():
            scores[issue] = max(scores[issue], weights.bias[issue] + weight)
    return scores


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
        weights = Weights(int(values["threshold"]), int(values["faint"]), values["bias"], values["features"])
        for issue in weights.bias:
            Issue(issue)
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"not a file of weights: {exc}", hint="run python -m drafter.triage.training") from exc
    return weights
