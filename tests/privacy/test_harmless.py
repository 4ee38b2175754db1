"""What held nothing is looked at once; what held something is found each time."""

from __future__ import annotations

import pytest

from drafter.privacy import harmless
from drafter.privacy.harmless import Harmless


def test_a_text_without_data_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no text is kept, only a fingerprint."""
    looked: list[str] = []
    find = harmless.find_entities
    monkeypatch.setattr(harmless, "find_entities", lambda text, **fields: looked.append(text) or find(text, **fields))
    one = Harmless()
    for _ in range(3):
        assert not one.find("P1: defective")
    assert looked == ["P1: defective"]
    assert all(isinstance(mark, bytes) and len(mark) == 16 for mark in one.known)


def test_data_are_found_each_time() -> None:
    """Nothing of such a text is remembered, and a neighbour of a harmless one is another text."""
    one = Harmless()
    assert not one.find("Call us about size 4.")
    for _ in range(2):
        assert [entity.text for entity in one.find("Write to ann@example.org about size 4.")] == ["ann@example.org"]
    assert len(one.known) == 1


def test_only_so_many_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that runs for a year keeps no more than that."""
    monkeypatch.setattr(harmless, "MAX_KNOWN", 5)
    one = Harmless()
    for number in range(12):
        one.find(f"{number} cups")
    assert len(one.known) <= 5
