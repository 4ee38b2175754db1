"""Readers against readers, scorers against readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from drafter.cli.scorers import agreement, calibrate_scorers
from drafter.errors import ContentError, RequestError
from drafter.evals.agreement import (
    Label,
    area_under_curve,
    calibrate,
    half_of,
    measure_agreement,
    rank_correlation,
    read_labels,
)
from drafter.evals.intervals import NothingMeasured

G, U, B = Label.GOOD, Label.USABLE, Label.BAD


def given(*labels: Label) -> dict[str, dict[str, Label]]:
    """One reader's labels of replies 0, 1, 2 and so on."""
    return {str(i): {"overall": label} for i, label in enumerate(labels)}


def test_kappa_of_a_textbook_table() -> None:
    """50 items, 20 both good, 15 both bad, 5 and 10 apart: unweighted and squared kappa are the same for two labels, 0.4."""
    left = given(*[G] * 25, *[B] * 25)
    right = given(*[G] * 20, *[B] * 5, *[G] * 10, *[B] * 15)
    one = measure_agreement(left, right)[0]
    assert (one.n, one.observed) == (50, 0.7)
    assert one.kappa == pytest.approx(0.4)


def test_a_label_one_step_away_is_a_smaller_quarrel() -> None:
    """Good against bad costs four times good against usable."""
    base = given(G, U, B, G, U, B)
    near, far = measure_agreement(base, given(U, U, B, G, U, B))[0], measure_agreement(base, given(B, U, B, G, U, B))[0]
    assert near.kappa is not None
    assert far.kappa is not None
    assert near.observed == far.observed
    assert near.kappa > far.kappa


def test_readers_without_variety_or_overlap_have_no_kappa() -> None:
    """None, or nothing measured: never 0 or 1 by accident."""
    assert measure_agreement(given(G, G), given(G, G))[0].kappa is None
    with pytest.raises(NothingMeasured):
        measure_agreement(given(G), {"other": {"overall": G}})


@pytest.mark.parametrize(
    ("left", "right", "rho"),
    [([1, 2, 3], [10, 20, 30], 1.0), ([1, 2, 3], [3, 2, 1], -1.0), ([1, 1, 2], [1, 2, 3], 0.8660254), ([1, 1], [1, 2], None)],
)
def test_rank_correlation(left: list[float], right: list[float], rho: float | None) -> None:
    """Ties share a mean rank; a constant side has none."""
    assert rank_correlation(left, right) == (pytest.approx(rho) if rho is not None else None)


@pytest.mark.parametrize(("good", "bad", "auc"), [([2, 3], [0, 1], 1.0), ([1], [1], 0.5), ([0], [1], 0.0), ([], [1], None)])
def test_area_under_curve(good: list[float], bad: list[float], auc: float | None) -> None:
    """Ties are half a point, and without both sorts there is none."""
    assert area_under_curve(good, bad) == auc


def test_halves_are_fixed_by_the_id_and_unknown_scores_left_out() -> None:
    """Adding a reply moves no other; None is no score."""
    ids = [f"r{i}" for i in range(40)]
    labels = {i: {"overall": (G, B)[n % 2]} for n, i in enumerate(ids)}
    scores: dict[str, dict[str, float | None]] = {i: {"lift": (1.0, 0.0)[n % 2], "tone": None} for n, i in enumerate(ids)}
    found = calibrate(scores, labels)
    assert {(c.scorer, c.half) for c in found} == {("lift", "choose"), ("lift", "report")}
    assert sum(c.n for c in found) == 40
    assert all(c.auc == 1.0 for c in found)
    assert {half_of(i) for i in ids} == {"choose", "report"}


def test_a_reply_labelled_twice_is_refused(tmp_path: Path) -> None:
    """And so is a label that is none."""
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id": "a", "labels": {"overall": "good"}}\n{"id": "a", "labels": {"overall": "bad"}}\n')
    with pytest.raises(ContentError, match="twice"):
        read_labels(path)
    path.write_text('{"id": "a", "labels": {"overall": "fine"}}\n')
    with pytest.raises(ContentError, match="labels"):
        read_labels(path)


def test_the_commands_print_figures(tmp_path: Path) -> None:
    """Two label files, then replies with labels."""
    rows = [("a", "good", "We are sorry that the lid leaks. Which lid is it?"), ("b", "bad", "Thanks.")]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("".join(json.dumps({"id": i, "labels": {"overall": label}}) + "\n" for i, label, _ in rows))
    replies = tmp_path / "replies.jsonl"
    replies.write_text("".join(json.dumps({"id": i, "reply": text, "request": {"body": "The lid leaks."}}) + "\n" for i, _, text in rows))
    told = CliRunner().invoke(agreement, [str(labels), str(labels)], standalone_mode=False)
    assert "kappa 1.00" in told.output
    told = CliRunner().invoke(calibrate_scorers, [str(replies), str(labels)], standalone_mode=False)
    assert "specificity" in told.output
    empty = tmp_path / "none.jsonl"
    empty.write_text("")
    told = CliRunner().invoke(agreement, [str(labels), str(empty)], standalone_mode=False)
    assert isinstance(told.exception, RequestError)
