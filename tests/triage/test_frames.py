import pytest

from drafter.content import read_yaml
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.frames import CERTAIN, load_frames
from drafter.triage.lexicon import load_lexicon


@pytest.fixture(scope="module")
def judge(content_root):
    """Issues that frames alone see in an English text."""
    folder = content_root / "guardrails" / "triage"
    lexicon, frames = load_lexicon(folder / "en.yaml"), load_frames(folder / "frames.yaml")
    return lambda text: {c.issue for c in frames.complaints(lexicon.see(text))}


def test_every_precedence_rule_has_an_example_that_holds(judge, content_root):
    """Where two complaints meet in one sentence, the file says who gives way, and shows it."""
    for rule in read_yaml(content_root / "guardrails" / "triage" / "frames.yaml")["precedence"]:
        dropped = {rule["drop"]} if isinstance(rule["drop"], str) else set(rule["drop"])
        found = judge(rule["example"])
        assert rule["when"] in found, rule
        assert not dropped & found, rule


def test_frames_name_known_issues_only(tmp_path):
    """A misspelt issue is refused with its line."""
    path = tmp_path / "frames.yaml"
    path.write_text("frames:\n  defektive:\n    - +dead\n")
    with pytest.raises(ContentError, match="defektive"):
        load_frames(path)


def test_every_issue_has_a_frame(content_root):
    """An issue without a frame could only be guessed."""
    assert set(read_yaml(content_root / "guardrails" / "triage" / "frames.yaml")["frames"]) == {issue.value for issue in Issue}


def test_a_denied_problem_is_no_complaint(judge):
    """`nothing is broken` and `no smell` complain about nothing."""
    assert judge("Nothing broken, no smell, not late.") == set()


def test_harm_that_is_said_is_certain(content_root):
    """A frame marked `!` weighs so much that nothing else in the review can outvote it."""
    folder = content_root / "guardrails" / "triage"
    lexicon, frames = load_lexicon(folder / "en.yaml"), load_frames(folder / "frames.yaml")
    complaints = frames.complaints(lexicon.see("Lovely taste, but it gave me diarrhea."))
    assert [c.weight for c in complaints if c.issue == "safety_hazard"][-1] == CERTAIN
