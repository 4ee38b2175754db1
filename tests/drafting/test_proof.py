"""Every sentence of a draft stands on something, and whoever says otherwise is caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import Draft, DraftRequest, Issue, Link, LinkTo, ProofReport, Remedy, Sentence, SentenceKind, Severity, Triage
from drafter.drafting.parts import RESOLVED, Part, lay_out, link_fact, link_remedy, link_review
from drafter.drafting.proof import Verifier
from drafter.drafting.templates import Templates
from drafter.guardrails.engine import Guardrail
from tests.drafting.conftest import SELLER, ask, judge
from tests.drafting.test_every_template import CHANNELS, REVIEWS, cases

REQUEST = ask(seller={**SELLER, "facts": ["the lids are tested since May"]})
TRIAGE = judge(REQUEST, (Issue.DEFECTIVE, "leaks"))
LEAKS = link_review(REQUEST, 4, 13)
REPLACE = link_remedy(REQUEST, Remedy.REPLACEMENT)
TESTED = link_fact(REQUEST, 0)
K = SentenceKind


@pytest.fixture(scope="session")
def verifier(root: Path) -> Verifier:
    """The shipped verifier."""
    guardrail = Guardrail.load(root)
    return Verifier.load(root, concepts_in=guardrail.concepts_in)


@pytest.fixture(scope="session")
def of_draft(templates: Templates) -> Draft:
    """A draft to be changed."""
    return next(templates.compose(REQUEST, TRIAGE))


def said(draft: Draft, *parts: Part) -> Draft:
    """The draft with these sentences instead of its own."""
    layout = lay_out([parts], " ")
    return draft.model_copy(update={"text": layout.text, "sentences": layout.sentences})


def rules(report: ProofReport) -> list[str]:
    """Ids of what is wrong."""
    return [finding.rule_id for finding in report.findings]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", REVIEWS)
def test_every_template_carries_its_proof(templates: Templates, verifier: Verifier, language: str, channel: str) -> None:
    """Whatever channel, issue, remedy and language: the most personal and the plainest stand on the review, a fact or a remedy."""
    for request, triage in cases(language, channel):
        drafts = list(templates.compose(request, triage))
        for draft in (drafts[0], drafts[-1]):
            report = verifier(draft, request, triage)
            assert not report.findings, [(f.rule_id, f.quote, f.message) for f in report.findings]
            assert report.linked == report.needed > 0 or triage.safety


@pytest.mark.parametrize(
    "part",
    [
        Part("We are sorry that the lid leaks.", K.RESTATEMENT, (LEAKS,)),
        Part("You write: “lid leaks”.", K.RESTATEMENT, (LEAKS,)),
        Part("We would like to replace it for you.", K.ACTION, (REPLACE,)),
        Part("The lids are tested since May.", K.CLAIM, (TESTED,)),
        Part("That must have been annoying.", K.EMPATHY),
        Part("Which lid is it?", K.QUESTION),
        Part("Just reply in this thread.", K.NOTICE),
    ],
)
def test_what_is_borne_out_passes(verifier: Verifier, of_draft: Draft, part: Part) -> None:
    """Each kind with the link it needs."""
    assert rules(verifier(said(of_draft, part), REQUEST, TRIAGE)) == []


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        (Part("We are sorry that the lid leaks.", K.RESTATEMENT), "unproven-restatement"),
        (Part("We are sorry that the motor is loud.", K.RESTATEMENT, (LEAKS,)), "unproven-restatement"),
        (Part("You write: “the handle burst”.", K.RESTATEMENT, (LEAKS,)), "unproven-restatement"),
        (Part("We are sorry that 3 lids leak.", K.RESTATEMENT, (LEAKS,)), "unproven-restatement"),
        (Part("We would like to replace it for you.", K.ACTION), "unproven-action"),
        (Part("We would like to refund this order.", K.ACTION, (REPLACE,)), "unproven-action"),
        (Part("We will replace it within 24 hours.", K.ACTION, (REPLACE,)), "unproven-action"),
        (Part("A new batch has arrived.", K.CLAIM), "unproven-claim"),
        (Part("A new batch has arrived.", K.CLAIM, (TESTED,)), "unproven-claim"),
        (Part("This has been settled.", K.CLAIM, (RESOLVED,)), "broken-link"),
        (Part("We will refund you, do not worry.", K.EMPATHY), "unproven-action"),
        (Part("Reply here for your refund.", K.NOTICE), "unproven-action"),
    ],
)
def test_what_stands_on_nothing_is_found(verifier: Verifier, of_draft: Draft, part: Part, rule: str) -> None:
    """Missing links, links to something else, numbers, quotes and offers of one's own."""
    assert rule in rules(verifier(said(of_draft, part), REQUEST, TRIAGE))


@pytest.mark.parametrize(
    "link",
    [
        LEAKS.model_copy(update={"start": 5}),
        LEAKS.model_copy(update={"quote": "the motor burns"}),
        LEAKS.model_copy(update={"end": 9_999}),
        TESTED.model_copy(update={"number": 7}),
        Link(to=LinkTo.REMEDY, number=0, start=None, end=None, quote="full_refund"),
    ],
)
def test_a_link_that_leads_elsewhere_is_broken(verifier: Verifier, of_draft: Draft, link: Link) -> None:
    """Its words must stand where it says."""
    assert "broken-link" in rules(verifier(said(of_draft, Part("The lid leaks.", K.RESTATEMENT, (link,))), REQUEST, TRIAGE))


