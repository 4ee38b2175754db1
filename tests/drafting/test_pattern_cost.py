"""What the patterns of the details cost over texts made to be dear."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from drafter.drafting.aims import AimSpec
from drafter.drafting.details import DetailBook, load_details

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ja", "zh")
CHARS = 16_000
"""Below the longest review."""
PART = 4
MAX_GROWTH = 8.0
"""Of the cost, from a part of a text to the whole: `PART` where it grows with the text, its square where it grows with the square."""
NOTICED_S = 0.03
"""Of a thread's time: what costs less is not worth a question, on the slowest machine either."""
FEW_CHARS = 1_000
"""Looked at first: what grows faster still would keep the test for minutes."""
MAX_COST = 400.0
"""Of the plainest search over the same text, so that it is the same on every machine: an eighth of a second on the one it was set on."""
PLAINEST = re.compile(r"\b(?:lid|box)\b")
SAMPLES = 3
AT_START = ("undone", "advice", "nucleus.starts")
"""Patterns that are matched at one place, never searched for."""
FILLERS = ("my dog ", "a", "no, ", "she ", "- ", "我的")


def patterns_of(book: DetailBook) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of a language with its place in the file."""
    plain = (
        "denied",
        "undone",
        "occasion",
        "defends",
        "forgiven",
        "paid_back",
        "replaced",
        "solved",
        "pointed",
        "elsewhere",
        "cleared",
        "faultless",
    )
    yield from ((name, getattr(book, name)) for name in plain)
    yield from ((f"aims.{name}", getattr(book.aims, name)) for name in AimSpec.model_fields)
    yield from (("unreal", book.mood.unreal), ("advice", book.mood.advice), ("skip", book.mood.others))
    yield from ((f"shows.{issue}", pattern) for issue, pattern in book.shows.items())
    yield from ((f"needs.{key}", pattern) for key, pattern in book.needs.items())
    yield from ((f"details.{key}.{word}", gated.pattern) for key, pairs in book.patterns.items() for word, gated in pairs)
    if book.nucleus:
        yield from ((f"nucleus.{name}", getattr(book.nucleus, name)) for name in ("starts", "verb", "refused", "joint"))


def is_bounded(items: Any) -> bool:
    """True where nothing is repeated without end: such a pattern costs the same at every place."""
    for op, value in items:
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT} and value[1] == sre.MAXREPEAT:
            return False
        if not all(is_bounded(part) for part in inner(op, value)):
            return False
    return True


def inner(op: Any, value: Any) -> list[Any]:
    """Sub-patterns of one parsed piece."""
    if op is sre.BRANCH:
        return list(value[1])
    if op is sre.SUBPATTERN:
        return [value[-1]]
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return [value[2]]
    return [value[1]] if op in {sre.ASSERT, sre.ASSERT_NOT} else []


def say(items: Any, random: Random) -> str:
    """Words that the parsed pattern would find, or nearly."""
    text = ""
    for op, value in items:
        if op is sre.LITERAL:
            text += chr(value)
        elif op in {sre.ANY, sre.NOT_LITERAL}:
            text += "x"
        elif op is sre.IN:
            text += next((chr(v if o is sre.LITERAL else v[0]) for o, v in value if o in {sre.LITERAL, sre.RANGE}), "x")
        elif op is sre.BRANCH:
            text += say(random.choice(value[1]), random)
        elif op in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            text += say(value[2], random) * min(value[1], max(value[0], random.randint(0, 1)))
        elif op in {sre.SUBPATTERN, sre.ASSERT}:
            text += say(inner(op, value)[0], random)
    return text


def hostile_texts(pattern: re.Pattern[str]) -> Iterator[str]:
    """Repetitive texts: what the pattern looks for, less its last word or letter, and words that it does not look for."""
    random, parsed = Random(1), parser.parse(pattern.pattern, pattern.flags)
    for _ in range(SAMPLES):
        said = say(parsed, random)
        for part in {said.rpartition(" ")[0], said[:-1], said.split(" ")[0]} - {""}:
            yield (f"{part} " * CHARS)[:CHARS]
        yield (f"{said[:-1]} " + FILLERS[0] * CHARS)[:CHARS]
    yield from ((filler * CHARS)[:CHARS] for filler in FILLERS)


def cost_s(look: Callable[[str], object], text: str) -> float:
    """Seconds of this thread."""
    start = time.thread_time()
    look(text)
    return time.thread_time() - start


def growth(look: Callable[[str], object], text: str) -> float:
    """How many times the cost of a part the whole costs; the best of two, because others use this machine."""
    whole_s, part_s = (min(cost_s(look, said), cost_s(look, said)) for said in (text, text[: len(text) // PART]))
    return whole_s / part_s


def is_dear(look: Callable[[str], object], text: str) -> bool:
    """True when looking costs far more than the plainest search, or grows faster than the text."""
    if cost_s(look, text) <= NOTICED_S:
        return False
    plain_s = max(cost_s(PLAINEST.search, text) for _ in range(3))
    return min(cost_s(look, text) for _ in range(3)) > MAX_COST * plain_s or growth(look, text) > MAX_GROWTH


def dear_text(name: str, pattern: re.Pattern[str]) -> str | None:
    """The beginning of a text that is dear to look at; None when there is none."""
    look = pattern.match if name in AT_START else pattern.search
    return next((text[:40] for text in hostile_texts(pattern) for chars in (FEW_CHARS, CHARS) if is_dear(look, text[:chars])), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_costs_more_than_its_text_is_long(root: Path, language: str) -> None:
    """A clause may be as long as a review, and whoever writes the review chooses its words."""
    endless = [(n, p) for n, p in patterns_of(load_details(root)[language]) if not is_bounded(parser.parse(p.pattern, p.flags))]
    assert not {name: text for name, pattern in endless if (text := dear_text(name, pattern)) is not None}


def test_a_dear_pattern_is_known_by_its_cost() -> None:
    """The one that once took seconds: a lookahead at every place of the text."""
    assert dear_text("found", re.compile(r"(?=.*(?:never|bad))help|rude"))
    assert dear_text("found", re.compile(r"^(?=.*(?:never|bad))help|rude")) is None


def test_a_slow_pattern_is_known_though_it_grows_with_the_text() -> None:
    """Much work at every place, and no more of it in a longer text."""
    assert dear_text("found", re.compile("|".join(["[a-z ,-]{50}[0-9]"] * 60)))
