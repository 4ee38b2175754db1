"""Content is found in one order, read with its line numbers, and hashed independently of the platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.content import PerLanguage, content_ref, find_content_root, hash_files, read_jsonl, read_text, read_yaml
from drafter.errors import ContentError


def test_the_checkout_is_a_content_root(root: Path) -> None:
    """Without any setting, the repository's own files are used."""
    assert find_content_root() == root


def test_an_override_must_hold_content(tmp_path: Path) -> None:
    """A wrong DRAFTER_CONTENT_DIR is refused with the way out."""
    with pytest.raises(ContentError, match="DRAFTER_CONTENT_DIR"):
        find_content_root(tmp_path)
    (tmp_path / "guardrails").mkdir()
    assert find_content_root(tmp_path) == tmp_path


def test_wrong_yaml_names_its_line(tmp_path: Path) -> None:
    """A broken file says where it broke."""
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\nb: [2\n")
    with pytest.raises(ContentError, match=r"a\.yaml:\d+: not YAML"):
        read_yaml(path)


def test_wrong_encoding_is_named(tmp_path: Path) -> None:
    """A file in another encoding says which byte."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(ContentError, match="not UTF-8 at byte 3"):
        read_text(path)


def test_jsonl_passes_over_comments_and_names_bad_lines(tmp_path: Path) -> None:
    """Comments and blank lines are no data; a bad line is named."""
    path = tmp_path / "a.jsonl"
    path.write_text('// a comment\n\n{"a": 1}\n')
    assert list(read_jsonl(path)) == [{"a": 1}]
    path.write_text('{"a": 1}\n[2]\n')
    with pytest.raises(ContentError, match=r"a\.jsonl:2: not a JSON object"):
        list(read_jsonl(path))


def test_a_hash_does_not_depend_on_order_or_line_ends(tmp_path: Path) -> None:
    """The same words have the same hash on every machine."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"x\ny\n")
    second.write_bytes(b"z\n")
    before = hash_files(tmp_path, [first, second])
    first.write_bytes(b"x\r\ny\r\n")
    assert hash_files(tmp_path, [second, first]) == before
    assert content_ref(tmp_path, second).path == "b"


def test_a_language_is_read_when_it_is_first_asked_for(tmp_path: Path) -> None:
    """And only once; which languages there are is known without reading."""
    read: list[str] = []

    def load(path: Path) -> str:
        read.append(path.stem)
        return path.read_text()

    for tag in ("en", "de"):
        (tmp_path / f"{tag}.yaml").write_text(tag)
    words = PerLanguage(tmp_path.glob("*.yaml"), load)
    assert list(words) == ["de", "en"]
    assert "en" in words
    assert "fr" not in words
    assert words.get("fr") is None
    assert not read
    assert (words["en"], words["en"]) == ("en", "en")
    assert read == ["en"]
