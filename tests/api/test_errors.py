"""Every error has its code, every code its status and its place on the page."""

from __future__ import annotations

import ast
from pathlib import Path

from drafter.api.errors import problem_of, retry_after_s
from drafter.api.problem import CODES
from drafter.errors import AccessError, ContentError, ModelBusy, ModelError, RequestError, SettingsError, StoreError
from tests.test_errors import tree

BY_COMMAND = {"unreadable", "unknown_rule", "no_text"}
"""Codes that only the command line can meet."""


def codes_in(root: Path) -> set[str]:
    """Every `code="…"` that is given to an error of a request or of access, wherever requests pass."""
    found = set()
    for path in (root / "drafter").rglob("*.py"):
        if "cli" in path.parts or "evals" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("RequestError", "AccessError"):
                found |= {k.value.value for k in node.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)}
    return found


def test_no_code_is_unlisted(root: Path) -> None:
    """Whatever the code raises stands on the page, and the page lists nothing that is gone."""
    raised = codes_in(root)
    assert raised - set(CODES) - BY_COMMAND == set()
    by_router = {"method_not_allowed", "internal", "overloaded", "breaks_policy"}
    assert {code for code, (status, _) in CODES.items() if status < 500} - raised <= by_router


def test_no_error_is_unmapped() -> None:
    """A new class of error has its code in the table."""
    with_own_codes = {RequestError, AccessError}
    plain = {cls.reason for cls in tree() if cls not in with_own_codes}
    assert plain - set(CODES) == set()


def test_a_request_errors_code_chooses_its_status() -> None:
    """Not every wrong request is a 422."""
    assert problem_of(RequestError("x", code="too_large")).status == 413
    assert problem_of(RequestError("x", code="invalid")).status == 422
    assert problem_of(AccessError("x", code="too_many_requests")).status == 429
    assert problem_of(StoreError("x")).status == 503


def test_what_may_get_better_says_when() -> None:
    """And what will not, does not."""
    assert retry_after_s(AccessError("x", code="too_many_requests", retry_after_s=7)) == 7
    assert retry_after_s(ModelBusy("x", model="m", retry_after_s=3)) == 3
    assert retry_after_s(StoreError("x"))
    assert retry_after_s(RequestError("x", code="idempotency_in_flight"))
    assert [retry_after_s(e) for e in (RequestError("x", code="invalid"), ContentError("p", "x"), SettingsError("v", "x"))] == [None] * 3
    assert retry_after_s(ModelError("x", model="m")) is None
