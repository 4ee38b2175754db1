"""All scorers together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drafter.domain import Draft, DraftRequest, Score, Scorecard, Triage
from drafter.scoring import (
    boilerplate,
    brevity,
    coverage,
    empathy,
    grounding,
    lift,
    next_step,
    parroting,
    readability,
    roteness,
    specificity,
    tone,
)
from drafter.scoring.lexicon import Lexicon, load_lexicons
from drafter.scoring.material import Material, read_material
from drafter.scoring.words import Runs

SCORERS: dict[str, Callable[[Material], Score]] = {
    specificity.NAME: specificity.score_specificity,
    boilerplate.NAME: boilerplate.score_boilerplate,
    parroting.NAME: parroting.score_copying,
    coverage.NAME: coverage.score_coverage,
    empathy.NAME: empathy.score_empathy,
    brevity.NAME: brevity.score_brevity,
    next_step.NAME: next_step.score_next_step,
    lift.NAME: lift.score_lift,
    roteness.NAME: roteness.score_roteness,
    tone.NAME: tone.score_tone,
    readability.NAME: readability.score_readability,
    grounding.NAME: grounding.score_grounding,
}


@dataclass(frozen=True, slots=True)
class DraftScorer:
    """Scores drafts with the word lists it was given."""

    lexicons: Mapping[str, Lexicon]

    def __call__(self, draft: Draft, request: DraftRequest, triage: Triage, history: tuple[Runs, ...] = ()) -> Scorecard:
        """All scores of a draft, in the order of `SCORERS`.

        Args:
            history: Earlier replies of this sender to others; those of this thread are in the request.
        """
        material = read_material(draft, request, triage, self.lexicons, history)
        return Scorecard(scores=tuple(scorer(material) for scorer in SCORERS.values()))


def load_scorer(content_root: Path) -> DraftScorer:
    """Scorer with the word lists of `prompts/words/`.

    Raises:
        ContentError: a word list is wrong.
    """
    return DraftScorer(load_lexicons(content_root))
