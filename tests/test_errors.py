"""The error tree is what its docstring draws."""

from __future__ import annotations

import re

from drafter import errors
from drafter.errors import DrafterError, ModelError


def tree(cls: type[DrafterError] = DrafterError) -> list[type[DrafterError]]:
    """The class and all below it."""
    return [cls, *(found for sub in cls.__subclasses__() for found in tree(sub))]


def test_the_docstring_draws_every_error() -> None:
    """A new error stands in the drawing too."""
    drawn = set(re.findall(r"[├└]─ (\w+)", errors.__doc__ or ""))
    assert drawn == {cls.__name__ for cls in tree()} - {"DrafterError"}


def test_every_error_has_its_own_reason_code() -> None:
    """Records and metrics can tell errors apart."""
    reasons = [cls.reason for cls in tree()]
    assert len(reasons) == len(set(reasons))


def test_only_transient_model_errors_are_worth_another_try() -> None:
    """The drawing's last column is the code's."""
    transient = {cls.__name__ for cls in tree(ModelError) if cls.is_transient}  # type: ignore[attr-defined]
    assert transient == set(re.findall(r"─ (Model\w+) .* worth another try", re.sub(r"not worth another try", "", errors.__doc__ or "")))
