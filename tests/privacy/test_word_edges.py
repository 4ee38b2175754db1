"""Pieces are found in whole words."""

from __future__ import annotations

import pytest

from drafter.privacy.word_edges import Piece, compile_pieces, says


@pytest.mark.parametrize(("product", "name"), [("American mug", "Eric"), ("Elevator shoes", "Eva"), ("Italian kettle", "Ian")])
def test_a_name_inside_a_longer_word_is_not_said(product: str, name: str) -> None:
    """Nor a name that the text lacks; a whole word is, in any letters."""
    assert not says(product, name)
    assert says(f"{product} by {name.upper()}", name)


def test_chinese_and_japanese_stand_beside_a_word_without_a_blank() -> None:
    """A number behind 订单 is a word of its own."""
    pattern, _ = compile_pieces([Piece("702-12", in_any_letters=True), Piece("王小明", in_any_letters=True)])
    assert [match.group() for match in pattern.finditer("订单702-12，我叫王小明啊 A702-12")] == ["702-12", "王小明"]


def test_the_longest_piece_wins() -> None:
    """Whatever signs it begins and ends with."""
    pattern, pieces = compile_pieces([Piece("東京都", in_any_letters=False), Piece("東京都渋谷区2-21", in_any_letters=False)])
    match = pattern.search("東京都渋谷区2-21")
    assert match is not None
    assert pieces[(match.lastindex or 1) - 1].text == "東京都渋谷区2-21"
