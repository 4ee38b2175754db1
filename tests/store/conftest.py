"""A pipeline that makes records: real judges, no model."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from drafter.pipeline import Pipeline
from drafter.wiring import build


@pytest.fixture
async def pipeline() -> AsyncIterator[Pipeline]:
    """Answers with templates."""
    async with build({"model": "none", "database_url": "memory", "log_level": "error"}, waits_for_model=False) as services:
        yield services.pipeline
