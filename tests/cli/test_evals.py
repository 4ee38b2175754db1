"""`drafter evals` keeps its exit codes, and a killed run goes on where it was."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import main

CASES = 500


@pytest.fixture
def own_root(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content root with the shipped words and rules and room for own suites."""
    for name in ("prompts", "guardrails"):
        (tmp_path / name).symlink_to(root / name)
    for name in ("sets", "suites", "baselines"):
        (tmp_path / "evals" / name).mkdir(parents=True)
    (tmp_path / "evals" / "calibration.json").symlink_to(root / "evals" / "calibration.json")
    monkeypatch.setenv("DRAFTER_CONTENT_DIR", str(tmp_path))
    return tmp_path


def add_suite(root: Path, rows: list[dict[str, Any]], *, name: str = "own", **suite: object) -> None:
    """A suite over these rows."""
    (root / "evals" / "sets" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    value = {"suite": name, "about": "own", "sets": [{"path": f"evals/sets/{name}.jsonl"}], **suite}
    (root / "evals" / "suites" / f"{name}.yaml").write_text(json.dumps(value), encoding="utf-8")


def row(name: str, text: str, severity: str | None = None, categories: tuple[str, ...] = ()) -> dict[str, Any]:
    """One labelled draft."""
    label = "violation" if severity else "compliant"
    return {"id": name, "channel": "review_followup", "text": text, "label": label, "severity": severity, "categories": list(categories)}


GOOD = [
    row("a", "We are sorry that the lid of your kettle leaks. Which week did you buy it?"),
    row("b", "Please delete your review and we will send you a gift card.", "block", ("incentive_for_review", "review_change_request")),
]
FLOORS = {"found": {"at_least": 0.9, "min_n": 1}, "blocked": {"at_most": 0.0, "min_n": 1}}


@pytest.fixture
def run(own_root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs `drafter evals …` and gives exit code and output."""

    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["evals", *arguments, "--runs", str(own_root / "runs")])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out + err

    return call


def test_a_suite_that_holds_is_0(own_root: Path, run: Callable[..., tuple[int, str]]) -> None:
    """And its last report can be shown again, in every shape."""
    add_suite(own_root, GOOD, subject="policy", gates={"floors": FLOORS})
    collects = gc.get_threshold()
    code, out = run("run", "own", "--out", str(own_root / "out"))
    assert gc.get_threshold() == collects
    assert (code, "PASSED" in out) == (0, True), out
    assert {path.suffix for path in (own_root / "out").iterdir()} == {".json", ".xml", ".md", ".html"}
    assert run("report", "own", "--format", "github") == (0, run("report", "own", "--format", "github")[1])


def test_a_suite_that_does_not_is_1_with_its_reason(own_root: Path, run: Callable[..., tuple[int, str]]) -> None:
    """The JSON has the code that a script branches on."""
    add_suite(own_root, [*GOOD, row("c", "All fine here.", "block", ("promotion",))], subject="policy", gates={"floors": FLOORS})
    code, out = run("run", "own", "--json")
    assert (code, json.loads(out)["verdict"]["reason"]) == (1, "floor")


def test_a_lost_baseline_case_is_no_pass(own_root: Path, run: Callable[..., tuple[int, str]]) -> None:
    """Blessed with two, run with one."""
    suite = {"subject": "policy", "baseline": "evals/baselines/own.json", "gates": {"graded": {"found": {}}}}
    add_suite(own_root, GOOD, **suite)
    assert run("run", "own")[0] == 2
    assert run("bless", "own", "--because", "read both")[0] == 0
    assert run("run", "own")[0] == 0
    add_suite(own_root, GOOD[1:], **suite)
    code, out = run("run", "own", "--json")
    assert (code, json.loads(out)["verdict"]["reason"]) == (1, "missing_case")


def test_another_folder_of_content_is_named(own_root: Path, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--content` stands above the environment; a folder that is none is a mistake of the caller."""
    monkeypatch.delenv("DRAFTER_CONTENT_DIR")
    add_suite(own_root, GOOD, subject="policy", gates={"floors": FLOORS})
    assert run("run", "own")[0] == 2
    assert run("run", "own", "--content", str(own_root))[0] == 0
    assert run("run", "own", "--content", str(own_root / "nowhere"))[0] == 2


CASE = {"id": "lid", "request": {"review": {"rating": 2, "body": "The lid leaks."}}, "origin": "invented", "licence": "MIT"}


def test_a_branch_of_the_prompt_that_no_case_takes_is_1(own_root: Path, run: Callable[..., tuple[int, str]]) -> None:
    """The annotation points at the branch's own line; a set that takes them all passes, also when only a part of it is run."""
    seller = {"facts": ["the lid has a seal"], "allowed_remedies": ["replacement"]}
    whole = {"review": {"rating": 2, "body": "The lid leaks."}, "product": {"title": "Kettle"}, "seller": seller}
    public = {"review": {"subject": "seller_feedback", "rating": 1, "body": "It came late."}, "channel": "feedback_reply"}
    no_point = {"review": {"rating": 2, "body": "Lovely kettle, I like it very much."}}
    gates = {"branches": {"small": 1.0, "large": 1.0}}
    add_suite(own_root, [CASE], subject="drafting", model="none", gates=gates)
    code, out = run("run", "own", "--format", "github")
    assert (code, "own%3A branches" in out) == (1, True), out
    prompt = (own_root / "prompts" / "reply" / "v1.j2").read_text(encoding="utf-8").splitlines()
    line = 1 + next(i for i, text in enumerate(prompt) if "if is_public" in text)
    assert f"line={line}," in out
    rows = [{**CASE, "id": name, "request": request} for name, request in (("whole", whole), ("public", public), ("no-point", no_point))]
    add_suite(own_root, [{**CASE, "tags": ["few"]}, *rows], subject="drafting", model="none", gates=gates)
    code, out = run("run", "own", "--tag", "few")
    assert (code, "branches taken: small 2 of 2" in out) == (0, True), out


def test_two_reports_are_compared_in_a_slice(own_root: Path, run: Callable[..., tuple[int, str]]) -> None:
    """By tag or by group; what is in no report is named with what there is."""
    rows = [{**GOOD[0], "tags": ["kettle"]}, {**GOOD[1], "tags": ["gift"]}]
    add_suite(own_root, rows, subject="policy", gates={"floors": FLOORS})
    run("run", "own")
    code, out = run("compare", "own", "own", "--slice", "gift", "--json")
    assert (code, {d["pairs"] for d in json.loads(out)["deltas"]}) == (0, {1})
    assert run("compare", "own", "own", "--slice", "kettle", "--slice", "channel=review_followup")[0] == 0
    code, out = run("compare", "own", "own", "--slice", "spoon")
    assert (code, "channel=review_followup, gift, kettle" in out) == (2, True), out


@pytest.mark.parametrize(
    ("command", "rows", "figure"),
    [
        ("policy", GOOD, ("all", "found")),
        ("triage", [{"id": "t", "language": "en", "body": "The lid leaks.", "issues": ["defective"]}], ("issues", "recall")),
    ],
)
def test_figures_for_scripts(
    own_root: Path, capsys: pytest.CaptureFixture[str], command: str, rows: list[dict[str, Any]], figure: tuple[str, str]
) -> None:
    """One object on standard output and nothing else; a set of another shape is the caller's mistake."""
    path = own_root / "rows.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in rows), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["evals", command, str(path), "--json", "--misses"])
    found = json.loads(capsys.readouterr().out)["sets"][0]
    assert (stopped.value.code or 0, found["path"], found["misses"], found[figure[0]][figure[1]]) == (0, str(path), [], 1.0)
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["evals", command, str(path), "--json"])
    assert (stopped.value.code, "row x" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("name", ["nowhere", "own"])
def test_what_is_wrong_with_content_is_2(own_root: Path, run: Callable[..., tuple[int, str]], name: str) -> None:
    """No such suite; an unknown key."""
    add_suite(own_root, GOOD, subject="policy", gates={"floor": {}})
    code, out = run("run", name)
    assert code == 2
    assert "own" in out


def _has_namespaces() -> bool:
    """An empty network can be made here."""
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0


IN_A_ROW = """
import sys
from drafter.cli import main
for name in sys.argv[1:]:
    try:
        main(["evals", "run", name, "--json", "--runs", "runs"])
    except SystemExit as stopped:
        print(f"{name} ended with {stopped.code}", flush=True)
"""
"""Runs suites one after the other in one process."""


@pytest.mark.skipif(not _has_namespaces(), reason="this machine makes no network namespaces")
def test_exit_codes_without_any_network(own_root: Path, root: Path) -> None:
    """In an empty network namespace a gate says the same, and nothing waits for an answer from outside."""
    wrong = [*GOOD, row("c", "All fine here.", "block", ("promotion",))]
    suites = {"holds": (GOOD, 1), "fails": (wrong, 1), "few": (GOOD, 50), "twice": ([GOOD[0], GOOD[0]], 1)}
    for name, (rows, floor) in suites.items():
        add_suite(own_root, rows, name=name, subject="policy", gates={"floors": {"found": {"at_least": 0.9, "min_n": floor}}})
    command = ["unshare", "-rn", sys.executable, "-c", IN_A_ROW, *suites]
    env = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=own_root, env=env, capture_output=True, text=True, check=False, timeout=60)
    lines = done.stdout.splitlines()
    assert [line for line in lines if " ended with " in line] == [
        "holds ended with 0",
        "fails ended with 1",
        "few ended with 3",
        "twice ended with 2",
    ], done.stderr
    assert [json.loads(line)["verdict"]["reason"] for line in lines if line.startswith("{")] == ["passed", "floor", "incomplete"]


@pytest.fixture
def calls(own_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with all calls of a model, beside a suite of 500 cases for it."""
    rows = [
        {
            "id": f"case-{i}",
            "request": {"review": {"rating": 2, "body": f"The lid leaks whenever I pour, says case-{i} again."}},
            "origin": "invented",
            "licence": "MIT",
        }
        for i in range(CASES)
    ]
    add_suite(own_root, rows, subject="drafting", limits={"concurrency": 20}, gates={"invariants": ["no_leak"]})
    path = own_root / "calls"
    path.touch()
    monkeypatch.setenv("DRAFTER_TEST_CALLS", str(path))
    return path


def test_a_killed_run_goes_on_where_it_was(own_root: Path, root: Path, calls: Path, run: Callable[..., tuple[int, str]]) -> None:
    """A kill -9 in the middle, the same command again: no finished case is called twice, and the report is that of a run never killed."""
    arguments = ["run", "own", "--json", "--model-from", "tests.cli.slow_model:make"]
    command = [sys.executable, "-m", "drafter", "evals", *arguments, "--runs", str(own_root / "runs")]
    env = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(_finished(own_root / "runs")) < CASES // 4:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    finished = _finished(own_root / "runs")
    assert CASES // 4 <= len(finished) < CASES
    before = len(_calls(calls))
    report = json.loads(run(*arguments)[1])
    after = _calls(calls)[before:]
    assert not finished & set(after)
    assert (len(set(after)), report["run"]["carried"]) == (CASES - len(finished), len(finished))
    assert report["verdict"]["passed"]
    # A finished run of a model is begun anew: the same folder now gives a run that was never killed.
    whole = json.loads(run(*arguments)[1])
    assert (whole["run"]["carried"], _content(whole)) == (0, _content(report))


def _calls(path: Path) -> list[str]:
    """The cases that the model was asked about, in order."""
    return path.read_text(encoding="utf-8").split()


def _content(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what the clock wrote."""
    for case in report["cases"]:
        case["metrics"].pop("duration_s")
        for sample in case["samples"]:
            sample.pop("duration_s")
    report["run"] = {name: report["run"][name] for name in ("calls", "tokens", "cost_usd", "fresh", "silent", "unmeasured")}
    report.pop("created_at")
    return report


def _finished(runs: Path) -> set[str]:
    """Cases whose whole samples are in the journal."""
    path = next(runs.glob("*.jsonl"), None) if runs.exists() else None
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path else []
    return {json.loads(line)["case"] for line in lines if line.endswith("\n") and line.startswith('{"case"')}
