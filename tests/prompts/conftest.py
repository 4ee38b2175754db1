"""A small content root with one prompt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FRONT = """---
task: reply
version: v1
inputs:
  product: {about: "listing title"}
  review: {untrusted: true, about: "the buyer's text"}
changes: first
---
"""
BODY = """
{% block small_system %}Write.{% endblock %}
{% block small_user %}{{ product }} {{ review | fence }}{% endblock %}
{% block large_system %}Write more.{% endblock %}
{% block large_user %}{{ product }} {{ review | fence }}{% endblock %}
"""


@pytest.fixture
def content(tmp_path: Path) -> Callable[..., Path]:
    """Makes a content root: `content(body=…, front=…, active=…)`."""

    def make(body: str = BODY, front: str = FRONT, active: str = "reply: {production: v1}\n") -> Path:
        folder = tmp_path / "prompts"
        (folder / "reply").mkdir(parents=True, exist_ok=True)
        (folder / "_parts").mkdir(exist_ok=True)
        (folder / "_parts" / "rules.j2").write_text("Be kind.\n", encoding="utf-8")
        (folder / "reply" / "v1.j2").write_text(front + body, encoding="utf-8")
        (folder / "active.yaml").write_text(active, encoding="utf-8")
        return tmp_path

    return make
