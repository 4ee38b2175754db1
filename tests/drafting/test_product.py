"""Short names of products."""

from __future__ import annotations

import pytest

from drafter.drafting.product import short_title


@pytest.mark.parametrize(
    ("title", "brand", "language", "name"),
    [
        ("Aurora enamel stovetop kettle, 1.5 l, cream", "Aurora", "en", "enamel stovetop kettle"),
        ("Finch & Sons oak chair with cushion", "Finch & Sons", "en", "oak chair"),
        ("Glen flask 32 oz", "Glen Outdoor", "en", "flask"),
        ("Kaffeemühle Nord, 80 g, schwarz", "Nord", "de", "Kaffeemühle Nord"),
        ("Bouilloire Lune 1,7 l", "Lune", "fr", "Bouilloire Lune"),
        (
            "\u6728\u97f3 \u6298\u308a\u305f\u305f\u307f\u6905\u5b50 60cm",
            "\u6728\u97f3",
            "ja",
            "\u6298\u308a\u305f\u305f\u307f\u6905\u5b50",
        ),
        ("Wireless Earbuds Bluetooth 5.3 Headphones Deep Bass Stereo Sound Touch", "", "en", ""),
        ("Buy now at www.shop.example", "", "en", ""),
        ("<b>Lamp</b>", "", "en", ""),
        ("", "", "en", ""),
    ],
)
def test_a_title_becomes_what_a_person_would_say(title: str, brand: str, language: str, name: str) -> None:
    """Brand, measures and additions go; what reads like a listing gives no name at all."""
    assert short_title(title, brand, language) == name
