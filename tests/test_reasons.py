"""Every code that a decision can give has its sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from drafter.domain import Severity
from drafter.privacy.envelope import LOCAL_ONLY
from drafter.reasons import REASONS, explain_reasons
from drafter.triage.contact import NO_DOOR, REFUSED
from drafter.triage.triager import HUMAN_REASONS

CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def codes_in(path: Path) -> set[str]:
    """Texts that are added to a list of reasons, or given as `reasons=`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" and getattr(node.func.value, "id", "") == "reasons":
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
        if isinstance(node, ast.keyword) and node.arg == "reasons":
            found |= {inner.value for inner in ast.walk(node.value) if isinstance(inner, ast.Constant) and CODE.fullmatch(str(inner.value))}
    return found


def test_no_reason_is_without_a_sentence(root: Path) -> None:
    """Neither triage's, nor the decision's, nor the pipeline's."""
    raised = {code for name in ("triage/triager.py", "decision.py", "pipeline.py") for code in codes_in(root / "drafter" / name)}
    assert {"draftable", "no_draft", "triage_failed", "language_not_supported"} <= raised
    behind_a_colon = {*Severity, "low", "errored"}
    assert raised | HUMAN_REASONS | {*NO_DOOR, *REFUSED} | behind_a_colon | {LOCAL_ONLY, "not_checked"} == set(REASONS)


def test_a_rules_reason_is_explained_by_what_stands_before_the_colon() -> None:
    """There are more rules than sentences."""
    (line,) = explain_reasons(["block:no-links"])
    assert line.startswith("block:no-links: ")
    assert "forbids" in line
