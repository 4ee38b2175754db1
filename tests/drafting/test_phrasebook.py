"""Template files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drafter.domain import ContentRef, Tone
from drafter.drafting.phrasebook import fill, load_phrasebooks, open_voice
from drafter.errors import ContentError


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  defective:\n", "  defectiv:\n", "defectiv"),
        ("{item} did not work", "{itm} did not work", r"unknown slot \{itm\}"),
        ("language: en", "langage: en", "language"),
        ("  return_label:", "  voucher:", "voucher"),
    ],
)
def test_a_wrong_template_is_named(root: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    """A missing part, an unknown slot and an unknown remedy are content errors of that file."""
    folder = tmp_path / "prompts" / "templates"
    folder.mkdir(parents=True)
    shutil.copy(root / "prompts" / "templates" / "en.yaml", folder)
    text = (folder / "en.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "en.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=message) as caught:
        dict(load_phrasebooks(tmp_path))
    assert caught.value.path.endswith("en.yaml")


def test_values_with_braces_stay_text() -> None:
    """A buyer's `{name}` fills nothing."""
    assert fill("You write: {quote}.", {"quote": "{signature}", "signature": "x"}) == "You write: {signature}."


def test_a_list_is_joined_as_the_language_does(root: Path) -> None:
    """One, two, many."""
    book, ref = load_phrasebooks(root)["de"]
    voice = open_voice(book, ref, seed="s", tone=Tone.WARM, title="")
    assert [voice.join(("A", "B", "C")[:n]) for n in (1, 2, 3)] == ["A", "A und B", "A, B und C"]
    assert isinstance(voice.ref, ContentRef)
