"""What tests of the model layer share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.settings import Settings


@pytest.fixture
def settings_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Makes settings of these fields only, whatever the environment says."""
    for name in [name for name in os.environ if name.startswith("DRAFTER_")]:
        monkeypatch.delenv(name)

    def make(**fields: Any) -> Settings:
        return Settings(**{"model": "none", "cache_dir": tmp_path, **fields})

    return make
