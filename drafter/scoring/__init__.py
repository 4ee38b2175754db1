"""Draft -> Scorecard: one file per scorer, used live and in evals."""
