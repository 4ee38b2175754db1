"""Is a model's sentence about this buyer true to what the buyer wrote? Judged by words alone, and by doubt: an unsure sentence is not used.

Every word that says something must stand in the review or the product's name, near one another, in the same polarity; numbers and
names as well. A true sentence that says it in other words is lost; that is the price.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.domain import Issue, Quote
from drafter.drafting.asides import without_orders
from drafter.drafting.restate import FINITE, restate
from drafter.drafting.sentences import split_clauses, split_sentences
from drafter.scoring.lexicon import Lexicon, SentenceLexicon, any_word
from drafter.scoring.parroting import longest_common_run
from drafter.scoring.words import Word, content_words, stem_words, words_of

MIN_WORDS, MAX_WORDS = 4, 32
_SUBJECT = re.compile(rf"(?:the|my|your|its) (?:\w+ ){{0,2}}?(\w+) {FINITE.pattern}", re.IGNORECASE)
_PLAIN_NAMES = any_word("product item thing order package parcel box unit seller delivery one ones", "en")
MANY_HEADING_WORDS = 3
"""Of one sentence, found in the heading and nowhere else."""
MIN_SHARED = 2
MAX_COPIED_RUN = 12
"""Words in a row; more is an echo. The persons are turned even in a copy, so that it is our voice."""
MAX_GAP = 6
"""Places between two words of the review that may be neighbours in the sentence."""
MAX_CONTENT_GAP = 2
"""The same, counted in words that say something."""
SENTENCE_STRIDE = 10_000
"""Puts the words of different sentences out of reach of each other; longer than any review has words."""
NEGATION_REACH = 4
"""Words that a negation governs to its right, within its clause."""

COUNT_REACH = 2
"""Words after a number among which the thing stands that is counted."""

_CLAUSE_END = re.compile(r"[,;:.!?()\n]")


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence may rest on."""

    review: str
    """Cleaned."""
    product: str
    """Its name, and the noun that a reply would use for it."""
    heading: str = ""
    """Title of the review."""
    issues: tuple[Issue, ...] = ()
    """As triage named them: their own words may be used."""
    praise: tuple[Quote, ...] = ()
    complaints: tuple[str, ...] = ()
    """Words of the review in which triage saw an issue."""
    points: tuple[str, ...] = ()
    """Clauses of the review that may be taken up: what is said in them is a complaint, in words that are fit to be said."""


def find_untruth(sentence: str, lead: str, source: Source, lexicon: Lexicon) -> str | None:
    """Why the sentence may not be used; None when every word of it is borne out.

    Args:
        lead: First words, which are ours, e.g. `We are sorry that`.
    """
    language, judge = lexicon.language, judge_of(lexicon)
    body = sentence.removeprefix(lead).strip()
    words = words_of(body, language)
    return (
        _find_misform(sentence, lead, body, words, source, judge)
        or _find_unsupported(body, words, source, lexicon)
        or _find_inversion(body, words, source, lexicon)
        or _find_wrong_doer(words, source, lexicon)
        or _find_praise(words, source, lexicon)
        or _find_no_complaint(body, words, source, lexicon)
        or _find_quip(words, source, lexicon)
        or _find_whole_for_part(body, source, lexicon)
    )


def judge_of(lexicon: Lexicon) -> SentenceLexicon:
    """Words by which a model's sentence is judged.

    Raises:
        ValueError: the language has none; `Writer.load` refuses to switch such a language on.
    """
    if lexicon.judge is None:
        raise ValueError(f"prompts/words/{lexicon.language}.yaml has no 'model' part")
    return lexicon.judge


def _find_misform(sentence: str, lead: str, body: str, words: Sequence[Word], source: Source, judge: SentenceLexicon) -> str | None:
    if not sentence.startswith(f"{lead} "):
        return "does not begin as asked"
    if not sentence.endswith(".") or any(mark in body[:-1] for mark in '.!?"<>{}[]'):
        return "is not one finished sentence"
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return f"has {len(words)} words"
    texts = [w.text for w in words]
    if judge.voice.intersection(texts):
        return "speaks in the wrong person"
    if judge.idle.search(body):
        return "speaks of feelings, opinions or money spent"
    fit = {word.lower() for point in source.points for word in judge.unfit.findall(point)}
    if any(word.lower() not in fit for word in judge.unfit.findall(body)):
        return "speaks of money, other products, causes or promises"
    if not judge.verbs.search(_first_clause(body, judge)):
        return "has no verb"
    if judge.ill.search(body):
        return "is not well formed, or tells what people did"
    if texts[-1] in judge.open_end:
        return "breaks off"
    if len(body.rpartition(", ")[2].split()) == 1 and ", " in body:
        return "breaks off"
    if any(a == b for a, b in itertools.pairwise(texts)):
        return "stutters"
    return None


