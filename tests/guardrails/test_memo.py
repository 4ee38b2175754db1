"""A sentence is worked out once, and memory stays bounded."""

from __future__ import annotations

from drafter.guardrails.memo import MAX_SENTENCES, MAX_TOKENS, SentenceMemo


def test_a_sentence_is_worked_out_once() -> None:
    """The second time it is known."""
    asked: list[tuple[str, ...]] = []

    def count(norms: tuple[str, ...]) -> int:
        asked.append(norms)
        return len(norms)

    memo = SentenceMemo(count)
    assert memo["the", "lid"] == memo["the", "lid"] == 2
    assert asked == [("the", "lid")]


def test_whatever_is_sent_memory_is_bounded() -> None:
    """Many sentences, and long ones, leave little behind."""
    memo = SentenceMemo(len)
    for i in range(MAX_SENTENCES + 10):
        assert memo[(str(i),)] == 1
    assert len(memo) <= MAX_SENTENCES
    long = ("word",) * (MAX_TOKENS + 1)
    assert memo[long] == len(long)
    assert long not in memo
