"""Labels, canary, and released versions that stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.evals.promotion import move_label, previous, require_proof, roll_back
from drafter.evals.report import PromptState
from drafter.prompts.labels import load_labels, save_labels
from drafter.prompts.library import Library, load_library
from tests.evals.test_gates import N, good, report_of
from tests.prompts.conftest import BODY, FRONT


@pytest.fixture
def library(content: Callable[..., Path]) -> Library:
    """Two versions, the first in production."""
    root = content()
    (root / "prompts" / "reply" / "v2.j2").write_text(FRONT.replace("version: v1", "version: v2") + BODY, encoding="utf-8")
    return load_library(root)


def again(library: Library) -> Library:
    """The library as it lies on disk now."""
    return load_library(library.root)


def test_a_canary_answers_its_share_and_the_same_requests_each_time(library: Library) -> None:
    """A tenth of a thousand keys, and no request that names no key."""
    save_labels(library.root, move_label(library, library.prompts["reply/v2"], "candidate", by="ann", because="try", canary=0.1))
    library = again(library)
    answered = [library.get("reply", key=f"r{i}").front.version for i in range(1000)]
    assert 60 < answered.count("v2") < 140
    assert answered == [library.get("reply", key=f"r{i}").front.version for i in range(1000)]
    assert library.get("reply").front.version == "v1"
    assert library.get("reply", "candidate").front.version == "v2"
    assert library.get("reply", "v1", key="r1").front.version == "v1"


def test_a_released_version_cannot_be_changed(library: Library) -> None:
    """Whoever changes it is told to make a new one."""
    save_labels(library.root, move_label(library, library.prompts["reply/v2"], "production", by="ann", because="better"))
    path = library.root / "prompts" / "reply" / "v2.j2"
    path.write_text(path.read_text(encoding="utf-8").replace("Write.", "Write well."), encoding="utf-8")
    with pytest.raises(ContentError, match=r"reply/v2 was released and has changed.*drafter prompts new reply"):
        again(library)


def test_rollback_goes_back_step_by_step(library: Library) -> None:
    """Each promotion is undone once; the canary ends with it."""
    proof = report_of([good(0)])
    for version in ("v2", "v1", "v2"):
        save_labels(
            library.root, move_label(again(library), library.prompts[f"reply/{version}"], "production", by="a", because="b", report=proof)
        )
    seen = []
    for _ in range(3):
        save_labels(library.root, roll_back(again(library), "reply", by="ann", because="worse"))
        seen.append(load_labels(library.root)["reply"].production)
    assert seen == ["v1", "v2", "v1"]
    with pytest.raises(ContentError, match="no version to go back to"):
        roll_back(again(library), "reply", by="ann", because="worse")
    assert previous(()) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prompt": PromptState(id="reply/v1", sha256="0", path="p")}, "the report is of reply/v1"),
        ({"prompt": PromptState(id="reply/v2", sha256="0", path="p")}, "has changed since its report"),
        ({"set_sha256": "other"}, "over another set"),
        ({"verdict": {"passed": False, "exit_code": 1, "reason": "regression", "sentence": "worse"}}, "does not pass: regression"),
    ],
)
def test_promotion_wants_the_proof_of_this_very_file(library: Library, change: dict[str, object], message: str) -> None:
    """Another prompt, another state, another set, another verdict: no."""
    prompt = library.prompts["reply/v2"]
    state = PromptState(id=prompt.id, sha256=prompt.sha256, path="p")
    report = report_of([good(i) for i in range(N)], **{"prompt": state, **change})
    with pytest.raises(ContentError, match=message):
        require_proof(report, prompt, "0")


def test_a_complete_passing_report_is_proof(library: Library) -> None:
    """Nothing is raised."""
    prompt = library.prompts["reply/v2"]
    require_proof(report_of([good(0)], prompt=PromptState(id=prompt.id, sha256=prompt.sha256, path="p")), prompt, "0")
