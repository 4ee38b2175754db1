"""Services for the client to ask share their rules, as those of `tests/api` do."""

from __future__ import annotations

from tests.api.conftest import loaded_litellm, one_set_of_rules

__all__ = ["loaded_litellm", "one_set_of_rules"]
