import json

import pytest

from drafter.content import hash_files, read_jsonl
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.scorer import load_weights
from drafter.triage.training import SETS, Example, learn, write_weights


def test_weights_belong_to_the_texts_they_were_learnt_from(content_root):
    """After a change of the tuning set, `python -m drafter.triage.training` must run again."""
    sources = [content_root / "evals" / "sets" / name for name in SETS]
    weights = json.loads((content_root / "guardrails" / "triage" / "weights.json").read_text(encoding="utf-8"))
    assert weights["trained_on_sha256"] == hash_files(content_root, sources)


def test_tuning_labels_are_issues(content_root):
    """A misspelt label would teach nonsense."""
    known = {issue.value for issue in Issue}
    for name in SETS:
        for row in read_jsonl(content_root / "evals" / "sets" / name):
            assert set(row["issues"]) <= known, row["id"]


def test_learning_is_repeatable_and_survives_the_file(tmp_path):
    """The same examples give the same whole numbers, and reading gives back what was written."""
    examples = [Example(frozenset({"late"}), frozenset({"late_delivery"})), Example(frozenset({"dead"}), frozenset({"defective"}))] * 20
    weights = learn(examples)
    assert weights == learn(examples)
    assert weights.features["late"]["late_delivery"] > 0 > weights.features["late"]["defective"]
    write_weights(tmp_path / "weights.json", weights, trained_on="x")
    assert load_weights(tmp_path / "weights.json") == weights


def test_a_broken_file_names_the_command(tmp_path):
    """Weights are made, not written."""
    path = tmp_path / "weights.json"
    path.write_text("{}")
    with pytest.raises(ContentError, match=r"drafter\.triage\.training"):
        load_weights(path)
