"""The shipped families, and what a broken file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.llm.profiles import load_families


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("embedded", "embedded"),
        ("anthropic/claude-sonnet-4-5", "anthropic/*"),
        ("openai/gpt-5-mini", "*gpt-5*"),
        ("openai/gpt-4o", "openai/*"),
        ("ollama_chat/llama3", "ollama*/*"),
        ("something/else", "*"),
    ],
)
def test_a_name_finds_its_family(name: str, match: str) -> None:
    """The first that fits."""
    assert load_families().find(name).match == match


def test_only_the_embedded_model_has_a_grammar() -> None:
    """Others would refuse the field."""
    assert [family.match for family in load_families().families if family.grammar] == ["embedded"]


def test_a_family_may_have_its_own_price(tmp_path: Path) -> None:
    """In dollars for a million tokens, read and written."""
    (tmp_path / "prompts").mkdir()
    price = "usd_per_million: {prompt: 0.5, written: 2}"
    family = f"{{match: '*', structured: auto, candidates: n, opening: prompt, grammar: false, {price}}}"
    (tmp_path / "prompts" / "models.yaml").write_text(f"families:\n  - {family}\nrefusals: []\n")
    found = load_families(tmp_path).find("mine").usd_per_million
    assert found is not None
    assert found.of(1_000_000, 500_000) == 1.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("families: []\nrefusals: []\n", "does not fit every model"),
        ("families:\n  - match: '*'\nrefusals: []\n", "structured"),
        ("families: [\n", "not YAML"),
    ],
)
def test_a_broken_file_is_named(text: str, words: str, tmp_path: Path) -> None:
    """With what is missing."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "models.yaml").write_text(text)
    with pytest.raises(ContentError, match=words) as caught:
        load_families(tmp_path)
    assert "models.yaml" in str(caught.value)
