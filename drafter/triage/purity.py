"""Is a text about one matter alone? Judged sentence by sentence, by the concepts that stand in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from drafter.triage.frames import CHARACTERS_PER_WORD
from drafter.triage.lexicon import Seen

NEUTRAL = frozenset(
    {
        "closing_word",
        "unknown",
        "vague",
        "poor",
        "date",
        "duration",
        "number",
        "wait",
        "ordered",
        "promised",
        "legal_threat",
        "want_refund",
        "want_answer",
        "then_nothing",
        "told",
        "sent_me",
    }
)
"""Say nothing about a product by themselves."""
DELIVERY = frozenset(
    {
        "parcel",
        "arrive",
        "late",
        "very_late",
        "lost",
        "journey",
        "box",
        "crushed",
        "damaged",
        "in_transit",
        "padding",
        "skimpy",
        "badly_packed",
        "excessive",
        "unpack",
    }
)
SERVICE = DELIVERY | {"seller", "contact", "answer", "return", "noanswer", "rude", "refuse", "promise_fail"}
NAMES_SERVICE = frozenset({"parcel", "late", "very_late", "noanswer", "rude", "refuse", "return"})
BEYOND_PRODUCT = frozenset(
    {
        "parcel",
        "seller",
        "contact",
        "late_word",
        "very_late",
        "noanswer",
        "rude",
        "refuse",
        "promise_fail",
        "in_transit",
        "sent_me",
        "got_other",
    }
)
"""A word of these in feedback, and it is not about the product alone."""
PRODUCT = frozenset(
    {
        "device_part",
        "works",
        "dead",
        "faulty",
        "broke",
        "apart",
        "flimsy",
        "noisy",
        "smelly",
        "foul",
        "material",
        "picture",
        "size",
        "sized_wrong",
        "my_device",
        "incompatible",
        "paper",
        "hard_to_use",
        "missing",
        "too_few",
        "got_other",
        "colour",
        "misleading",
        "fake",
    }
)
"""A sentence with one of these and no word of the matter may judge the product."""
THINGS = frozenset({"device_part", "part", "material", "product_word", "size", "my_device", "colour", "picture", "paper"})
FAULTS = frozenset(
    {
        "works",
        "dead",
        "faulty",
        "broke",
        "apart",
        "flimsy",
        "noisy",
        "smelly",
        "foul",
        "sized_wrong",
        "incompatible",
        "hard_to_use",
        "fake",
        "got_other",
        "too_few",
        "poor",
    }
)
"""One of these near a thing judges the product, whatever else the sentence says."""
NEAR = 8
MIN_WORDS = 4
MIN_CHARACTERS = 7
"""A shorter sentence makes no statement that could end a ground."""


def is_only_about(seen: Seen, concepts: Collection[str]) -> bool:
    """True when every sentence has a concept of the matter in it, or nothing but neutral words."""
    sentences = seen.reading.sentences
    least = MIN_CHARACTERS if seen.reading.is_characters else MIN_WORDS
    on_topic = {sentences[m.first] for m in seen.mentions if m.name in concepts or m.name in NEUTRAL}
    on_topic |= {sentences[m.first] for m in seen.phrases if m.name in concepts}
    return all(units < least for sentence, units in Counter(sentences).items() if sentence not in on_topic)


def strays_to_product(seen: Seen, concepts: Collection[str]) -> bool:
    """True when a sentence without a concept of the matter has one of the product."""
    sentences = seen.reading.sentences
    on_topic = {sentences[m.first] for m in (*seen.mentions, *seen.phrases) if m.name in concepts}
    return any(m.name in PRODUCT and sentences[m.first] not in on_topic for m in seen.mentions)


def has_clause_on_product(seen: Seen, concepts: Collection[str]) -> bool:
    """True when a clause without a concept of the matter names the product or a part of it."""
    clauses = seen.reading.clauses
    on_topic = {clauses[m.first] for m in (*seen.mentions, *seen.phrases) if m.name in concepts or m.name in NEUTRAL}
    return any((m.name in PRODUCT or m.name == "part") and clauses[m.first] not in on_topic for m in seen.mentions)


def joins_thing_and_fault(seen: Seen) -> bool:
    """True when a thing and a fault stand near each other, and the fault is not that of the seller or the delivery."""
    sentences, clauses = seen.reading.sentences, seen.reading.clauses
    reach = NEAR * (CHARACTERS_PER_WORD if seen.reading.is_characters else 1)
    things = [m for m in seen.mentions if m.name in THINGS]
    on_service = {clauses[m.first] for m in seen.mentions if m.name in SERVICE}
    return any(
        sentences[fault.first] == sentences[thing.first]
        and (clauses[fault.first] == clauses[thing.first] or clauses[fault.first] not in on_service)
        and (fault.last <= thing.first or thing.last <= fault.first)
        and max(fault.first - thing.last, thing.first - fault.last) <= reach
        for fault in seen.mentions
        if fault.name in FAULTS
        for thing in things
    )


def mentions_any(seen: Seen, concepts: Collection[str]) -> bool:
    """True when a concept of these stands in the text."""
    return any(m.name in concepts for m in seen.mentions)