def test_words_that_no_sentence_stands_for_are_found(verifier: Verifier, of_draft: Draft) -> None:
    """A sentence slipped into a stored text is seen, and so is a draft without any proof."""
    slipped = of_draft.model_copy(update={"text": of_draft.text + " You get a gift card."})
    assert rules(verifier(slipped, REQUEST, TRIAGE)) == ["unread-text"]
    bare = of_draft.model_copy(update={"sentences": ()})
    assert rules(verifier(bare, REQUEST, TRIAGE)) == ["unread-text"]
    twice = of_draft.model_copy(update={"sentences": (*of_draft.sentences, of_draft.sentences[0])})
    assert rules(verifier(twice, REQUEST, TRIAGE)) == ["unread-text"]


def test_a_settled_order_bears_out_that_it_is(verifier: Verifier, of_draft: Draft) -> None:
    """The order's own field is evidence."""
    settled = REQUEST.model_copy(update={"order": REQUEST.order.model_copy(update={"resolved": True})})
    assert rules(verifier(said(of_draft, Part("This has been settled.", K.CLAIM, (RESOLVED,))), settled, TRIAGE)) == []


def test_an_unknown_language_is_judged_by_its_links_alone(verifier: Verifier, of_draft: Draft) -> None:
    """No word list, no word for word: links and places still count."""
    dutch = said(of_draft, Part("Het spijt ons.", K.RESTATEMENT, (LEAKS,)), Part("Wij sturen een nieuwe.", K.ACTION))
    assert rules(verifier(dutch.model_copy(update={"language": "nl"}), REQUEST, TRIAGE)) == ["unproven-action"]


def test_places_are_those_of_the_text(templates: Templates) -> None:
    """A sentence's place cuts exactly its words out of the text, composed letters included."""
    request: DraftRequest = ask("Le couvercle est cassé.", seller={**SELLER, "signature": "Zoé"})
    triage: Triage = judge(request, (Issue.DEFECTIVE, "cassé"), language="fr")
    draft = next(templates.compose(request, triage))
    sentence: Sentence = draft.sentences[-1]
    assert draft.text[sentence.start : sentence.end].endswith("Zoé")


CLAIMS_IN_DISGUISE = [
    ("en", "That must have been annoying, and we have already refunded you."),
    ("en", "You waited so long, and a new lid was sent to you this morning."),
    ("en", "We understand your anger, and we guarantee that it will never happen again."),
    ("de", "Das war sicher ärgerlich, und wir haben Ihnen das Geld bereits erstattet."),
    ("fr", "Nous comprenons votre déception, et nous vous avons déjà remboursé."),
    ("es", "Entendemos su decepción y ya le hemos reembolsado el importe."),
    ("it", "Capiamo la sua delusione e l'abbiamo già rimborsata."),
    ("pt", "Entendemos a sua decepção e já devolvemos o seu dinheiro."),
    ("ja", "ご不便をおかけしましたが、すでに返金いたしました。"),
    ("zh", "我们理解您的失望，我们已经给您退款了。"),
]


@pytest.mark.parametrize(("language", "text"), CLAIMS_IN_DISGUISE)
@pytest.mark.parametrize("kind", [K.EMPATHY, K.NOTICE, K.QUESTION])
def test_a_claim_dressed_as_something_else_needs_its_proof(
    verifier: Verifier, of_draft: Draft, language: str, text: str, kind: SentenceKind
) -> None:
    """What was done or is promised is judged by the words, whatever the writer calls the sentence."""
    draft = said(of_draft.model_copy(update={"language": language}), Part(text, kind))
    assert "unproven-claim" in rules(verifier(draft, REQUEST, TRIAGE))


def test_a_restatement_of_the_complaint_brings_no_deed_of_ours(verifier: Verifier, of_draft: Draft) -> None:
    """A link to the review bears out what the buyer said, and no more."""
    part = Part("We are sorry that the lid leaks, and we have already refunded you.", K.RESTATEMENT, (LEAKS,))
    report = verifier(said(of_draft, part), REQUEST, TRIAGE)
    assert {(f.rule_id, f.severity) for f in report.findings} == {("unproven-claim", Severity.BLOCK), ("unproven-action", Severity.BLOCK)}


def test_an_apology_offers_nothing_by_itself(verifier: Verifier, of_draft: Draft) -> None:
    """A refund needs its own link, whatever sentence it is tucked into; the buyer's own word for it may be taken up."""
    part = Part("We are sorry that the lid leaks, and would like to refund you in full.", K.RESTATEMENT, (LEAKS,))
    assert rules(verifier(said(of_draft, part), REQUEST, TRIAGE)) == ["unproven-action"]
    asked = ask("The lid leaks and nobody answers about my refund.")
    told = Part("We are sorry that nobody answers about your refund.", K.RESTATEMENT, (link_review(asked, 0, len(asked.review.text)),))
    assert not verifier(said(of_draft, told), asked, judge(asked, (Issue.DEFECTIVE, "leaks"))).findings


def test_feeling_alone_needs_no_proof(verifier: Verifier, of_draft: Draft) -> None:
    """Nothing in it could be untrue."""
    assert not verifier(said(of_draft, Part("That must have been annoying.", K.EMPATHY)), REQUEST, TRIAGE).findings


def test_a_deed_that_a_fact_tells_is_proven(verifier: Verifier, of_draft: Draft) -> None:
    """In other words than the fact's, too."""
    request = ask(seller={**SELLER, "facts": ["A new lid was shipped on 3 May."]})
    part = Part("We have sent you a new lid.", K.CLAIM, (link_fact(request, 0),))
    assert not verifier(said(of_draft, part), request, TRIAGE).findings
