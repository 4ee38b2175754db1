"""`drafter rules` for policy owners: what a pack covers, what a change does, what nobody would miss, what was said before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
from tests.cli.test_commands import Run, write_lines
from tests.guardrails.content import RULE, write_content

CHECK = {"channel": "review_followup", "text": "Please change your review."}


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small content root, which the commands use."""
    root = write_content(tmp_path / "content")
    (root / "prompts").mkdir()
    monkeypatch.setenv("DRAFTER_CONTENT_DIR", str(root))
    monkeypatch.setenv("DRAFTER_MODEL", "none")
    monkeypatch.setenv("DRAFTER_DATABASE_URL", "memory")
    monkeypatch.setenv("DRAFTER_LOG_LEVEL", "error")
    return root


def test_coverage_prints_a_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    """One row a rule, one column a language."""
    run = Run(capsys, "rules", "coverage")
    assert run.code == 0
    assert [line.split() for line in run.out.splitlines()[:2]] == [["rule", "en"], ["no-change", "5/5"]]


def test_coverage_fails_when_a_rule_has_no_words(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule and the language are named; JSON says it, too."""
    words = "language: de\nname: German\nfunction_words: und\nsets: {}\nconcepts: {alter.change: ändern}\n"
    (content / "guardrails" / "languages" / "de.yaml").write_text(words, encoding="utf-8")
    run = Run(capsys, "rules", "coverage", "--json")
    assert run.code == 1
    assert run.lines[0]["languages"]["de"]["words"] is False
    assert run.err.strip() == "no-change has no words in de"


def test_diff_names_the_texts_that_are_judged_differently(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five examples were blocked before and are warned of now."""
    old = write_content(tmp_path / "old", rule=RULE.replace("severity: block", "severity: warn"))
    (old / "prompts").mkdir()
    run = Run(capsys, "rules", "diff", str(old), "--json")
    assert run.code == 1
    assert {(line["before"], line["after"]) for line in run.lines} == {("warn", "block")}
    assert len(run.lines) == 5


def test_diff_of_the_same_rules_is_empty(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also over a file of checks."""
    run = Run(capsys, "rules", "diff", str(content), "--jsonl", write_lines(tmp_path / "a.jsonl", CHECK))
    assert (run.code, run.out.strip()) == (0, "0 of 1 texts are judged differently")


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("diff", "no/such/folder"), "has no folder 'guardrails'"),
        (("mutate", "--rule", "no-chnage"), "is no rule"),
        (("mutate", "--language", "nl"), "is no language of the rules"),
        (("replay", "no-such-file.jsonl"), "cannot be read"),
        (("diff", ".", "--jsonl", "no-such-file.jsonl"), "no-such-file.jsonl"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(args: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It names what is wrong; nothing is printed on standard output."""
    run = Run(capsys, "rules", *args)
    assert (run.code, run.out) == (2, "")
    assert sentence in run.err
    assert len(run.err.strip().splitlines()) == 1


def test_a_line_that_is_no_check_is_named(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File and line stand in the sentence."""
    run = Run(capsys, "rules", "diff", str(content), "--jsonl", write_lines(tmp_path / "a.jsonl", CHECK, {"text": "x", "channel": "y"}))
    assert run.code == 2
    assert "a.jsonl:2:" in run.err


def test_mutate_names_what_nobody_would_miss(capsys: pytest.CaptureFixture[str]) -> None:
    """The distance between the parts stands in no example."""
    run = Run(capsys, "rules", "mutate", "--rule", "no-change", "--json")
    assert run.code == 1
    assert {"condition", "verb and review / close"} <= {*run.lines[0].values()} | {*run.lines[1].values()}


def test_replay_says_same_or_what_differs(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second line comes from another pack, the third is nothing that was judged."""
    report = Guardrail.load(content).check(CheckRequest(**CHECK)).model_dump(mode="json")
    same = {"id": "a", "request": CHECK, "result": report}
    run = Run(
        capsys, "rules", "replay", write_lines(tmp_path / "a.jsonl", same, {**same, "result": {**report, "pack_sha256": "0"}}, {}), "--json"
    )
    assert [line.get("is_same") for line in run.lines] == [True, False, None]
    assert run.lines[1]["differs"][0].startswith("pack: was 0, is ")
    assert run.code == 2
    assert "a.jsonl:3:" in run.err


def test_a_drafted_record_replays(root: Path, tmp_path: Path) -> None:
    """What `drafter draft` answered is judged the same again, from the response and its request."""
    env = {"DRAFTER_MODEL": "none", "DRAFTER_DATABASE_URL": "memory", "DRAFTER_LOG_LEVEL": "error", "PATH": ""}
    request = {"review": {"body": "The zipper broke on the second day.", "rating": 2}, "channel": "review_followup"}
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    drafter = [sys.executable, "-m", "drafter"]
    drafted = subprocess.run([*drafter, "draft", "--jsonl", str(path)], cwd=root, env=env, capture_output=True, text=True, check=True)
    response = json.loads(drafted.stdout)
    stored = write_lines(tmp_path / "stored.jsonl", {"request": request, "response": response})
    done = subprocess.run([*drafter, "rules", "replay", stored], cwd=root, env=env, capture_output=True, text=True, check=False)
    assert "the same report, byte for byte" in done.stdout, done.stdout + done.stderr


def test_a_check_tells_what_was_not_evaluated_and_by_which_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script sees skipped rules with their reasons, the rules' version, and fields that were ignored."""
    run = Run(capsys, "rules", "check", "--jsonl", write_lines(tmp_path / "a.jsonl", {**CHECK, "id": 1, "resolvd": True}))
    result = run.lines[0]
    assert result["findings"][0]["view"] == "folded"
    assert (result["skipped"], result["exceptions"], result["shadow"]) == ({}, [], [])
    assert result["pack_version"] == "test 1.0.0"
    assert len(result["pack_sha256"]) == len(result["text_sha256"]) == 64
    assert result["warnings"] == ['"resolvd" is no known field and was ignored; did you mean resolved?']
    assert "resolvd" in run.err


def test_a_rule_on_trial_is_visible(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it would say stands beside the verdict, which is made without it."""
    write_content(content, rule=RULE.replace("kind: frame", "kind: frame\n    mode: shadow"))
    run = Run(capsys, "rules", "check", "--channel", "review_followup", CHECK["text"])
    assert run.out.startswith("pass: 0 finding(s)")
    assert "on trial no-change would say block" in run.out
    run = Run(capsys, "rules", "check", "--channel", "review_followup", CHECK["text"], "--json")
    assert run.lines[0]["shadow"][0]["rule_id"] == "no-change"


def test_rules_that_rest_are_told_as_not_evaluated(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are no pass."""
    write_content(content, rule=RULE.replace("kind: frame", "kind: frame\n    mode: 'off'"))
    run = Run(capsys, "rules", "check", "--channel", "review_followup", CHECK["text"])
    assert "not evaluated: 1 of 1 rules (1 switched off)" in run.out


@pytest.mark.parametrize("command", ["check --jsonl", "replay"])
def test_nothing_to_check_is_said(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script that sends no lines has a mistake; a file of another kind is named once."""
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "prose").write_text("One.\nTwo.\nThree.\n", encoding="utf-8")
    for name in ("empty", "prose"):
        run = Run(capsys, "rules", *command.split(), str(tmp_path / name))
        assert run.code == 2
        assert "nothing was" in run.err
        assert len(run.err.splitlines()) == 1
        assert not run.out


def test_explain_refuses_a_rule_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """It would print nothing of it and look like an answer."""
    run = Run(capsys, "rules", "explain", "--channel", "review_followup", "--rule", "no-chang", "Hello.")
    assert run.code == 2
    assert "did you mean no-change?" in run.err


def test_show_tells_what_holds_in_a_channel(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And which key says so."""
    milder = "severity: block\n    severity_in: {review_followup: warn}\n    because: a trial"
    write_content(content, rule=RULE.replace("severity: block", milder))
    run = Run(capsys, "rules", "show", "no-change", "--channel", "review_followup", "--json")
    effective = run.lines[0]["effective"]
    assert effective["severity"] == "warn (test.yaml: severity_in)"
    assert effective["category"] == "review_change_request (test.yaml: category)"
    assert effective["because"] == "a trial"


def test_explain_shows_each_reading_and_the_second_reader(capsys: pytest.CaptureFixture[str]) -> None:
    """Here there is none, and it says so."""
    run = Run(capsys, "rules", "explain", "--channel", "review_followup", "Ch@nge your r-e-v-i-e-w")
    assert "view       folded:" in run.out
    assert "reader     none" in run.out


def test_diff_blames_its_argument(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a setting that nobody set."""
    run = Run(capsys, "rules", "diff", str(tmp_path))
    assert run.code == 2
    assert "OLD_CONTENT_DIR" in run.err
    assert "DRAFTER_CONTENT_DIR" not in run.err
