"""Draft -> Scorecard. Deterministic scorers, used live and in evals.

To add a scorer, add a file with NAME, VERSION and one function from `Material` to `Score`, and a line in `SCORERS`.
"""

from drafter.scoring.scorer import SCORERS, DraftScorer, load_scorer

__all__ = ["SCORERS", "DraftScorer", "load_scorer"]
