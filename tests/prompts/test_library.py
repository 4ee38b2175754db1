"""Prompt files, versions, labels, hashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.errors import ContentError, RequestError
from drafter.prompts.library import load_library
from tests.prompts.conftest import BODY, FRONT


def test_the_production_label_answers_when_nothing_is_asked(root: Path) -> None:
    """Every task of the shipped library has a version in production."""
    library = load_library(root)
    for task in library.labels:
        assert library.get(task).id.startswith(f"{task}/")


def test_a_prompt_can_be_asked_by_version_or_label(content: Callable[..., Path]) -> None:
    """`reply/v1`, `v1` and a label name the same file."""
    library = load_library(content(active="reply: {production: v1, candidate: v1}\n"))
    assert library.get("reply", "reply/v1") is library.get("reply", "v1") is library.get("reply", "candidate")
    assert library.labels_of(library.get("reply")) == ("production", "candidate")


def test_an_unknown_prompt_is_a_request_error_with_its_field(content: Callable[..., Path]) -> None:
    """The caller hears which versions there are."""
    with pytest.raises(RequestError, match="there are reply/v1") as caught:
        load_library(content()).get("reply", "reply/v9")
    assert caught.value.field == "options.prompt"


def test_the_refs_hold_the_file_and_the_parts_it_includes(content: Callable[..., Path]) -> None:
    """A record can prove which words the prompt was made of."""
    root = content(body=BODY.replace("Write more.", '{% include "rules.j2" %}'))
    refs = load_library(root).get("reply").refs
    assert [ref.path for ref in refs] == ["prompts/reply/v1.j2", "prompts/_parts/rules.j2"]


@pytest.mark.parametrize(
    ("front", "active", "message"),
    [
        (FRONT.replace("version: v1", "version: v2"), "reply: {production: v1}", "front matter says reply/v2"),
        (FRONT.replace("changes: first\n", ""), "reply: {production: v1}", "changes"),
        ("", "reply: {production: v1}", "no front matter"),
        (FRONT, "reply: {production: v7}", "prompts/reply/v7.j2 does not exist"),
        (FRONT, "reply: {candidate: v1}", "no label 'production'"),
        (FRONT.replace("task: reply", "task: [reply"), "reply: {production: v1}", "not YAML"),
    ],
)
def test_a_wrong_file_is_named(content: Callable[..., Path], front: str, active: str, message: str) -> None:
    """Each mistake is a content error that says what and where."""
    with pytest.raises(ContentError, match=message.replace("[", r"\[")):
        load_library(content(front=front, active=active))