def _find_quip(words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    """A sentence made of the heading's own words takes a quip at its word: "the manual was written by a riddle club"."""
    told = stem_words(source.review.removeprefix(source.heading), lexicon.language)
    heading = stem_words(source.heading, lexicon.language) - told
    stems = {w.stem for w in content_words(words, lexicon.stop)} & heading
    return "takes the heading at its word" if told and len(stems) >= MANY_HEADING_WORDS else None


def _find_whole_for_part(body: str, source: Source, lexicon: Lexicon) -> str | None:
    """What the buyer says of a part is not true of the thing: it is the rose that won't screw on, not the watering can."""
    own, subject = source.product.lower(), _SUBJECT.match(body)
    if subject is None or subject.group(1).lower() not in own:
        return None
    said = stem_words(body[subject.end(1) :], lexicon.language)
    clauses = [c.text for s in split_sentences(source.review) for c in split_clauses(source.review, s)]
    told = max(clauses, key=lambda clause: len(said & stem_words(clause, lexicon.language)), default="")
    part = _SUBJECT.match(told)
    noun = part.group(1).lower() if part else own
    is_of_part = noun not in own and noun not in body.lower() and not _PLAIN_NAMES.fullmatch(noun)
    return "says of the thing what was said of a part" if is_of_part else None


def _first_clause(body: str, judge: SentenceLexicon) -> str:
    """The words before the first joint; what follows may lean on them."""
    words = body.split()
    end = next((i for i, word in enumerate(words) if word.strip(",.").lower() in judge.joints), len(words))
    return " ".join(words[:end])


def _find_unsupported(body: str, words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    language = lexicon.language
    review_words = words_of(source.review, language)
    known = {w.stem for w in words_of(without_orders(source.review), language)} | stem_words(source.product, language)
    known |= {stem for issue in source.issues for stem in lexicon.issues.get(issue, ())}
    written = {w.text for w in review_words}
    known |= {word for word, others in judge_of(lexicon).means.items() if others & written}
    content = content_words(words, lexicon.stop)
    for word in content:
        if word.stem not in known and word.stem not in judge_of(lexicon).own:
            return f"says {word.text!r}, which the buyer did not"
    counts = judge_of(lexicon).counts
    digits = {w.text for w in words if w.text in counts or any(c.isdigit() for c in w.text)}
    if digits - {w.text for w in (*review_words, *words_of(source.product, language))}:
        return "brings a number of its own"
    if _repeats_itself(words, lexicon):
        return "says a thing twice"
    review_stems = {w.stem for w in content_words(review_words, lexicon.stop)}
    shared = {w.stem for w in content} & review_stems
    if len(shared) < min(MIN_SHARED, len(review_stems)) or not shared - stem_words(source.product, language):
        return "names no detail of this review"
    if longest_common_run([w.text for w in words], [w.text for w in review_words]) > MAX_COPIED_RUN:
        return "copies the buyer's sentence"
    if not _belong_together(words, source, lexicon):
        return "joins words that the buyer used apart"
    if not _count_the_same(words, source.review, review_words, lexicon):
        return "counts other things than the buyer"
    return None


def _repeats_itself(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """True when one clause uses a word twice, as in "the urn refused to help with the urn"."""
    seen: set[str] = set()
    for word in words:
        if word.text in judge_of(lexicon).joints:
            seen.clear()
        elif word.stem not in judge_of(lexicon).own and content_words([word], lexicon.stop):
            if word.text in seen:
                return True
            seen.add(word.text)
    return False


def _belong_together(words: Sequence[Word], source: Source, lexicon: Lexicon) -> bool:
    """True when neighbouring words of one clause also stand near each other in one sentence of the review.

    "The strings arrived with cat food" is made of true words; the review has them in two sentences. "The box curled" joins words that
    have seven others between them.
    """
    places = _places(source.review, lexicon)
    content = {w.start for w in content_words(words, lexicon.stop)}
    own, joints = judge_of(lexicon).own, judge_of(lexicon).joints
    owners = _find_owners(words, source, lexicon)
    before: set[tuple[int, int]] | None = None
    for word in words:
        if word.text in joints:
            before = None
        elif word.start in content and word.stem in places and word.stem not in own and word.start not in owners:
            here = places[word.stem]
            if before is not None and not any(_are_near(a, b) for a in before for b in here):
                return False
            before = here
    return True


def _places(review: str, lexicon: Lexicon) -> dict[str, set[tuple[int, int]]]:
    """Where each stem stands: counted in words, and in words that say something."""
    places: dict[str, set[tuple[int, int]]] = {}
    for i, sentence in enumerate(split_sentences(review)):
        words = words_of(sentence.text, lexicon.language)
        content = {w.start for w in content_words(words, lexicon.stop)}
        said = 0
        for k, word in enumerate(words):
            said += word.start in content
            places.setdefault(word.stem, set()).add((i * SENTENCE_STRIDE + k, i * SENTENCE_STRIDE + said))
    return places


def _are_near(left: tuple[int, int], right: tuple[int, int]) -> bool:
    """True for words with few others between them, or at most one that says something."""
    return abs(left[0] - right[0]) <= MAX_GAP or abs(left[1] - right[1]) <= MAX_CONTENT_GAP


def _find_owners(words: Sequence[Word], source: Source, lexicon: Lexicon) -> set[int]:
    """Where words of the product's name stand that only say whose part is meant: "the machine's lever", "the jeans have loops"."""
    product = stem_words(source.product, lexicon.language)
    having = judge_of(lexicon).having
    owners = _find_subject(words, product, source, lexicon)
    run: list[int] = []
    for word, follower in itertools.pairwise(words):
        run = [*run, word.start] if word.stem in product else []
        if run and (word.text.endswith("'s") or follower.text in having):
            owners.update(run)
    return owners


def _find_subject(words: Sequence[Word], product: set[str], source: Source, lexicon: Lexicon) -> set[int]:
    """Where the product's name stands at the beginning, when the buyer told the same without naming it: "Took twelve days"."""
    subject = _lead_by(words, product, lexicon)
    said = {w.stem for w in content_words(words, lexicon.stop)[len(subject) :]} - judge_of(lexicon).own
    clauses = (c for piece in split_sentences(source.review) for c in split_clauses(source.review, piece))
    if not any(_is_about_the_product(c.text, lexicon) and said & stem_words(c.text, lexicon.language) for c in clauses):
        return set()
    return {w.start for w in subject}


def _lead_by(words: Sequence[Word], product: set[str], lexicon: Lexicon) -> list[Word]:
    """The first words that say something, as far as they are of the product's name."""
    return list(itertools.takewhile(lambda w: w.stem in product, content_words(words, lexicon.stop)))


def _is_about_the_product(clause: str, lexicon: Lexicon) -> bool:
    """True for a clause that begins with a pronoun or at once with its verb."""
    first = words_of(clause, lexicon.language)[:1]
    return bool(first) and (first[0].text in judge_of(lexicon).pronouns or judge_of(lexicon).verbs.fullmatch(first[0].text) is not None)


def _count_the_same(words: Sequence[Word], review: str, review_words: Sequence[Word], lexicon: Lexicon) -> bool:
    """True when each number is followed by a word that follows it in the review as well: "one foot" makes no "one plug".

    A number at the end of a clause counts what the buyer left unsaid: "promised in three days, took twelve".
    """
    counts = judge_of(lexicon).counts
    followers: dict[str, list[set[str]]] = {}
    for i, word in enumerate(review_words):
        near = review_words[i + 1 : i + 1 + COUNT_REACH]
        ends_clause = not near or _CLAUSE_END.search(review, word.end, near[0].start) is not None
        followers.setdefault(word.text, []).append(set() if ends_clause else {w.stem for w in near})
    for i, word in enumerate(words[:-1]):
        said = {w.stem for w in words[i + 1 : i + 1 + COUNT_REACH]}
        known = followers.get(word.text, []) if word.text in counts or word.text[0].isdigit() else []
        if known and all(written and not written & said for written in known):
            return False
    return True


def _find_inversion(body: str, words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    """A word denied here and affirmed there, or the other way round, wherever the review uses it."""
    review_words = words_of(source.review, lexicon.language)
    said = _denied(body, words, lexicon)
    if any(not all(said.get(stem, {True})) for stem in lexicon.praise):
        return "is sorry for what is good"
    if any(w.start in _starts(lexicon, body) and said.get(w.stem) == {True} for w in words):
        return "is sorry that nothing is wrong"
    subject = {w.stem for w in _lead_by(words, stem_words(source.product, lexicon.language), lexicon)}
    for written in (
        _denied(source.review, review_words, lexicon),
        _supposed(source.review, review_words, [w.text for w in words], lexicon),
    ):
        for stem, polarity in said.items():
            if stem in written and stem not in subject and not polarity & written[stem]:
                return f"turns {stem!r} round"
    return None


def _starts(lexicon: Lexicon, body: str) -> set[int]:
    """Where the words stand by which a clause complains."""
    return {m.start() for m in lexicon.negative.finditer(body)}


def _denied(text: str, words: Sequence[Word], lexicon: Lexicon) -> dict[str, set[bool]]:
    """For each content stem, whether it is denied; both when it is used both ways."""
    return _governed(text, words, lexicon, [_is_negation(w.text, lexicon) for w in words])


def _supposed(text: str, words: Sequence[Word], said: Iterable[str], lexicon: Lexicon) -> dict[str, set[bool]]:
    """For each content stem that the buyer only supposes, a polarity that no statement has.

    Args:
        said: Words of the sentence; one that compares as the buyer did may use the buyer's comparison.
    """
    modals = judge_of(lexicon).modals
    followers = [*words[1:], None]
    pairs = zip(words, followers, strict=True)
    triggers = [w.text in modals and not (after and _is_negation(after.text, lexicon)) for w, after in pairs]
    if not judge_of(lexicon).similes.intersection(said):
        triggers = [is_modal or _is_simile(words, i, lexicon) for i, is_modal in enumerate(triggers)]
    governed = _governed(text, words, lexicon, triggers)
    return {stem: set() for stem, uses in governed.items() if uses == {True}}


def _is_simile(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """True for a word that compares; "I like it" and "don't like it" compare nothing."""
    before = words[at - 1].text if at else ""
    return words[at].text in judge_of(lexicon).similes and before not in judge_of(lexicon).buyer and not _is_negation(before, lexicon)


def _governed(text: str, words: Sequence[Word], lexicon: Lexicon, triggers: Sequence[bool]) -> dict[str, set[bool]]:
    """For each content stem, whether it stands in the reach of a trigger word of its clause."""
    content = {w.start for w in content_words(words, lexicon.stop)}
    reach, found, last_end = 0, dict[str, set[bool]](), 0
    for word, is_trigger in zip(words, triggers, strict=True):
        if _CLAUSE_END.search(text[last_end : word.start]) or word.text in judge_of(lexicon).joints:
            reach = 0
        if word.start in content:
            found.setdefault(word.stem, set()).add(reach > 0)
        if is_trigger:
            reach = NEGATION_REACH
        else:
            reach -= 1
        last_end = word.end
    return found


def _is_negation(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.negation or ("n't" in lexicon.negation and word.endswith("n't"))


def _find_wrong_doer(words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    """What the sentence lets the buyer do, the buyer must have told of: "Sent the wrong colour" was not the buyer's doing."""
    judge = judge_of(lexicon)
    did = _follows(words_of(source.review, lexicon.language), judge.buyer, lexicon)
    turned = [clause for point in source.points if lexicon.language == "en" and (clause := restate(point))]
    did |= {stem for clause in turned for stem in _follows(words_of(clause, lexicon.language), judge.buyer_turned, lexicon)}
    for stem in _follows(words, judge.buyer_turned, lexicon):
        if stem not in did and stem not in judge.own:
            return f"lets the buyer {stem!r}"
    return None


def _follows(words: Sequence[Word], leads: frozenset[str], lexicon: Lexicon) -> set[str]:
    """Stems of the first content word within reach of each lead word."""
    content = {w.start for w in content_words(words, lexicon.stop)}
    found = set()
    for i, word in enumerate(words):
        if word.text in leads:
            near = (w for w in words[i + 1 : i + 1 + NEGATION_REACH] if w.start in content)
            first = next(near, None)
            found |= {first.stem} if first else set()
    return found


def _find_praise(words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    """Nobody is sorry for what the buyer liked."""
    praised = {w.stem for quote in source.praise for w in content_words(words_of(quote.quote, lexicon.language), lexicon.stop)}
    named = {w.stem for w in content_words(words, lexicon.stop)} - judge_of(lexicon).own
    if named and praised and len(named & praised) / len(named) > 0.5:
        return "is sorry for what the buyer liked"
    return None


def _find_no_complaint(body: str, words: Sequence[Word], source: Source, lexicon: Lexicon) -> str | None:
    """A sentence must say what is wrong: with a negation, a word that complains, or words in which triage saw an issue."""
    if lexicon.negative.search(body) or any(_is_negation(w.text, lexicon) for w in words):
        return None
    complained = {stem for text in (*source.complaints, *source.points) for stem in stem_words(text, lexicon.language)} - lexicon.stop
    said = {w.stem for w in content_words(words, lexicon.stop)}
    return None if said & complained else "says nothing that is wrong"
