"""What has one meaning is read and said; what has several is not JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.llm.parse import COMMA_REMOVED, END_ADDED, FENCE_REMOVED, WORDS_REMOVED, NotJson, parse_json


@pytest.mark.parametrize(
    ("text", "value", "repairs"),
    [
        ('{"a": 1}', {"a": 1}, ()),
        (' \n{"a": "}{"}\n', {"a": "}{"}, ()),
        ('\ufeff{"a": 1}', {"a": 1}, ()),
        ('```json\n{"a": 1}\n```', {"a": 1}, (FENCE_REMOVED,)),
        ('```\n{"a": 1}', {"a": 1}, (FENCE_REMOVED,)),
        ('Here it is:\n```json\n{"a": 1}\n```\nHope this helps!', {"a": 1}, (FENCE_REMOVED,)),
        ('Sure: {"a": 1}', {"a": 1}, (WORDS_REMOVED,)),
        ('{"a": 1} Done.', {"a": 1}, (WORDS_REMOVED,)),
        ('{"a": [1, 2,], "b": 3,\n}', {"a": [1, 2], "b": 3}, (COMMA_REMOVED,)),
        ('{"a": ",}"}', {"a": ",}"}, ()),
        ('{"a": {"b": "c"', {"a": {"b": "c"}}, (END_ADDED,)),
        ('{"a": ["b", "c"', {"a": ["b", "c"]}, (END_ADDED,)),
        ('{"a": "b",', {"a": "b"}, (COMMA_REMOVED, END_ADDED)),
        (r'{"a": "say \"hi\" \\"}', {"a": 'say "hi" \\'}, ()),
    ],
)
def test_what_is_unambiguous_is_mended(text: str, value: object, repairs: tuple[str, ...]) -> None:
    """The value is right, and every change is named."""
    parsed = parse_json(text)
    assert parsed.value == value
    assert parsed.repairs == repairs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[1]",
        '{"a": "cut',
        '{"a": 12',
        '{"a": tru',
        '{"a": "b", "c"',
        '{"a": "b", "c":',
        '{"a": 1} {"b": 2}',
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": 1]',
        "{'a': 1}",
        '{"a": ' + "9" * 5000 + "}",
        '{"a": "line\nbreak"}',
        '{"a": ' + "[" * 100_000,
    ],
)
def test_what_is_ambiguous_is_not_json(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(NotJson):
        parse_json(text)


LEAVES = st.none() | st.booleans() | st.integers() | st.text()
OBJECTS = st.dictionaries(
    st.text(), st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5), max_size=3
)


@given(OBJECTS)
def test_every_object_is_read_as_it_is(value: dict[str, object]) -> None:
    """JSON that needs no mending is not mended."""
    parsed = parse_json(json.dumps(value))
    assert parsed.value == value
    assert parsed.repairs == ()


@given(OBJECTS, st.integers(min_value=0))
def test_a_cut_object_never_gains_words(value: dict[str, object], at: int) -> None:
    """Whatever is read from a cut text stands in the whole one."""
    whole = json.dumps(value)
    try:
        parsed = parse_json(whole[: at % (len(whole) + 1)])
    except NotJson:
        return
    assert set(parsed.value) <= set(value)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """It reads an object or says that there is none."""
    try:
        assert isinstance(parse_json(text).value, dict)
    except NotJson:
        return
