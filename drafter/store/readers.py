"""Stored JSON -> `DraftRecord`, whatever version wrote it.

To raise `SCHEMA_VERSION`, add the step that turns the last version into the new one to `STEPS`, with a stored sample in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from drafter.domain import SCHEMA_VERSION, DraftRecord
from drafter.errors import StoreError

STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Version -> what makes the next one of it."""


def read_record(stored: dict[str, Any]) -> DraftRecord:
    """The record in today's shape.

    Raises:
        StoreError: it was written by a newer version, or is damaged.
    """
    version = int(stored.get("schema_version", 0))
    while version != SCHEMA_VERSION:
        if version not in STEPS:
            raise StoreError(f"record {stored.get('id')} has schema version {version}, which this version of drafter cannot read")
        stored = STEPS[version](stored)
        version = int(stored["schema_version"])
    try:
        return DraftRecord.model_validate(stored)
    except ValidationError as exc:
        raise StoreError(f"record {stored.get('id')} is of a form that this version cannot read") from exc
