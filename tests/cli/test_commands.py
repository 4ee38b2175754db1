"""Scripts get exit codes, one object a line, and the other lines when one is broken."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from drafter.answers import CheckedFinding, CheckResult
from drafter.cli import main


@pytest.fixture(autouse=True)
def _without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTER_MODEL", "none")
    monkeypatch.setenv("DRAFTER_DATABASE_URL", "memory")
    monkeypatch.setenv("DRAFTER_LOG_LEVEL", "error")


class Run:
    """What a command printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *args: str) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(list(args))
        self.code = stopped.value.code
        self.out, self.err = capsys.readouterr()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


def write_lines(path: Path, *lines: object) -> str:
    """A JSONL file; texts are written as they are."""
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return str(path)


CHECK = {"id": "a", "channel": "review_followup", "text": "Please delete your review."}
REVIEW = {"id": "r", "subject": "product_review", "rating": 1, "body": "The zipper broke on the second day."}


def test_rules_check_answers_in_the_contracts_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line, in order, with exactly the documented fields."""
    run = Run(
        capsys,
        "rules",
        "check",
        "--jsonl",
        write_lines(tmp_path / "a.jsonl", CHECK, {**CHECK, "id": "b", "text": "We are sorry that the lid leaks."}),
    )
    assert run.code == 0
    assert [line["id"] for line in run.lines] == ["a", "b"]
    assert [line["verdict"] for line in run.lines] == ["block", "pass"]
    assert set(run.lines[0]) == set(CheckResult.model_fields)
    assert set(run.lines[0]["findings"][0]) == set(CheckedFinding.model_fields)


@pytest.mark.parametrize("command", [("rules", "check"), ("triage",), ("draft",)])
def test_a_broken_line_is_named_and_the_others_are_answered(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line 3 is no JSON: it is answered with its error, exit code 2, and lines 1, 2 and 4 as always."""
    good = CHECK if command[0] == "rules" else REVIEW
    run = Run(capsys, *command, "--jsonl", write_lines(tmp_path / "a.jsonl", good, good, '{"body": ', good))
    assert run.code == 2
    assert [("error" in line) for line in run.lines] == [False, False, True, False]
    assert run.lines[2]["error"]["code"] == "not_json"
    assert "a.jsonl:3: not JSON" in run.err
    assert len(run.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{}", "review: is required"),
        (b'{"body": "x", "rating": 7}', "review.rating: 7 is more than 5"),
        (b'{"body": "x", "channel": "fax"}', 'channel: "fax" is no channel'),
        (b'{"body": "' + b"x" * 1_000_000 + b'"}', "bytes are more than"),
        (b'{"body": "caf\xe9"}', "not UTF-8 at byte"),
    ],
)
def test_bad_input_gets_one_clear_sentence(raw: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What, where, the way out; exit code 2."""
    path = tmp_path / "request.json"
    path.write_bytes(raw)
    run = Run(capsys, "draft", str(path))
    assert run.code == 2
    assert sentence in run.err
    assert "request.json" in run.err
    assert len(run.err.strip().splitlines()) == 1


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback for a typo in a path."""
    run = Run(capsys, "draft", "nowhere.json")
    assert run.code == 2
    assert run.err.strip() == "drafter: nowhere.json: cannot be read: No such file or directory"


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`-` reads what is piped in."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(REVIEW).encode())))
    run = Run(capsys, "draft", "--json", "-")
    assert run.code == 0
    assert run.lines[0]["request_id"] == "r"


def test_check_for_people_underlines_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    """A blocked text is exit code 1 and shows what was seen."""
    run = Run(capsys, "rules", "check", "--channel", "review_followup", "Please delete your review.")
    assert run.code == 1
    assert "^^^^" in run.out
    assert run.out.startswith("block")


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_warning_is_said_on_standard_error(flags: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the answer is JSON: who reads only the text would not see it there."""
    path = write_lines(tmp_path / "a.json", {**REVIEW, "seller": {"allowed_remedies": ["refund"]}})
    run = Run(capsys, "draft", *flags, path)
    assert (run.code, "did you mean full_refund?" in run.err) == (0, True)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"options": {"language": "nl"}}, "(no draft: a person must write this reply)"),
        ({"channel": "buyer_message", "order": {"opted_out": True, "seller_started": True}}, "(no reply is to be written)"),
    ],
)
def test_an_answer_without_a_text_says_who_writes(
    request_: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person, or nobody; and why, in a sentence."""
    run = Run(capsys, "draft", write_lines(tmp_path / "a.json", {"review": {"body": REVIEW["body"]}, **request_}))
    assert run.code == 0
    assert run.out.startswith(said)
    assert "  language_not_supported: " in run.out or "  buyer_opted_out: " in run.out


def test_a_warning_about_many_lines_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the line where it began."""
    wrong = {**REVIEW, "seller": {"allowed_remedies": ["refund"]}}
    run = Run(capsys, "draft", "--jsonl", write_lines(tmp_path / "a.jsonl", REVIEW, wrong, wrong))
    assert (run.code, [len(line["warnings"]) for line in run.lines]) == (0, [0, 1, 1])
    assert len(run.err.splitlines()) == 1
    assert "a.jsonl:2: seller.allowed_remedies.0" in run.err


def test_triage_answers_in_the_contracts_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All documented fields are there."""
    run = Run(capsys, "triage", "--jsonl", write_lines(tmp_path / "a.jsonl", REVIEW))
    expected = {"id", "language", "issues", "issue_spans", "safety", "injection", "removal_grounds", "contact", "route", "reasons"}
    assert expected <= set(run.lines[0])


def test_triage_for_people_shows_praise_wants_and_the_packet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was found is printed, the text for Amazon with its verdict included."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"body": "Lovely colour. I want my money back. Ring me on 555-0142 and I will tell you more.", "rating": 2}))
    run = Run(capsys, "triage", str(path))
    assert run.code == 0
    lines = {line.split()[0]: line for line in run.out.splitlines() if not line.startswith(" ")}
    assert "Lovely" in lines["praise"]
    assert "refund" in lines["wants"]
    assert lines["packet"].split()[1:] == ["RC-05", "pass"]
    assert "Private information" in run.out


def test_triage_tells_of_ignored_fields_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped field is named with its line, and in the line's own answer."""
    run = Run(
        capsys, "triage", "--jsonl", write_lines(tmp_path / "a.jsonl", REVIEW, {**REVIEW, "raiting": 1, "marketplace": "amazon.mars"})
    )
    assert run.code == 0
    assert [len(line["warnings"]) for line in run.lines] == [0, 2]
    assert 'a.jsonl:2: "raiting" is no known field and was ignored; did you mean rating?' in run.err
    assert "amazon.mars" in run.err


@pytest.mark.parametrize("command", ["draft", "triage"])
@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"# A read-me", "not JSON: Expecting value at line 1, column 1; send an object, at least"),
        (b'{"body": "one"}\n{"body": "two"}\n', "one object a line is read with --jsonl"),
        (b"{}", 'review: is required; {"body": "…"} alone is enough'),
    ],
)
def test_a_wrong_file_is_named_with_the_way_out(
    command: str, raw: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who sends a text, or many lines, is told what is read."""
    path = tmp_path / "request.json"
    path.write_bytes(raw)
    run = Run(capsys, command, str(path))
    assert run.code == 2
    assert "request.json: " in run.err
    assert sentence in run.err


def test_a_review_instead_of_a_file_is_told_how_it_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    """Words in place of a path are the first thing that many try."""
    run = Run(capsys, "triage", "The lid leaks.")
    assert run.code == 2
    assert "a review itself is piped in" in run.err


def test_triage_with_a_key_asks_the_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was sent before is known then, so that it is no missing fact."""
    feedback = {"subject": "seller_feedback", "body": "Nobody answered.", "rating": 1}
    run = Run(capsys, "triage", "--jsonl", write_lines(tmp_path / "a.jsonl", feedback, {**feedback, "order_id": "302-1"}))
    assert all("order.contacts" not in line["contact"]["missing"] for line in run.lines)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": "The lid leaks.", "rating": 5}, "(no reply is to be written)"),
        ({"body": "It caught fire.", "rating": 1, "order": {"opted_out": True}}, "no reply may be sent, but a person must look"),
    ],
)
def test_no_text_says_who_must_act(fields: dict[str, Any], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to be written is not the same as nothing to be done."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(fields))
    run = Run(capsys, "draft", str(path))
    assert run.code == 0
    assert sentence in run.out


def test_several_files_are_drafted_in_turn(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The demo's command shows each review and its draft."""
    run = Run(capsys, "draft", *(str(root / "examples" / f"{name}.json") for name in ("broken-candies", "injection")))
    assert run.code == 0
    assert run.out.count("— offer") == 2
    assert "gift card" not in run.out.partition("injection.json")[2].partition("”")[2]


def test_doctor_says_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    """Every part has a line."""
    run = Run(capsys, "doctor", "--json")
    assert run.code == 0
    assert {part["part"] for part in run.lines[0]} == {"settings", "python", "content", "rules", "model", "store"}  # type: ignore[union-attr, index]


def test_doctor_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A database that is not there is not made by looking for it; a folder that is not there is told."""
    monkeypatch.setenv("DRAFTER_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    run = Run(capsys, "doctor")
    assert (run.code, "not there yet" in run.out, list(tmp_path.iterdir())) == (0, True, [])
    monkeypatch.setenv("DRAFTER_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/nowhere/drafter.db")
    run = Run(capsys, "doctor")
    assert (run.code, "make the folder" in run.out) == (1, True)


def test_a_mistyped_setting_is_named_and_stops_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest one that there is; never its value, which may be a secret."""
    monkeypatch.setenv("DRAFTER_DEADINE_S", "3-and-a-secret")
    run = Run(capsys, "doctor")
    assert (run.code, "DRAFTER_DEADINE_S is none; did you mean DRAFTER_DEADLINE_S?" in run.out) == (0, True)
    assert "secret" not in run.out


@pytest.mark.parametrize("command", [("rules", "check"), ("triage",), ("draft",)])
def test_a_table_is_one_mistake(command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not one for each of its lines."""
    run = Run(capsys, *command, "--jsonl", write_lines(tmp_path / "a.csv", "rating,body", '2,"It broke', 'on day two."', "1,Late"))
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert "a.csv: looks like CSV" in run.err


def test_a_broken_first_line_makes_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines behind it are answered as always."""
    run = Run(capsys, "rules", "check", "--jsonl", write_lines(tmp_path / "a.jsonl", "no, json", CHECK, CHECK))
    assert (run.code, ["error" in line for line in run.lines]) == (2, [True, False, False])


def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The variable is named."""
    monkeypatch.setenv("DRAFTER_PORT", "many")
    run = Run(capsys, "doctor")
    assert run.code == 2
    assert "DRAFTER_PORT" in run.err
