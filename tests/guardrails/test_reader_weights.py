"""The second reader's file: every line is found by its name, and one that was changed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.guardrails.reader_weights import Weights, rows

TRAINED: Mapping[str, Any] = {
    "bias": -5,
    "weights": {"=page": [9, 4], "=page two": [-3, 1], "=pages": [1, 1], "+ask": [2, 2]},
    "unseen": {"paragraph": 7},
    "letters": {"<par": 8},
    "kinds": {
        "promotion": {"bias": 2, "weights": {"=page": -4}},
        "review_change_request": {"bias": 3, "weights": {"=page": 6, "=page two": 5}},
    },
}


def test_a_file_reads_as_it_was_written() -> None:
    """Bias and lines come back, and each name leads to its numbers."""
    weights = Weights.read(Weights.of(TRAINED).write())
    assert weights.bias == -5
    found = {name: weights.find(name) for name in ("=page", "=page two", "=pages", "+ask", "?paragraph", "~<par", "=pag", "?page")}
    assert found == {
        "=page": [9, 4],
        "=page two": [-3, 1],
        "=pages": [1, 1],
        "+ask": [2, 2],
        "?paragraph": [7],
        "~<par": [8],
        "=pag": None,
        "?page": None,
    }
    told = [("@promotion", [2]), ("@review_change_request", [3]), ("@review_change_request =page two", [5])]
    assert list(rows(weights.begin("@"))) == told
    assert weights.find("!page") == [0, -4, 1, 6]


@pytest.mark.parametrize("change", [("9\t4", "9\t5"), ("\n=page\t", "\n=aged\t"), ("reader-weights-2", "weights"), ("\t-5\t", "\t")])
def test_a_file_that_was_changed_is_refused(change: tuple[str, str]) -> None:
    """A number, a name or the head that is another makes it no file of ours."""
    with pytest.raises(ValueError, match=r"it does not begin|its lines are not"):
        Weights.read(Weights.of(TRAINED).write().replace(*change))


@given(words=st.sets(st.text(st.characters(exclude_characters="\t\n ", exclude_categories=["Cs"]), min_size=1), max_size=30))
def test_every_word_is_found(words: set[str]) -> None:
    """Whatever letters it has; and no other."""
    weights = Weights.of({**TRAINED, "unseen": dict.fromkeys(words, 1)})
    assert all(weights.find(f"?{word}") == [1] for word in words)
    assert weights.find("?\u0000no") is None or "\u0000no" in words
