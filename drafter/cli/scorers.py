"""`drafter evals scorers`, `evals agreement` and `evals calibrate`: may the scorers be believed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from drafter.cli.jsonl import as_json_option, write_json
from drafter.content import read_jsonl
from drafter.decision import load_decision_policy
from drafter.domain import Draft, Origin, Scorecard
from drafter.errors import ContentError, RequestError
from drafter.evals.agreement import calibrate, measure_agreement, read_labels, score_replies
from drafter.evals.floors import SETS, HeldFloor, hold_floors, learn_floors, replies_sha256
from drafter.evals.intervals import NothingMeasured
from drafter.evals.scorers import find_dead, load_controls, measure_falls
from drafter.judges import Judges, build_judges
from drafter.scoring import load_scorer
from drafter.scoring.calibration import PATH as CALIBRATION
from drafter.scoring.calibration import load_calibration

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Show every control, not only those that were missed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def scorers(show_all: bool, as_json: bool) -> int:
    """Let every scorer judge its controls in eight languages; 1 when one is dead: it cannot tell a bad reply from a good one."""
    root = build_judges().root
    falls = measure_falls(load_scorer(root), load_controls(root))
    dead = find_dead(falls)
    if as_json:
        write_json({"controls": [{**asdict(fall), "is_seen": fall.is_seen} for fall in falls], "dead": dead})
        return 1 if dead else 0
    for fall in falls:
        if show_all or not fall.is_seen:
            click.echo(f"  {fall.scorer:<14} {fall.language} {fall.control:<15} good {_figure(fall.good)} bad {_figure(fall.bad)}")
    seen = sum(fall.is_seen for fall in falls)
    click.echo(f"{seen} of {len(falls)} controls seen; dead: {', '.join(dead) or 'none'}")
    return 1 if dead else 0


@click.command()
@click.argument("left", type=FILE)
@click.argument("right", type=FILE)
@as_json_option
def agreement(left: Path, right: Path, as_json: bool) -> int:
    """Compare two readers' labels of the same replies (JSONL): kappa for each dimension."""
    try:
        found = measure_agreement(read_labels(left), read_labels(right))
    except NothingMeasured as exc:
        raise RequestError(str(exc), code="nothing_measured") from exc
    if as_json:
        write_json({"dimensions": [asdict(one) for one in found]})
        return 0
    for one in found:
        click.echo(f"{one.dimension:<16} n {one.n:<4} same {one.observed:.0%}  kappa {_figure(one.kappa)}")
    return 0


@click.command("calibrate")
@click.argument("replies", type=FILE)
@click.argument("labels", type=FILE)
@as_json_option
def calibrate_scorers(replies: Path, labels: Path, as_json: bool) -> int:
    """Score labelled replies (JSONL) and compare each scorer with the labels, on the half to choose by and on the half to report."""
    try:
        found = calibrate(score_replies(list(read_jsonl(replies)), _judge_of(build_judges())), read_labels(labels))
    except NothingMeasured as exc:
        raise RequestError(str(exc), code="nothing_measured") from exc
    if as_json:
        write_json({"calibration": [asdict(one) for one in found]})
        return 0
    for one in found:
        figures = f"n {one.n:<4} rank correlation {_figure(one.rank_correlation)}  AUC {_figure(one.auc)}"
        click.echo(f"{one.scorer:<14} {one.dimension:<12} {one.half:<7} {figures}")
    return 0


def _judge_of(judges: Judges) -> Callable[[Mapping[str, Any], str], Scorecard]:
    """Scores a reply to a request, as if a model had written it."""
    score = load_scorer(judges.root)

    def judge(value: Mapping[str, Any], reply: str) -> Scorecard:
        request = judges.receive(value).request
        triage = judges.triager.triage(request)
        draft = Draft(
            text=reply,
            language=request.options.language or triage.language,
            origin=Origin.MODEL,
            content=(),
            prompt=None,
            model_asked=None,
            model_answered=None,
            attempt=1,
        )
        return score(draft, request, triage)

    return judge


@click.command()
@click.option("--learn", is_flag=True, help="Learn the floors anew and write evals/calibration.json.")
@as_json_option
def floors(learn: bool, as_json: bool) -> int:
    """Show from which value each score is low, with what that finds on the half of the labelled replies it was not learnt from.

    A floor holds unless its scorer has another version now, or it surely calls more than 5 % of the replies low that are not bad.
    Exit code 1 when one does not hold that the decision acts on.
    """
    judges = build_judges()
    root, judge = judges.root, _judge_of(judges)
    cards = {str(row["id"]): judge(row["request"], row["reply"]) for row in read_jsonl(root / SETS[0])}
    scores = {name: {s.scorer: s.value for s in card.scores} for name, card in cards.items()}
    versions = {s.scorer: s.version for card in cards.values() for s in card.scores}
    readers = [read_labels(root / path) for path in SETS[1:]]
    found = load_calibration(root)
    if learn:
        version = found.version + 1 if found else 1
        fresh = learn_floors(scores, versions, readers, version=version, sha256=replies_sha256(root))
        (root / CALIBRATION).write_text(fresh.model_dump_json(indent=1) + "\n", encoding="utf-8")
        found = load_calibration(root)
    if found is None:
        raise ContentError(root / CALIBRATION, "no floors", hint="`drafter evals floors --learn`")
    if found.replies_sha256 != replies_sha256(root):
        click.echo("the labelled replies have changed since the floors were learnt", err=True)
    held = hold_floors(found, scores, versions, readers)
    if as_json:
        write_json({"calibration": found.id, "floors": [{**one.model_dump(mode="json"), "holds": one.holds} for one in held]})
    else:
        click.echo(f"calibration {found.id}; figures of the half that it was not learnt from")
        for one in held:
            click.echo(_floor_line(one))
    acting = load_decision_policy(root).score_floors
    return 0 if all(one.holds for one in held if one.scorer in acting) else 1


def _floor_line(one: HeldFloor) -> str:
    caught = f"finds {one.caught.value:.0%} [{one.caught.low:.0%}, {one.caught.high:.0%}] of {one.bad} bad"
    false = f"and {one.false.value:.0%} [{one.false.low:.0%}, {one.false.high:.0%}] of {one.good} others"
    standing = "holds" if one.holds else "does not hold" if one.is_current else "learnt with another version of the scorer"
    return f"{one.scorer:<14} {one.floor:.3f}  {one.dimension:<22} {caught} {false}  {standing}"


def _figure(value: float | None) -> str:
    return "  — " if value is None else f"{value:.2f}"


COMMANDS = (scorers, agreement, calibrate_scorers, floors)
