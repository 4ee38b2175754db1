"""Texts that say one thing only, and texts that repeat an earlier message."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail

ROOT = Path(__file__).resolve().parents[3]


@cache
def shipped() -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(ROOT)


def flags(text: str, **case: object) -> set[str]:
    """Ids of the rules that flag a buyer message."""
    return {finding.rule_id for finding in shipped().check(CheckRequest(channel="buyer_message", text=text, **case)).findings}


@pytest.mark.parametrize(
    ("text", "is_started", "is_flagged"),
    [
        ("Thank you for your order! Have a lovely day.", True, True),
        ("Thank you for your order! Have a lovely day.", False, False),
        ("Thank you for your order. The name line is empty; which name shall we engrave?", True, False),
    ],
)
def test_thanks_alone_are_no_message(text: str, is_started: bool, is_flagged: bool) -> None:
    """Only where the seller started it, and only where nothing else is said."""
    assert ("thanks-only" in flags(text, seller_started=is_started)) is is_flagged


def test_a_message_that_says_the_same_again_is_flagged() -> None:
    """Compared word by word with our earlier messages in the thread."""
    text = "We are sorry about the lid. Which colour do you need?"
    assert "frequency-cap-thread" in flags(text, previous_messages=(text,))
    assert "frequency-cap-thread" not in flags(text, previous_messages=("Thank you for the photo.",))


@pytest.mark.parametrize(
    ("language", "text", "is_flagged"),
    [
        ("zh", "非常抱歉给您带来不便，您的意见对我们非常宝贵，我们会不断改进产品和服务，感谢您的理解与支持。", True),
        ("pt", "A sua satisfação é a nossa prioridade, e lamentamos qualquer transtorno causado.", True),
        ("en", "We apologise for the inconvenience.", False),
        ("zh", "非常抱歉给您带来不便，新的滤网今天下午已经寄出，旧的不用寄回来。", False),
    ],
)
def test_stock_phrases_may_be_one_sentence(language: str, text: str, is_flagged: bool) -> None:
    """Several in a row are boilerplate even without a full stop between them; a single one, or one beside a fact, is not."""
    assert ("stock-apology" in flags(text, language=language)) is is_flagged
