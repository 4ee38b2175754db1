"""Clean texts in the world's scripts: none looks disguised."""

from __future__ import annotations

import pytest
from faker import Faker

from drafter.domain import CheckRequest
from tests.guardrails.test_examples import shipped

LOCALES = ("vi_VN", "ru_RU", "el_GR", "hi_IN", "fa_IR", "th_TH", "ko_KR", "ja_JP", "zh_CN", "ar_AA", "he_IL", "uk_UA", "hy_AM", "ka_GE")
FULL_STOPS = ("ja_JP", "zh_CN")
"""Where Faker ends sentences with a Latin full stop, which nobody writes there."""
EACH = 143
"""Texts of each locale; over two thousand in all."""


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_of_this_locale_looks_disguised(locale: str) -> None:
    """Accents, joiners and other alphabets are no tricks; names, firms, addresses and prose of Faker, always the same ones."""
    fake = Faker(locale)
    fake.seed_instance(20261122)
    found = []
    for number in range(EACH):
        text = f"{fake.name()}, {fake.company()}. {fake.text(120)} {fake.address()}" if number % 2 else fake.text(200)
        if locale in FULL_STOPS:
            text = text.replace(".", "。")
        document = shipped().look_at(CheckRequest(channel="review_followup", text=text)).document
        found += [(trick.trick, text[trick.start : trick.end]) for trick in document.tampering]
    assert found == []
