"""Every error of the tree has its status."""

from __future__ import annotations

from drafter.api.errors import STATUS, status_of
from drafter.errors import RequestError
from tests.test_errors import tree


def test_no_error_is_unmapped() -> None:
    """A new class of error stands in the table."""
    assert set(tree()) == set(STATUS)


def test_a_request_errors_code_chooses_its_status() -> None:
    """Not every wrong request is a 422."""
    assert status_of(RequestError("x", code="too_large"))[0] == 413
    assert status_of(RequestError("x", code="invalid"))[0] == 422
