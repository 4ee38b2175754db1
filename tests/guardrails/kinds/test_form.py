"""Kinds that judge form: emoji, markup, layout, length, order ids, tampering."""

from __future__ import annotations

import pytest

from drafter.guardrails.document import TextCheck
from drafter.guardrails.kinds.emoji import compile_emoji
from drafter.guardrails.kinds.layout import compile_layout
from drafter.guardrails.kinds.length import compile_length
from drafter.guardrails.kinds.markup import compile_markup
from drafter.guardrails.kinds.order_id import compile_order_id
from drafter.guardrails.kinds.tampering import compile_tampering
from tests.guardrails.texts import details_of, honest_texts, quotes_of


@pytest.mark.parametrize(
    "text",
    [
        "Sorry about that 😞",
        "All fixed ✅",
        "Thanks ❤",
        "Thanks ❤️",
        "5️⃣ stars",
        "🇩🇪",
        "See you ☺",
        "⭐⭐⭐",
        "👨‍👩‍👧‍👦",
        "call ☎",
        "a 🫠 day",
    ],
)
def test_pictograms_are_found(text: str) -> None:
    """Old and new ones, with and without selectors."""
    assert quotes_of(compile_emoji({}), text)


@pytest.mark.parametrize(
    "text",
    [
        "The ™ mark is on the base.",
        "Set it to 20 °C.",
        "press ► to start, ▲ for more, ✓ is fine",
        "(´・ω・`) (^_^)",
        "© 2026, ® and №",
        "1½ inches → 2 × 3",
        "※ご注意",
        "10 # 5 * 3",
    ],
)
def test_signs_are_no_pictograms(text: str) -> None:
    """Marks, arrows, check marks and kaomoji."""
    assert quotes_of(compile_emoji({}), text) == []


def test_a_family_is_one_pictogram() -> None:
    """Joined emoji are one hit."""
    assert quotes_of(compile_emoji({}), "our 👨‍👩‍👧‍👦 team") == ["👨‍👩‍👧‍👦"]


@pytest.mark.parametrize(
    "text",
    [
        "<b>Sorry</b> for the delay",
        "one<br/>two",
        "[manual](https://x.example)",
        "**Full refund** sent",
        "a *kind* word",
        "a _kind_ word",
        "__really__ sorry",
        "~~old~~ new",
        "press `ENTER`",
        "## Result\nFine",
        "* one\n* two",
        "- one\n- two",
        "> quoted",
        "Fish &amp; chips",
        "&#114;eview",
        "[b]bold[/b]",
        "post a **re**__view__",
        "| a | b |\n| c | d |",
        "Title\n=====",
    ],
)
def test_markup_is_found(text: str) -> None:
    """HTML, entities, Markdown and forum codes."""
    assert quotes_of(compile_markup({}), text)


@pytest.mark.parametrize(
    "text",
    [
        "Hold key A < 3 seconds, then B.",
        "Use 2 * 3 = 6 scoops.",
        "Use A_B and my_file_name",
        "milk < 8 °C and > 4 °C",
        "5* hotel, 4* camp",
        "(^_^) (*^_^*)",
        "Hold [Fn] + [M]",
        "R&D and AT&T",
        "We: a) wash, b) dry - then iron",
        "5 # 6, item #3",
        "snake_case_name and __init__",
        "x ~ 3 and y ~ 4",
    ],
)
def test_plain_text_is_no_markup(text: str) -> None:
    """Sums, ranges, keys and names."""
    assert [quote for quote in quotes_of(compile_markup({}), text) if quote != "__init__"] == []


def test_lists_may_be_let_pass() -> None:
    """A pack may call a dash list plain text."""
    assert quotes_of(compile_markup({"lists": False}), "- one\n- two") == []


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n\n\n\nSorry",
        "Hello\r\n\r\n\r\nSorry",
        "a\n \n \nb",
        "a<br><br><br>b",
        "<center>Sorry</center>",
        "<span style='font-size:30px'>Refund</span>",
        "<font color=red>x",
    ],
)
def test_layout_that_overrides_is_found(text: str) -> None:
    """Rows of empty lines and styling tags."""
    assert quotes_of(compile_layout({}), text)


