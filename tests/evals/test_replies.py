"""The replies for calibration and their labels are whole."""

from __future__ import annotations

from collections import Counter

from drafter.content import find_content_root, read_jsonl
from drafter.evals.agreement import half_of, read_labels

PRIVATE_ONLY = "empathy_exploration"
DIMENSIONS = {
    "coverage",
    "truth",
    "specificity",
    "own_words",
    "empathy_reaction",
    "empathy_interpretation",
    PRIVATE_ONLY,
    "tone",
    "next_step",
    "brevity",
    "overall",
}


def test_replies_are_balanced_and_no_review_is_in_both_halves() -> None:
    """Each review has one reply of each origin, all in one half."""
    folder = find_content_root() / "evals" / "sets"
    ids = [row["id"] for row in read_jsonl(folder / "replies.jsonl")]
    origins = {row["id"]: row for row in read_jsonl(folder / "replies_origin.jsonl")}
    assert len(ids) == len(set(ids)) == 240
    assert set(ids) == set(origins)
    assert set(Counter((row["case"], row["origin"]) for row in origins.values()).values()) == {1}
    assert len({(row["case"], half_of(i)) for i, row in origins.items()}) == 80


def test_labels_are_whole() -> None:
    """A reader labels every reply on every dimension of docs/calibration.md; a public reply has nothing to explore."""
    folder = find_content_root() / "evals" / "sets"
    rows = {row["id"]: row["request"]["channel"] for row in read_jsonl(folder / "replies.jsonl")}
    for path in sorted(folder.glob("replies_labels_*.jsonl")):
        labels = read_labels(path)
        assert set(labels) == set(rows), path.name
        for reply_id, given in labels.items():
            expected = DIMENSIONS - {PRIVATE_ONLY} if rows[reply_id] == "feedback_reply" else DIMENSIONS
            assert set(given) == expected, f"{path.name}: {reply_id}"
