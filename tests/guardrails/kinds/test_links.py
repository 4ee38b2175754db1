"""Links by what they lead to."""

from __future__ import annotations

import pytest

from drafter.guardrails.kinds.links import compile_links
from tests.guardrails.texts import honest_texts, quotes_of


@pytest.mark.parametrize(
    ("cls", "text"),
    [
        ("external", "See www.brandshop.example/fix."),
        ("external", "Download it from https://brandshop.example/manual, please."),
        ("external", "Visit brandshop dot example for the guide."),
        ("external", "All 64 shades are on paintnook dot example slash charts and can be enlarged."),
        ("external", "We have a page, returns[dot]couchcraft[dot]example, for it."),
        ("external", "Die Anleitung liegt auf lampenladen punkt example bereit."),
        ("external", "説明書はlampya.exampleにあります。"),
        ("external", "The film is at lampya\u2024example, third row."),
        ("external", "请打开 lampya点com 查看。"),
        ("external", "Fill in [this form](hxxps://warranty.inkpage.example/register)."),
        ("external", "Look at amazon.com.deals.example/now"),
        ("external", "Open https://аmazon.com/your-orders"),
        ("external", "Get it at http://192.0.2.44/dashcam/fw62.bin"),
        ("insecure", "Open http://www.amazon.com/orders"),
        ("insecure", "http://192.0.2.1/label.png"),
        ("shortener", "Fetch it here: https://bit.ly/lblprint11"),
        ("shortener", "amzn.to/3abc has it"),
        ("shortener", "It is kept here: b i t [.] l y / 7rack"),
        ("tracking", "https://www.amazon.com/your-orders?utm_source=msg"),
        ("tracking", "https://www.amazon.com/dp/B000000000?tag=brand-20"),
        ("opt_out", "You can unsubscribe at the link below."),
        ("opt_out", "Manage your mail preferences at this link."),
        ("opt_out", "Hier können Sie den Newsletter abbestellen."),
        ("opt_out", "Pour ne plus recevoir nos messages, écrivez stop."),
        ("opt_out", "メールの配信停止はこちらです。"),
        ("opt_out", "如需退订，请点击这里。"),
        ("amazon_promo", "https://www.amazon.com/dp/B000000000 is our newer model."),
        ("amazon_promo", "Our shop: https://www.amazon.co.uk/stores/brand"),
        ("amazon_promo", "Guides are on our detail page: amazon.com/dp/B000000001"),
        ("amazon_promo", "https://www.amazon.de/Kaffee-Muehle-Holz/dp/B000000001"),
    ],
)
def test_links_of_a_class_are_found(cls: str, text: str) -> None:
    """Written out, disguised or read aloud."""
    assert quotes_of(compile_links({"classes": [cls]}), text)


ALL = ["external", "insecure", "shortener", "tracking", "opt_out", "amazon_promo"]


@pytest.mark.parametrize(
    "text",
    [
        "Open https://www.amazon.com/your-orders to see the return.",
        "https://www.amazon.de/gp/help/customer/display.html shows the drop-off points.",
        "https://www.amazon.co.jp/returns shows the label.",
        "The display reads HTTP while it updates.",
        "Type www. Then wait until the page opens.",
        "Amazon.de shows the refund under Your Orders.",
        "At this point in time the dot in the corner is green.",
        "El punto es que falta un tornillo.",
        "O ponto com a marca vermelha é o correto.",
        "It was late, sorry.It was the snow.",
        "Version 1.2.3.4 of node.js, e.g. the a.m. one, 3.5.mm",
        "The manual.pdf is attached, and firmware.zip as well.",
        "You can stop the pump with the red key.",
        "Your router answers at 192.168.0.1 in the browser.",
        "S.r.l., S.p.A., z.B., p.ej., d.h. and U.S. are abbreviations.",
    ],
)
def test_honest_text_holds_no_link(text: str) -> None:
    """Abbreviations, versions and Amazon's own help pages pass."""
    assert quotes_of(compile_links({"classes": ALL}), text) == []


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
def test_honest_replies_hold_no_link(item: dict[str, str]) -> None:
    """In thirty languages."""
    assert quotes_of(compile_links({"classes": ALL}), item["text"]) == []


def test_a_brand_that_is_written_like_a_domain_is_its_name() -> None:
    """A bare name from the request is no link; the same with a path is one."""
    check = compile_links({"classes": ["external"]})
    assert quotes_of(check, "Your Crema.example grinder is on its way.", names=("Crema.example",)) == []
    assert quotes_of(check, "See Crema.example/shop for it.", names=("Crema.example",)) == ["Crema.example/shop"]


def test_the_quote_is_what_was_written() -> None:
    """Punctuation of the sentence is not part of it."""
    assert quotes_of(compile_links({"classes": ["external"]}), "(see www.shop.example/fix).") == ["www.shop.example/fix"]


def test_an_unknown_class_is_refused() -> None:
    """A misspelt class would check nothing."""
    with pytest.raises(ValueError, match="choose from"):
        compile_links({"classes": ["externl"]})