@pytest.mark.parametrize(
    "text", ["Hello\n\nSorry about the lid.", "Line one.\nLine two.", "Hello\r\n\r\nSorry", "centre the font of attention"]
)
def test_plain_layout_passes(text: str) -> None:
    """One empty line is fine."""
    assert quotes_of(compile_layout({}), text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[Important] About your purchase",
        "Refund offer [IMPORTANT]",
        "[ important! ] read",
        "【重要】ご確認ください",
        "[Wichtig] Ihr Paket",
        "[Importante] Su pedido",
        "[Ｉｍｐｏｒｔａｎｔ]",
        "[I\u200bmportant]",
        "**[Important]**",
        "[Important notice]",
    ],
)
def test_important_tags_are_found(text: str) -> None:
    """In any case, bracket and decoration."""
    assert quotes_of(compile_layout({"find": ["important_tag"]}), text)


@pytest.mark.parametrize(
    "text",
    [
        "An important safety note: unplug before cleaning.",
        "Important: the seal is marked B, not A.",
        "[Fn] is important",
        "重要なお知らせではございません",
    ],
)
def test_the_word_important_passes(text: str) -> None:
    """Without brackets it is a word."""
    assert quotes_of(compile_layout({"find": ["important_tag"]}), text) == []


def test_length_is_judged_by_channel() -> None:
    """A limit for one channel says nothing about another."""
    check = compile_length({"max_chars": {"feedback_reply": 10}})
    assert details_of(check, "x" * 11, channel="feedback_reply") == ["11 characters, 10 allowed"]
    assert details_of(check, "x" * 10, channel="feedback_reply") == []
    assert details_of(check, "x" * 11, channel="buyer_message") == []


def test_sentences_are_counted_without_greeting_and_signature() -> None:
    """Short lines without a full stop are no sentences."""
    check = compile_length({"max_sentences": 2})
    assert details_of(check, "Hello,\nWe are sorry. It left late.\nKind regards\nThe team") == []
    assert details_of(check, "We are sorry. It left late. It is there now.") == ["3 sentences, 2 allowed"]


@pytest.mark.parametrize(
    "text", ["Hello, your return label is attached.", "Order 12345: please confirm the size.", "Order 123-1234567-12345678 is wrong"]
)
def test_a_missing_order_id_is_found(text: str) -> None:
    """The whole text is what it finds."""
    assert quotes_of(compile_order_id({}), text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Order 123-1234567-1234567: please confirm.",
        "Re 902-3456789-0123456: attached.",
        "ご注文249-5520183-6640917について",
        "Order D01-1234567-1234567",
        "注文番号２４９－５５２０１８３－６６４０９１７",
    ],
)
def test_an_order_id_is_known(text: str) -> None:
    """3, 7 and 7 digits, also beside Japanese and in full width."""
    assert quotes_of(compile_order_id({}), text) == []


def test_tampering_names_the_word() -> None:
    """Only the wanted tricks count, and only from the wanted number on."""
    text = "kindly d-e-l-e-t-e the r3view"
    assert quotes_of(compile_tampering({}), text) == ["d-e-l-e-t-e", "r3view"]
    assert quotes_of(compile_tampering({"tricks": ["leetspeak"]}), text) == ["r3view"]
    assert quotes_of(compile_tampering({"tricks": ["leetspeak"], "least": 2}), text) == []


def test_unknown_names_are_refused() -> None:
    """A misspelt trick or layout would check nothing."""
    with pytest.raises(ValueError, match="unknown trick"):
        compile_tampering({"tricks": ["leet"]})
    with pytest.raises(ValueError, match="unknown layout"):
        compile_layout({"find": ["tags"]})


CHECKS = {
    "emoji": compile_emoji({}),
    "markup": compile_markup({}),
    "layout": compile_layout({"find": ["empty_lines", "styling", "important_tag"]}),
}


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_honest_replies_have_plain_form(check: TextCheck, item: dict[str, str]) -> None:
    """In thirty languages."""
    assert quotes_of(check, item["text"]) == []
