"""Keys go, by value or by look; ordinary words stay."""

from __future__ import annotations

import pytest

from drafter.llm.keys import STRUCK, strike_keys, strike_secrets


def test_ordinary_words_stay() -> None:
    """Only what looks like a key goes."""
    text = "The risk-free task: order 123-1234567-1234567, model sk-12, bearer of bad news, AIza."
    assert strike_keys(text) == text


@pytest.mark.parametrize("name", ["UNIT_API_KEY", "UNIT_ACCESS_KEY", "UNIT_TOKEN", "UNIT_SECRET", "unit_api_key"])
def test_the_environments_keys_go(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they look like."""
    monkeypatch.setenv(name, "plainwords\n")
    assert strike_secrets("it said plainwords.") == f"it said {STRUCK}."


@pytest.mark.parametrize(("name", "value"), [("UNIT_API_KEY", "none"), ("UNIT_API_KEY", ""), ("UNIT_REGION", "plainwords")])
def test_other_values_stay(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placeholders, and variables that hold no key."""
    monkeypatch.setenv(name, value)
    assert strike_secrets("none said plainwords.") == "none said plainwords."


def test_a_secret_that_begins_another_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longer one goes as a whole."""
    monkeypatch.setenv("UNIT_TOKEN", "plainwords")
    assert strike_secrets("plainwords-and-more", ["plainwords-and-more", "plain", ""]) == STRUCK
