"""What tests of the model layer share."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.llm.litellm_client import load_litellm


@pytest.fixture(scope="session")
def litellm() -> Any:
    """The library, imported once before a test's clock runs."""
    return load_litellm()
