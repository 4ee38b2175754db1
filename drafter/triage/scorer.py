"""Which complaints a text makes, weighed: whole numbers over concepts, pairs of concepts and frames; the same on every machine.

One word is seldom a complaint and often a hint. The weights say how much each hint counts for each issue; they are learnt from the
texts in `evals/sets/triage_tuning.jsonl` by `python -m drafter.triage.training` and kept in `guardrails/triage/weights.json`. They know
concepts, never words, so that what is learnt in one language holds in all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.content import read_text
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.frames import Complaint
from drafter.triage.lexicon import Seen

LEARNT = "learnt"
"""How a complaint was found when no frame says it."""
MAX_PAIRED = 24
"""Concepts of one sentence that are paired; more says nothing new and costs time."""

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


def find_features(seen: Seen, complaints: Sequence[Complaint]) -> dict[str, Places]:
    """What the text has to say for and against complaints, each with the units it stands on."""
    features: dict[str, Places] = {}
    sentences: dict[int, dict[str, tuple[int, int]]] = {}
    for mention in seen.mentions:
        name = f"-{mention.name}" if seen.is_negated(mention) else mention.name
        features.setdefault(name, []).append((mention.first, mention.last))
        sentences.setdefault(seen.reading.sentences[mention.first], {}).setdefault(name, (mention.first, mention.last))
    for names in sentences.values():
        ordered = sorted(names.items())[:MAX_PAIRED]
        for i, (a, place) in enumerate(ordered):
            for b, other in ordered[i + 1 :]:
                features.setdefault(f"{a}&{b}", []).append((min(place[0], other[0]), max(place[1], other[1])))
    for complaint in complaints:
        features.setdefault(f"={complaint.issue}", []).append((complaint.first, complaint.last))
    return features


def weigh(weights: Weights, seen: Seen, complaints: Sequence[Complaint]) -> list[Complaint]:
    """Complaints whose issue weighs enough; found ones keep their words, learnt ones get the words that speak for them most."""
    features = find_features(seen, complaints)
    scores = dict(weights.bias)
    for feature in features:
        for issue, weight in weights.features.get(feature, {}).items():
            scores[issue] += weight
    taken = {issue for issue, score in scores.items() if score >= weights.threshold}
    if not taken and features and not _only_praises(features, complaints):
        best = max(scores, key=lambda issue: (scores[issue], issue))
        taken = {best} if scores[best] >= weights.faint else set()
    kept = [c for c in complaints if c.issue in taken]
    for issue in sorted(taken - {c.issue for c in kept}):
        place = _strongest(weights, features, issue)
        if place:
            kept.append(Complaint(issue, place[0], place[1], 1, LEARNT))
    return sorted(kept, key=lambda c: (c.first, c.last, c.issue))


def _only_praises(features: Mapping[str, Places], complaints: Sequence[Complaint]) -> bool:
    """True when there is praise, nothing denied and nothing complained of."""
    return "praise" in features and not complaints and not any(feature.startswith("-") for feature in features)


def _strongest(weights: Weights, features: Mapping[str, Places], issue: str) -> tuple[int, int] | None:
    """Units of the feature that speaks most for the issue; None when none does."""
    speaking = [(weights.features.get(feature, {}).get(issue, 0), places[0]) for feature, places in features.items()]
    weight, place = max(speaking, key=lambda item: (item[0], -item[1][0], -item[1][1]), default=(0, None))
    return place if weight > 0 else None


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
