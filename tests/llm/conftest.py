"""What tests of the model layer share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.llm.litellm_client import load_litellm
from drafter.settings import Settings


@pytest.fixture(scope="session")
def litellm() -> Any:
    """The library, imported once before a test's clock runs."""
    return load_litellm()


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Makes settings of these fields only, whatever the environment says."""

    def make(**fields: Any) -> Settings:
        return Settings.model_validate({"model": "none", "cache_dir": tmp_path, **fields})

    return make
