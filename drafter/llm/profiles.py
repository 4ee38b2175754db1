"""How to ask each family of models for the same thing, read from `prompts/models.yaml`.

To add a family: one entry there, above the ones it is an exception to.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from drafter.content import find_content_root, read_yaml
from drafter.domain import Value
from drafter.errors import ContentError


class Price(Value):
    """US dollars for a million tokens."""

    prompt: float = Field(ge=0)
    written: float = Field(ge=0)

    def of(self, prompt_tokens: int, written_tokens: int) -> float:
        """Price of one call in US dollars."""
        return (prompt_tokens * self.prompt + written_tokens * self.written) / 1_000_000


class ModelFamily(Value):
    """What models whose name fits `match` can do."""

    match: str
    structured: Literal["auto", "json_schema", "tool", "prompt"]
    candidates: Literal["n", "calls"]
    opening: Literal["native", "prompt"]
    grammar: bool
    sampling: bool = True
    usd_per_million: Price | None = None
    """None: by litellm's own list, where the model is in it."""
    extra: dict[str, Any] = Field(default_factory=dict)


class ModelFamilies(Value):
    """All families, in the order they are tried, and how models decline."""

    families: tuple[ModelFamily, ...]
    refusals: tuple[str, ...]

    def find(self, name: str) -> ModelFamily:
        """The first family that fits; the file ends with one that fits all."""
        return next(family for family in self.families if fnmatchcase(name, family.match))


def load_families(content_root: Path | None = None) -> ModelFamilies:
    """Families of `prompts/models.yaml`.

    Raises:
        ContentError: the file is missing, misses a field, or its last entry does not fit every name.
    """
    path = (content_root or find_content_root()) / "prompts" / "models.yaml"
    try:
        families = ModelFamilies.model_validate(read_yaml(path))
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from exc
    if not families.families or families.families[-1].match != "*":
        raise ContentError(path, "the last family does not fit every model", hint='end the list with match: "*"')
    return families
