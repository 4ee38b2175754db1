"""Whether a private draft leaves the buyer with exactly one next step, and a public one with none."""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material

NAME = "one_next_step"
VERSION = 1

QUESTION_MARKS = ("?", "？")


def score_next_step(material: Material) -> Score:
    """1 for one question or invitation (a question and the way to answer it are one), halved by each further question."""
    if material.lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    asking = tuple(place for s, place in zip(material.sentences, material.places, strict=True) if any(mark in s for mark in QUESTION_MARKS))
    questions = len(asking)
    invitations = sum(any(mark in s for mark in material.lexicon.ask) for s in material.sentences)
    if material.is_public:
        return Score(scorer=NAME, version=VERSION, value=0.5**questions, reason=f"public, {questions} questions")
    if not questions and not invitations:
        return Score(scorer=NAME, version=VERSION, value=0.0, reason="no next step")
    value = 0.5 ** max(0, questions - 1)
    return Score(scorer=NAME, version=VERSION, value=value, reason=f"{questions} questions, {invitations} invitations", spans=asking)
