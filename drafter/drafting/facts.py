"""Facts of the seller that answer a review: those that take up what was said and help; never one that defends what was complained of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drafter.domain import DraftRequest, Issue, Triage
from drafter.drafting.details import Detail, DetailBook
from drafter.drafting.restate import FINITE
from drafter.drafting.sentences import split_clauses, split_sentences
from drafter.scoring.lexicon import Lexicon
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
"""Of a fact that can stand as a sentence, where no verb can be looked for."""


def choose_facts(
    request: DraftRequest,
    triage: Triage,
    details: Sequence[Detail],
    issues: Sequence[Issue],
    language: str,
    lexicons: Mapping[str, Lexicon],
    book: DetailBook | None,
) -> tuple[str, ...]:
    """Facts that answer this review and are in the reply's language, those that share most words with it first."""
    facts = [f for fact in request.seller.facts if 0 < len(f := fact.strip().rstrip(".\u3002")) <= MAX_FACT_CHARS]
    facts = [f for f in facts if _is_in(f, language, lexicons, beside=request.seller.facts)]
    if request.channel in PUBLIC_CHANNELS:
        return tuple(facts[:MAX_FACTS_PUBLIC])
    is_asked = request.channel == "buyer_message" and is_asking(request)
    if book and not is_asked:
        facts = [fact for fact in facts if book.helps.search(fact) and not book.defends.search(fact)]
    if request.order.resolved or not facts or (not is_asked and set(issues) <= {Issue.PRICE_OR_VALUE}):
        return ()
    lexicon = lexicons.get(language)
    text = request.review.text if is_asked or FACT_ISSUES & set(issues[:2]) else _complaint(request.review.text, triage, details)
    asked = {w.stem for w in content_words(words_of(text, language), lexicon.stop if lexicon else frozenset())}
    asked -= stem_words(request.product.title, language) if not is_asked else frozenset()
    whole = {fact.strip().rstrip(".\u3002") for fact in request.seller.facts if fact.strip().endswith((".", "\u3002"))}
    shared = {
        f: len(asked & stem_words(f, language)) for f in facts if is_asking(request) or _is_sentence(f, language, is_marked=f in whole)
    }
    least = 1 if is_asked or set(issues) - JUDGED else MIN_SHARED
    return tuple(sorted((f for f in shared if shared[f] >= least), key=lambda f: -shared[f])[:MAX_FACTS_PRIVATE])


def is_asking(request: DraftRequest) -> bool:
    """True for a message with a question in it, and for a review that is nothing else."""
    asked = [sentence.text.endswith(("?", "\uff1f")) for sentence in split_sentences(request.review.body)]
    return any(asked) if request.channel == "buyer_message" else all(asked)


def _complaint(text: str, triage: Triage, details: Sequence[Detail]) -> str:
    """The clauses in which the buyer complains."""
    places = [(span.start, span.end) for span in triage.issue_spans] + [span for detail in details for span in detail.spans]
    clauses = [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    return "\n".join(c.text for c in clauses if any(start < c.end and c.start < end for start, end in places))


def _is_sentence(fact: str, language: str, *, is_marked: bool) -> bool:
    """True for a fact that can stand by itself: "two-year warranty" cannot.

    Args:
        is_marked: It ends with a full stop in the seller's list.
    """
    if language == "en":
        return not FINITE.match(fact) and (is_marked or FINITE.search(fact) is not None or len(fact.split()) > 2 * MIN_FACT_WORDS)
    return language in SPACELESS or len(fact.split()) >= MIN_FACT_WORDS


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
