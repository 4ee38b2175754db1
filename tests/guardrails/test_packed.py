"""Several numbers in one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drafter.guardrails.packed import pack, unpack


@given(parts=st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**5)), max_size=50))
def test_packed_numbers_are_summed_side_by_side(parts: list[tuple[int, int]]) -> None:
    """Neither part runs into the other."""
    assert unpack(sum(pack(weight, rarity) for weight, rarity in parts)) == (sum(w for w, _ in parts), sum(r for _, r in parts))
