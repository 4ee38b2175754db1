"""Facts of the seller that answer a review: those that take up what was said and help; never one that defends what was complained of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from drafter.domain import DraftRequest, Issue, Triage
from drafter.drafting.aims import Question
from drafter.drafting.details import Detail, DetailBook
from drafter.drafting.restate import FINITE
from drafter.drafting.sentences import split_clauses, split_sentences
from drafter.scoring.lexicon import Lexicon, any_word
from drafter.scoring.material import PUBLIC_CHANNELS
from drafter.scoring.words import SPACELESS, content_words, stem_words, words_of

FACT_ISSUES = frozenset({Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY, Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE})
"""Issues where any word of the review may be what a fact answers; elsewhere it must stand in the complaint itself."""
JUDGED = frozenset({Issue.PRICE_OR_VALUE, Issue.OTHER})
"""Issues beside whose apology a fact sounds like a defence, unless it plainly takes up what was said; beside a price it always does."""
MAX_FACTS_PRIVATE = 1
MAX_FACTS_PUBLIC = 2
MAX_FACT_CHARS = 140
MIN_SHARED = 2
"""Words that a fact shares with a complaint that names no fault."""
MIN_FACT_WORDS = 4
"""Of a fact that can stand as a sentence."""
ASKING_ENDS = ("?", "\uff1f", "か", "か\u3002")
"""Of a sentence that asks."""
_POLITE_JA = re.compile(r"(?:です|ます|でした|ました|ません|ませんでした|ください|ございます)$")
_POLITE_ZH = re.compile(r"您|我们|请")
_PLAIN_ZH = re.compile(r"可以|不可|能|适用|适合|支持|需要|只有")
"""Of a plain sentence, which will do as an answer."""
_SUBJECT = {
    language: re.compile(rf"(?:{words})\b", re.IGNORECASE)
    for language, words in {
        "en": r"the|a|an|no|one|two|three|some|most|nothing|all|each|every|both|we|you|our|your|it|they|there|this|these|\w+ing|"
        r"(?:\w+ ){0,2}\w{2,}(?<!s)s(?= (?:are|were|have|can|may|do|will|(?:now|also|always) \w+)\b)|"
        r"(?-i:[A-Z])\w*(?: [\w.]+){0,4} "
        r"(?:is|are|was|were|has|have|can|cannot|needs?|requires?|works?|fits?|keeps?|solves?|fixes|lets?|will) ",
        "de": r"der|die|das|den|dem|ein|eine|einen|wir|ihr|ihre|sie|es|unser|unsere|alle|jede[rs]?|diese[rs]?|"
        r"im|am|beim|bei|mit|seit|bis|für|auf",
        "fr": r"le|la|les|l['’]\w+|un|une|nous|vous|votre|vos|notre|nos|ce|cette|ces|il|elle|chaque|tous|toutes",
        "es": r"el|la|los|las|un|una|su|sus|nuestro|nuestra|este|esta|se|hay|cada|todos|todas|usted|le",
        "it": r"il|lo|la|i|gli|le|l['’]\w+|un|una|questo|questa|ogni|tutti|tutte|si|può|abbiamo",
        "pt": r"o|a|os|as|um|uma|este|esta|cada|todos|todas|pode|temos",
    }.items()
}
"""First words of a sentence whose subject stands with its article."""
_BARE_SUBJECT = re.compile(
    r"(?!(?:no|any|some|more|most|nothing|if|when|to|please|by|for|in|on|at|one|two|three|what|how)\b)"
    r"[a-z][\w-]+(?: [a-z][\w-]+)?(?<!s) (?:was|is|has|can|cannot|will|may|had) "
)
"""No name: it begins with a small letter."""
_MODAL = any_word("can may will must should", "en")


def choose_facts(
    request: DraftRequest,
    triage: Triage,
    details: Sequence[Detail],
    issues: Sequence[Issue],
    language: str,
    lexicons: Mapping[str, Lexicon],
    book: DetailBook | None,
    questions: Sequence[Question] = (),
) -> tuple[str, ...]:
    """Facts that answer this review and are in the reply's language, those that share most words with it first.

    Args:
        questions: Of the buyer's; what answers them is said first, also where it says what the page says.
    """
    facts = [f for fact in request.seller.facts if 0 < len(f := fact.strip().rstrip(".\u3002")) <= MAX_FACT_CHARS]
    facts = [f for f in facts if _is_in(f, language, lexicons, beside=request.seller.facts)]
    is_message = request.channel == "buyer_message"
    facts = [fact for fact in facts if can_be_read(fact, language) or (is_message and language == "zh" and _PLAIN_ZH.search(fact))]
    if request.channel in PUBLIC_CHANNELS:
        return tuple(facts[:MAX_FACTS_PUBLIC])
    if request.order.resolved:
        return tuple([fact for fact in facts if book and book.aims.settles.search(fact)][:MAX_FACTS_PUBLIC])
    lexicon = lexicons.get(language)
    answering = tuple(fact for fact in facts if any(takes_up(fact, question.about, lexicon) for question in questions))
    answering = answering[: max(MAX_FACTS_PRIVATE, len(questions))]
    is_asked = is_message and is_asking(request)
    if book and not is_asked:
        facts = [fact for fact in facts if (book.helps.search(fact) or _tells_of_it(fact, issues, book)) and not book.defends.search(fact)]
    facts = [fact for fact in facts if fact not in answering]
    if not facts or (not is_asked and set(issues) <= {Issue.PRICE_OR_VALUE}):
        return answering
    text = request.review.text if is_asked or FACT_ISSUES & set(issues[:2]) else _complaint(request.review.text, triage, details)
    asked = {w.stem for w in content_words(words_of(text, language), lexicon.stop if lexicon else frozenset())}
    asked -= stem_words(request.product.title, language) if not is_asked else frozenset()
    shared = {fact: len(asked & stem_words(fact, language)) for fact in facts}
    about_it = {fact for fact in facts if book and _tells_of_it(fact, issues, book)}
    least = 1 if is_asked or set(issues) - JUDGED else MIN_SHARED
    helping = sorted((fact for fact in shared if shared[fact] >= least or fact in about_it), key=lambda fact: -shared[fact])[
        :MAX_FACTS_PRIVATE
    ]
    return (*answering, *helping) if len(answering) < MAX_FACTS_PRIVATE or not is_asked else answering


def _tells_of_it(fact: str, issues: Sequence[Issue], book: DetailBook) -> bool:
    """True for a fact about this very order, in whatever words: what was done for it, or where it is while the buyer waits."""
    return book.aims.settles.search(fact) is not None or (Issue.LATE_DELIVERY in issues and book.aims.parcel.search(fact) is not None)


def find_unanswered(
    questions: Sequence[Question], facts: Sequence[str], lexicon: Lexicon | None, *, is_message: bool
) -> tuple[Question, ...]:
    """The questions that no fact takes up: by a word, or by more where there are several that may be meant.

    Args:
        is_message: A message with one question is about it: what takes up the message takes up the question.
    """
    if is_message and len(questions) == 1 and facts:
        return ()
    least = 1 if len(questions) == 1 else MIN_SHARED
    return tuple(asked for asked in questions if not any(takes_up(fact, asked.about, lexicon, least=least) for fact in facts))


def takes_up(fact: str, text: str, lexicon: Lexicon | None, *, least: int = 1) -> bool:
    """True when a fact has a content word, or more, of the text."""
    if lexicon is None:
        return False
    told = {w.stem for w in content_words(words_of(text, lexicon.language), lexicon.stop)}
    return len(told & stem_words(fact, lexicon.language)) >= least


def is_asking(request: DraftRequest) -> bool:
    """True for a message with a question in it, and for a review that is nothing else."""
    asked = [sentence.text.endswith(ASKING_ENDS) for sentence in split_sentences(request.review.body)]
    return any(asked) if request.channel == "buyer_message" else all(asked)


def _complaint(text: str, triage: Triage, details: Sequence[Detail]) -> str:
    """The clauses in which the buyer complains."""
    places = [(span.start, span.end) for span in triage.issue_spans] + [span for detail in details for span in detail.spans]
    clauses = [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    return "\n".join(c.text for c in clauses if any(start < c.end and c.start < end for start, end in places))


def can_be_read(fact: str, language: str) -> bool:
    """True for a fact that is a whole, polite sentence: neither "two-year warranty" nor "fee was charged automatically" is one."""
    if language == "ja":
        return _POLITE_JA.search(fact) is not None
    if language == "zh":
        return _POLITE_ZH.search(fact) is not None
    if language not in _SUBJECT:
        return len(fact.split()) >= MIN_FACT_WORDS
    subject = _SUBJECT[language].match(fact) or needs_article(fact, language)
    if not subject or len(fact.split()) < MIN_FACT_WORDS:
        return False
    return language != "en" or needs_article(fact, language) or FINITE.search(fact) is not None or _MODAL.search(fact) is not None


def needs_article(fact: str, language: str) -> bool:
    """True for an English sentence that a seller noted without its first article: "stock count was wrong"."""
    return language == "en" and _BARE_SUBJECT.match(fact) is not None and _SUBJECT["en"].match(fact) is None


def _is_in(text: str, language: str, lexicons: Mapping[str, Lexicon], *, beside: Sequence[str]) -> bool:
    """True when a text shows the language: by its script, or because no other language has more of its small words.

    Args:
        beside: Texts in the same language as this one, for where several have as many.
    """
    if any(c > "\u2e80" for c in text) or language in SPACELESS:
        has_kana = any("\u3040" < c < "\u3100" for c in text)
        return language in SPACELESS and any(c > "\u2e80" for c in text) and has_kana == (language == "ja")
    hits = _count_small_words(text, language, lexicons)
    most = max(hits.values())
    if list(hits.values()).count(most) > 1:
        hits = _count_small_words("\n".join(beside), language, lexicons)
        most = max(hits.values())
    return 0 < hits.get(language, 0) == most


def _count_small_words(text: str, language: str, lexicons: Mapping[str, Lexicon]) -> dict[str, int]:
    words = [w.text for w in words_of(text, language)]
    return {code: sum(word in lexicon.stop for word in words) for code, lexicon in lexicons.items()}
