"""What the second reader looks at in a sentence: its words, neighbouring words and concepts, by their names in `weights.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from drafter.guardrails.channels import Channel
from drafter.guardrails.languages import Concepts
from drafter.guardrails.own_words import GREETING, own_words
from drafter.guardrails.scene import Scene

MIN_TOKENS = 9
"""A shorter sentence, such as `Sorry to hear about the rash.`, says too little by itself and is read with its neighbour only."""
START, NUMBER = "^", "#"
"""Stand for the beginning of a sentence, and for any number."""
LETTERS = 4
"""A word that nobody has taught is judged by its runs of so many letters."""
MAX_WORD = 40
"""Of a longer word the beginning is read."""

Pair = tuple[str, str]


def as_pair(name: str) -> Pair:
    """The two words of `=word word`."""
    before, _, word = name[1:].partition(" ")
    return before, word


def bits_of(name: str, concepts: Concepts) -> int:
    """The concepts of `+concept&concept`."""
    return sum(concepts.bits[concept] for concept in name[1:].split("&"))


def greeting_bit(concepts: Concepts) -> int:
    """Bit of the concept whose words greet; 0 where there is none."""
    return concepts.bits.get(GREETING, 0)


def is_read_alone(scene: Scene, i: int, concepts: Concepts) -> bool:
    """True for a sentence that says enough by itself, or that is all there is."""
    return len(scene.document.sentences) == 1 or len(own_words(scene, i, greeting_bit(concepts)).norms) >= MIN_TOKENS


def letter_runs(word: str) -> list[str]:
    """Every run of four letters of a word, with its borders."""
    marked = f"<{word[:MAX_WORD]}>"
    return list(dict.fromkeys(marked[i : i + LETTERS] for i in range(len(marked) - LETTERS + 1)))


def features(scene: Scene, sentence: int, concepts: Concepts) -> Iterator[str]:
    """Names of a sentence's parts: `=word`, `=word word`, `+concept`, `+concept&concept`; in public also `-concept` ….

    They are what `Model` sums up: words and concepts once, neighbouring words as often as they stand.
    """
    norms, mask = own_words(scene, sentence, greeting_bit(concepts))
    yield from (f"={NUMBER if norm.isdecimal() else norm}" for norm in dict.fromkeys(norms))
    yield from (f"={before} {word}" for before, word in pairwise((START, *norms)))
    names = concepts.names(mask) if mask else ()
    together = [*names, *("&".join(pair) for pair in combinations(names, 2))]
    for side in "+-" if scene.channel.is_public else "+":
        yield from (side + name for name in together)


def channel_feature(channel: Channel) -> str:
    """Stands for the channel among what tells a violation's category."""
    return f"@{channel.id}"
