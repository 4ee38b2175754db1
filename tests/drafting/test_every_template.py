"""Every combination of channel, issue, remedy and language through the guardrail and the scorers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from drafter.domain import CheckRequest, Draft, DraftRequest, GuardrailReport, Issue, Remedy, RuleStatus, Tone, Triage
from drafter.drafting.phrasebook import fill, open_voice
from drafter.drafting.templates import Templates
from drafter.guardrails.engine import Guardrail
from drafter.pipeline import check_request
from drafter.scoring import DraftScorer, load_scorer
from tests.drafting.conftest import ask, judge

CHANNELS = ("review_followup", "buyer_message", "feedback_contact", "feedback_reply")
REMEDIES = (None, *(remedy for remedy in Remedy if remedy is not Remedy.NONE))

REVIEWS = {
    "en": ("The lid leaks all over my bag.", "Bad."),
    "de": ("Der Deckel tropft mir in die Tasche.", "Schlecht."),
    "fr": ("Le couvercle fuit dans mon sac.", "Nul."),
    "es": ("La tapa gotea dentro de mi bolso.", "Malo."),
    "it": ("Il coperchio perde acqua nella mia borsa.", "Male."),
    "pt": ("A tampa vaza dentro da minha bolsa.", "Ruim."),
    "ja": ("ふたから水が漏れて、かばんが濡れました。", "だめ。"),
    "zh": ("盖子漏水，包都湿了。", "不好。"),
}
TITLES = {"ja": "ほうろう やかん", "zh": "搪瓷 水壶"}


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The shipped rules."""
    return Guardrail.load(root)


@pytest.fixture(scope="module")
def scorer(root: Path) -> DraftScorer:
    """The shipped scorers."""
    return load_scorer(root)


def cases(language: str, channel: str) -> Iterator[tuple[DraftRequest, Triage]]:
    """Each issue with each remedy, for a review with and without words to take up, with and without a product."""
    for issue in Issue:
        for i, remedy in enumerate(REMEDIES if channel != "feedback_reply" else REMEDIES[:1]):
            body = REVIEWS[language][i % 2]
            request = ask(
                body,
                id=f"{issue}-{remedy}",
                subject="seller_feedback" if channel.startswith("feedback") else "product_review",
                channel=channel,
                product={"title": TITLES.get(language, "Aurora kettle")} if i % 3 else {},
                seller={"brand": "Aurora", "allowed_remedies": [remedy] if remedy else []},
            )
            yield request, judge(request, (issue, body[:-1]), (Issue.PACKAGING, body[:1]), language=language)


@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("language", REVIEWS)
def test_every_tone_of_every_issue_is_clean(templates: Templates, guardrail: Guardrail, language: str, tone: Tone) -> None:
    """Apology and empathy in each tone pass the rules."""
    for request, triage in cases(language, "review_followup"):
        if request.seller.allowed_remedies in ((), (Remedy.FULL_REFUND,)):
            spoken = request.model_copy(update={"seller": request.seller.model_copy(update={"tone": tone})})
            for draft in islice(templates.compose(spoken, triage), 1):
                report = check(guardrail, spoken, triage, draft)
                assert not report.findings, (draft.text, [(f.rule_id, f.quote) for f in report.findings])


@pytest.mark.parametrize("language", REVIEWS)
def test_a_tone_changes_apology_and_empathy(templates: Templates, language: str) -> None:
    """Not only greeting and signature: each issue's apology sounds different in each tone."""
    book, ref = templates.books[language]
    voices = [open_voice(book, ref, seed="", tone=tone, title="") for tone in Tone]
    for issue, parts in book.issues.items():
        if issue is not Issue.SAFETY_HAZARD:
            assert len({voice.say("sorry", parts.sorry) for voice in voices}) == len(voices), parts.sorry
            assert len({voice.meant(issue) for voice in voices}) >= 2


def check(guardrail: Guardrail, request: DraftRequest, triage: Triage, draft: Draft) -> GuardrailReport:
    """What the guardrail says, with all that the pipeline would tell it."""
    return guardrail.check(check_request(request, triage, draft))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", REVIEWS)
def test_no_template_has_a_finding(templates: Templates, guardrail: Guardrail, language: str, channel: str) -> None:
    """Whatever the model did, this leaves. The plainer drafts are the same for every remedy and are looked at once."""
    for request, triage in cases(language, channel):
        drafts = list(templates.compose(request, triage))
        for draft in drafts if not request.seller.allowed_remedies else drafts[:1]:
            report = check(guardrail, request, triage, draft)
            assert not report.findings, (draft.text, [(f.rule_id, f.quote) for f in report.findings])
            assert all(result.status is not RuleStatus.ERRORED for result in report.results)


@pytest.mark.parametrize("language", REVIEWS)
def test_no_variant_has_a_finding(templates: Templates, guardrail: Guardrail, language: str) -> None:
    """Every variant of every part, not only those that the sample requests happen to choose."""
    book, ref = templates.books[language]
    voice = open_voice(book, ref, seed="", tone=Tone.WARM, title=TITLES.get(language, "kettle"))
    remedies = [text for variants in book.remedy.values() for text in variants]
    for issue, parts in book.issues.items():
        for i in range(max(len(parts.sorry), len(parts.meant), len(book.answer))):
            chosen = [v[i % len(v)] for v in (parts.sorry, parts.meant, [remedies[(i * 5 + len(issue)) % len(remedies)]], book.answer)]
            text = book.space.join(fill(part, voice.items) for part in chosen)
            request = CheckRequest(channel="review_followup", text=text, language=language, review="", facts=(), remedies=tuple(Remedy))
            report = guardrail.check(request)
            assert not report.findings, (text, [(f.rule_id, f.quote) for f in report.findings])


@pytest.mark.parametrize("language", REVIEWS)
def test_the_first_template_scores_well(templates: Templates, scorer: DraftScorer, language: str) -> None:
    """It shares words with its review, has no stock phrase, and ends with one next step; what the seller did is owned, not quoted."""
    for request, triage in cases(language, "review_followup"):
        if request.review.body == REVIEWS[language][0] and not triage.safety:
            draft = next(templates.compose(request, triage))
            card = scorer(draft, request, triage)
            is_quoted = triage.issues[0] is not Issue.CUSTOMER_SERVICE
            assert not is_quoted or (card.value("specificity") or 0) >= 0.5, draft.text
            assert card.value("boilerplate") == 1
            assert card.value("one_next_step") == 1, draft.text
            assert (card.value("empathy") or 0) >= 0.5, draft.text
            assert (card.value("brevity") or 0) >= 0.9, draft.text
