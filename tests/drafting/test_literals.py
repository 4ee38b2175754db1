"""What is skipped unsearched."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.drafting.details import load_details
from drafter.drafting.literals import ODD, Gated, Lowered

ROOT = Path(__file__).parents[2]
PATTERNS = (
    r"\b(?:broke|split)n? (?:off|apart)\b",
    r"(?<!not )late(?:ly)?|(?=x)slow",
    r"(?:\w+ ){0,2}(?:ripped|torn){1,2}",
    r"ab?cd*|[a-c]",
    r"(?P<part>lid|cap) (?:is )?gone(?! now)",
    r"straße|naïve|壊れ",
)


def gated(pattern: str) -> Gated:
    """As the details compile it."""
    return Gated.of(re.compile(pattern, re.IGNORECASE | re.MULTILINE))


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"\b(?:broke|split) apart\b", {" apart"}),
        (r"broken|split", {"broken", "split"}),
        (r"(?:broken)?", set()),
        (r"broken|[a-z]+", set()),
        (r"(?:torn){2}", {"torn"}),
        (r"x(?=broken)", set()),
    ],
)
def test_pieces_are_what_no_match_can_do_without(pattern: str, pieces: set[str]) -> None:
    """The best of what a sequence needs; of a choice, what each of its branches needs."""
    assert set(gated(pattern).pieces) == pieces


@given(
    st.lists(
        st.sampled_from([*"abcdxBROKE Kſİıµ", "broke", "split", "Off", "late", "lid", " is ", "gone", "TORN", "ripped ", "STRASSE"]),
        max_size=8,
    )
)
def test_nothing_is_missed(parts: list[str]) -> None:
    """A gated pattern finds what the pattern finds, in any letters."""
    text = "".join(parts)
    for pattern in map(gated, PATTERNS):
        found, plain = pattern.search(Lowered.of(text)), pattern.pattern.search(text)
        assert (found and found.span()) == (plain and plain.span())


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "ja", "zh"])
def test_odd_letters_are_all_there_are(language: str) -> None:
    """No other letter is taken by a pattern for one of ours and has other small letters."""
    book = load_details(ROOT)[language]
    used = {letter for pairs in book.patterns.values() for _, pattern in pairs for piece in pattern.pieces for letter in piece}
    every = "".join(map(chr, range(0x80, 0xFFFF)))
    taken = re.compile(f"[{re.escape(''.join(sorted(used)))}]", re.IGNORECASE).findall(every) if used else []
    assert {letter for letter in taken if letter.lower() not in used} <= ODD
