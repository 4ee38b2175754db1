"""Which of a small model's sentences begins the reply: only true ones, and of these the one that the model itself says most often.

A small model is a poor judge of its sentences: asked to choose among them or to confirm one, it goes by their places and likes every one.
What it says again and again under different seeds is a better sign of what it has understood.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.drafting.shorten import shorten
from drafter.drafting.truth import Source, find_untruth, judge_of
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.parroting import longest_common_run
from drafter.scoring.words import Word, content_words, stem_words, words_of

MAX_EASY_WORDS = 17
"""A longer sentence reads like a list."""
MAX_USEFUL_RUN = 6
"""Words in a row from which a sentence is no closer to the buyer's, only more of an echo."""
COUNTED_REACH = 4
"""Words after a number among which the things stand of which there are so many: "three of the boxes"."""
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
_BUYERS_WORD = re.compile(r"'[^']*'")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is left of an answer."""

    true: tuple[str, ...]
    reasons: tuple[str, ...]
    """Why the others may not be used, without the buyer's words."""


def gather_candidates(texts: Sequence[str], *, lead: str, source: Source, lexicon: Lexicon, not_again: str) -> Candidates:
    """The sentences, and what is left of them when clauses are cut, that are true to the review.

    Args:
        not_again: Text that a repair must not repeat.
    """
    true: dict[str, None] = {}
    reasons: dict[str, None] = {}
    for text in texts:
        for sentence in shorten(" ".join(text.split()), lead, lexicon):
            untruth = "is the same as before" if sentence in not_again else find_untruth(sentence, lead, source, lexicon)
            if untruth is None:
                true[sentence] = None
            else:
                reasons[_BUYERS_WORD.sub("a word", untruth)] = None
    return Candidates(tuple(true), tuple(reasons))


def choose_sentence(true: Sequence[str], texts: Sequence[str], *, lead: str, source: Source, lexicon: Lexicon) -> str:
    """The sentence that serves best, the first of equals.

    Args:
        true: Sentences to choose from.
        texts: Everything that the model said.
    """
    said = [_content(text, lead, lexicon) for text in texts]
    return max(true, key=lambda sentence: _rank(sentence, said, lead, source, lexicon))


def _rank(sentence: str, said: Sequence[set[str]], lead: str, source: Source, lexicon: Lexicon) -> float:
    """Agreement with what the model said, the heading and the complaint points; less for what makes it long, vague or a mere copy."""
    words = words_of(sentence.removeprefix(lead), lexicon.language)
    stems = _content(sentence, lead, lexicon)
    pronouns = judge_of(lexicon).pronouns
    agreement = sum(len(stems & other) / len(stems | other) for other in said if stems | other) / max(1, len(said))
    points = stem_words(" ".join(source.points), lexicon.language)
    run = longest_common_run([w.text for w in words], [w.text for w in words_of(source.review, lexicon.language)])
    return (
        6 * agreement
        + min(len(stems & points), 4)
        + 1.5 * min(len(stems & stem_words(source.heading, lexicon.language)), 2)
        + 0.3 * min(run, MAX_USEFUL_RUN)
        + 0.3 * min(len(stems), 5)
        - 2 * (words[0].text in pronouns)
        - 3 * _goes_on_about_it(words, lexicon)
        - 1.5 * any(w.text in judge_of(lexicon).contrasts for w in words)
        - 1.5 * _drops_a_number(words, stems, source, lexicon)
        - 0.4 * max(0, len(words) - MAX_EASY_WORDS)
        - 2 * (_SHOUTED.search(sentence) is not None)
    )


def _goes_on_about_it(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """True when a later clause has a pronoun for its subject: too often it is another thing's, "the toe box is short and it curled"."""
    judge = judge_of(lexicon)
    pairs = itertools.pairwise(words[1:])
    return any(word.text in judge.pronouns and judge.verbs.fullmatch(follower.text) for word, follower in pairs)


def _drops_a_number(words: Sequence[Word], stems: set[str], source: Source, lexicon: Lexicon) -> bool:
    """True when the buyer says how many of them, and the sentence speaks as if it were all."""
    counts = judge_of(lexicon).counts
    if any(w.text in counts or w.text[0].isdigit() for w in words):
        return False
    review = words_of(source.review, lexicon.language)
    counted = (review[i + 1 : i + 1 + COUNTED_REACH] for i, w in enumerate(review) if w.text in counts or w.text[0].isdigit())
    return any(near.stem in stems for some in counted for near in some)


def _content(text: str, lead: str, lexicon: Lexicon) -> set[str]:
    """Stems that say something."""
    words = words_of(text.removeprefix(lead), lexicon.language)
    return {w.stem for w in content_words(words, lexicon.stop)} - judge_of(lexicon).own
