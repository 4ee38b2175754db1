"""What a reply offers."""

from __future__ import annotations

import pytest

from drafter.domain import Issue, LinkTo, Remedy
from drafter.drafting.offer import choose_remedy
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


@pytest.mark.parametrize(
    ("issue", "allowed", "wants", "remedy"),
    [
        (Issue.DEFECTIVE, ("full_refund", "replacement"), (), Remedy.REPLACEMENT),
        (Issue.DEFECTIVE, ("full_refund", "replacement"), ("refund",), Remedy.FULL_REFUND),
        (Issue.SIZE_OR_FIT, ("full_refund", "return_label"), (), Remedy.RETURN_LABEL),
        (Issue.CUSTOMER_SERVICE, ("partial_refund",), (), Remedy.PARTIAL_REFUND),
        (Issue.DEFECTIVE, ("Full refund", "spare-part"), (), Remedy.FULL_REFUND),
        (Issue.DEFECTIVE, ("none",), ("refund",), None),
        (Issue.DEFECTIVE, ("a nice poem",), (), None),
        (Issue.DEFECTIVE, (), (), None),
    ],
)
def test_the_remedy_is_allowed_and_fits(issue: Issue, allowed: tuple[str, ...], wants: tuple[str, ...], remedy: Remedy | None) -> None:
    """What the buyer asks for comes first, then what suits the issue; nothing else is ever offered."""
    assert choose_remedy((issue,), allowed, wants) is remedy


def test_a_second_one_brings_no_day_back() -> None:
    """Where it came late, or nobody answered, another one of the same is offered only to who asks for it."""
    assert choose_remedy([Issue.LATE_DELIVERY], ["replacement"], []) is None
    assert choose_remedy([Issue.LATE_DELIVERY], ["replacement"], ["replacement"]) is Remedy.REPLACEMENT


def offered(
    templates: Templates, body: str, *remedies: str, issue: Issue = Issue.DEFECTIVE, facts: tuple[str, ...] = (), **fields: str
) -> str:
    """The last paragraph of the reply, without the signature."""
    request = ask(body, seller={**SELLER, "allowed_remedies": list(remedies), "facts": list(facts)}, **fields)
    triage = judge(request, (issue, body.split(".")[0]))
    return next(templates.compose(request, triage)).text.split("\n\n")[-2]


def test_who_does_not_say_which_may_choose(templates: Templates) -> None:
    """Where a second one and the money would both do; the sentence is linked to both."""
    text = offered(templates, "The lid leaks.", "full_refund", "replacement")
    assert "replacement" in text
    assert "refund" in text
    assert text.count("reply") + text.count("Tell us") == 1
    request = ask("The lid leaks.")
    draft = next(templates.compose(request, judge(request, (Issue.DEFECTIVE, "leaks"))))
    assert [link.quote for s in draft.sentences for link in s.links if link.to is LinkTo.REMEDY] == ["replacement", "full_refund"]


@pytest.mark.parametrize("body", ["The lid leaks. The second one leaks too.", "The lid leaks. Please do not send another one."])
def test_no_second_one_is_offered_to_whom_had_enough(templates: Templates, body: str) -> None:
    """Only the money is."""
    text = offered(templates, body, "replacement", "full_refund")
    assert "refund" in text
    assert "replacement" not in text


def test_who_wants_to_keep_it_is_not_paid_out(templates: Templates) -> None:
    """Steps are offered where they are allowed."""
    body = "The motor stutters. I would like to keep it if you can help."
    assert "step" in offered(templates, body, "full_refund", "return_label", "troubleshooting")
    assert "refund" not in offered(templates, body, "full_refund", "return_label")


@pytest.mark.parametrize(
    ("remedies", "facts", "said"),
    [
        (("spare_part", "full_refund"), (), "part"),
        (("replacement", "full_refund"), ("The dock is available separately",), "replacement for that part alone"),
        (("replacement", "full_refund"), (), "check whether it can be sent by itself"),
    ],
)
def test_who_wants_one_part_is_not_offered_the_whole(
    templates: Templates, remedies: tuple[str, ...], facts: tuple[str, ...], said: str
) -> None:
    """The part, its replacement where it can be had, else somebody looks; and nobody asks again what the buyer has said."""
    text = offered(templates, "The dock is dead. Could you just send me the dock?", *remedies, facts=facts)
    assert said in text
    assert "refund" not in text
    assert "?" not in text


def test_what_was_missing_is_offered_as_such(templates: Templates) -> None:
    """Where nothing else is wrong."""
    assert "what was missing" in offered(templates, "Two shelf pins are missing.", "spare_part", issue=Issue.MISSING_PARTS)


def test_a_label_comes_with_the_refund(templates: Templates) -> None:
    """A way back alone settles nothing."""
    text = offered(templates, "It is far too small for me.", "return_label", "full_refund", issue=Issue.SIZE_OR_FIT)
    assert "refund" in text
    assert "label" in text


def test_a_question_is_answered_by_a_fact_or_by_a_person(templates: Templates) -> None:
    """Never passed over."""
    body = "The scale is not found by the app. Does the app need Android 14?"
    assert "Android 14 needs version 3.2 of the app." in offered(
        templates, body, "troubleshooting", facts=("Android 14 needs version 3.2 of the app",)
    )
    text = offered(templates, body, "troubleshooting")
    assert "“Does the app need Android 14”" in text
    assert "answer you here" in text


def test_a_refused_remedy_leaves_the_question(templates: Templates) -> None:
    """Neither money nor another one is wanted: the answer is all that is promised."""
    body = "The tank drips. Please don't send another. I don't want my money back either. Tell me whether the tank has been redesigned."
    text = offered(templates, body, "replacement", "full_refund")
    assert "whether the tank has been redesigned" in text
    assert "refund" not in text
    assert "replacement" not in text


def test_the_day_that_a_buyer_names_is_not_passed_over(templates: Templates) -> None:
    """It is known, and nothing is promised."""
    assert "(“by Saturday”)" in offered(templates, "The lid leaks. I need a new one by Saturday.", "replacement")


def test_a_settled_case_tells_what_was_done(templates: Templates) -> None:
    """By the seller's own facts."""
    request = ask("The lid leaks.", order={"resolved": True}, seller={**SELLER, "facts": ["The order was refunded on 3 November"]})
    text = next(templates.compose(request, judge(request, (Issue.DEFECTIVE, "leaks")))).text
    assert "The order was refunded on 3 November. If anything is still open for you" in text
    assert "As far as we know" not in text


@pytest.mark.parametrize(
    ("body", "remedies", "issue", "said", "unsaid"),
    [
        (
            "It has a scratch. A partial refund would be fair.",
            ("replacement", "partial_refund"),
            Issue.DAMAGED_IN_TRANSIT,
            "part of what",
            "replacement",
        ),
        ("It is dead. I bought one elsewhere.", ("replacement", "full_refund"), Issue.DEFECTIVE, "refund", "replacement"),
        ("My parcel never arrived.", ("replacement", "full_refund"), Issue.LATE_DELIVERY, "replacement, or to refund", "label"),
        (
            "They want me to pay for sending it back. It is the wrong one.",
            ("return_label", "full_refund"),
            Issue.CUSTOMER_SERVICE,
            "return label",
            "?",
        ),
    ],
)
def test_the_offer_suits_what_the_buyer_says(
    templates: Templates, body: str, remedies: tuple[str, ...], issue: Issue, said: str, unsaid: str
) -> None:
    """Part of the price to who asks for it, no second one to who has one, a way back to who should pay for it."""
    text = offered(templates, body, *remedies, issue=issue)
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    ("language", "body", "is_offered"),
    [
        ("en", "It is dead. I was refunded yesterday.", False),
        ("en", "It is dead. I have not been refunded.", True),
        ("en", "It is dead. I'd rather have my money than a third.", True),
        ("en", "It is dead. When will I get my money?", True),
        ("fr", "Il est mort. J'ai bien été remboursée.", False),
        ("fr", "Il est mort. Je n'ai toujours pas été remboursée.", True),
    ],
)
def test_a_refund_that_is_still_to_come_is_offered(templates: Templates, language: str, body: str, is_offered: bool) -> None:
    """Only who has the money back is not offered it."""
    request = ask(body, seller={**SELLER, "allowed_remedies": ["full_refund"]})
    plan = templates.plan(request, judge(request, (Issue.DEFECTIVE, body.split(".")[0]), language=language), language)
    assert bool(plan.offer.remedies) is is_offered


def test_who_only_asks_is_not_apologised_to(templates: Templates) -> None:
    """Also where the message names what is written on the page."""
    body = "Does the 6 cup pot work on induction? The page only says stovetop."
    request = ask(body, channel="buyer_message", seller={**SELLER, "facts": ["The 6 cup pot does not work on induction"]})
    text = next(templates.compose(request, judge(request, (Issue.NOT_AS_DESCRIBED, "only says stovetop")))).text
    assert "sorry" not in text
    assert "The 6 cup pot does not work on induction." in text


def test_of_two_questions_the_one_without_a_fact_is_left_to_a_person(templates: Templates) -> None:
    """A fact that shares one word with both answers one."""
    request = ask(
        "Can the jug go in the dishwasher? And is the lid meant to rattle?",
        channel="buyer_message",
        seller={**SELLER, "facts": ["The jug and lid are dishwasher safe"]},
    )
    text = next(templates.compose(request, judge(request, (Issue.DEFECTIVE, "rattle")))).text
    assert "The jug and lid are dishwasher safe. You ask us: “is the lid meant to rattle”." in text
    assert "sorry" not in text


@pytest.mark.parametrize("fact", ["Version 2.4 of the app keeps users logged in", None])
def test_trouble_with_software_is_met_with_steps(templates: Templates, fact: str | None) -> None:
    """Another one of the same would have the same app."""
    text = offered(
        templates,
        "The app loses me and logs me out every day, it never stays connected.",
        "replacement",
        "troubleshooting",
        facts=(fact,) if fact else (),
    )
    assert "step" in text
    assert "replacement" not in text
    assert (fact or "step") in text


def test_another_size_is_sent_to_who_asks_for_it(templates: Templates) -> None:
    """A wish is no complaint."""
    request = ask("Could I swap the medium for a large? It is unworn.", channel="buyer_message")
    text = next(templates.compose(request, judge(request, (Issue.SIZE_OR_FIT, "large")))).text
    assert "sorry" not in text
    assert "replacement" in text
    assert "refund" not in text


def test_what_came_wrong_is_apologised_for_also_where_the_rest_is_a_question(templates: Templates) -> None:
    """A complaint in a message that asks for a remedy stays one."""
    request = ask("I ordered the 5 x 7 frames but got 4 x 6. Could you send the right ones?", channel="buyer_message")
    text = next(templates.compose(request, judge(request, (Issue.WRONG_ITEM, "got 4 x 6")))).text
    assert "sorry" in text


def test_who_wants_to_send_it_back_gets_a_label(templates: Templates) -> None:
    """Beside the money."""
    text = offered(templates, "The leg is cracked. I would rather send it back.", "full_refund", "return_label")
    assert "refund" in text
    assert "label" in text


def test_a_question_that_a_rule_stumbles_over_costs_only_itself(templates: Templates) -> None:
    """The next draft names the complaint and offers the same without it."""
    request = ask("The lid leaks. When does the recall of this jug begin?", seller={**SELLER, "allowed_remedies": ["full_refund"]})
    first, second, *_ = templates.compose(request, judge(request, (Issue.DEFECTIVE, "leaks")))
    assert "You ask us" in first.text
    assert "You ask us" not in second.text
    assert "leaks" in second.text
    assert "refund" in second.text


def test_a_second_one_of_a_wrong_size_is_better_than_a_part_of_the_price(templates: Templates) -> None:
    """Where neither the whole price nor a way back may be offered."""
    text = offered(templates, "The blind is too wide for the recess.", "replacement", "partial_refund", issue=Issue.SIZE_OR_FIT)
    assert "replacement" in text


def test_nothing_is_asked_after_what_was_done(templates: Templates) -> None:
    """Where no remedy is left to offer."""
    text = offered(templates, "My order was a mess.", facts=("The order was refunded on 8 November",), issue=Issue.OTHER)
    assert text.startswith("The order was refunded on 8 November.")
    assert "?" not in text


def test_a_japanese_question_needs_no_question_mark(templates: Templates) -> None:
    """It is thanked for and answered."""
    fact = "内釜は食洗機ではお使いいただけません"
    request = ask("この炊飯器の内釜は食洗機で洗えますか。", channel="buyer_message", seller={**SELLER, "facts": [fact]})
    text = next(templates.compose(request, judge(request, (Issue.QUALITY_OR_DURABILITY, "内釜"), language="ja"))).text
    assert fact in text
    assert "申し訳" not in text


@pytest.mark.parametrize(
    ("fact", "is_offered"),
    [("The refund was issued on 3 November", False), ("The express fee was refunded on 3 November", True)],
)
def test_what_was_paid_back_is_not_offered_again(templates: Templates, fact: str, is_offered: bool) -> None:
    """A fee that came back is not the price."""
    text = offered(templates, "My refund is still not here.", "full_refund", facts=(fact,), issue=Issue.CUSTOMER_SERVICE)
    assert fact in text
    assert ("for this order" in text or "this order in full" in text) is is_offered


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("de", "Der Schrank ist falsch. Die Rücksendung soll ich selbst bezahlen."),
        ("fr", "C'est le mauvais modèle. Le renvoi est à mes frais."),
        ("es", "Llegó otro libro. Para devolverlo me piden que pague yo."),
        ("it", "È arrivato un altro libro. Il reso sarebbe a mie spese."),
        ("pt", "Veio outro livro. Para a devolução eu teria de pagar."),
        ("ja", "違う商品が届きました。返品の送料は自己負担だそうです。"),
        ("zh", "发错颜色了。客服让我自己出运费退回去。"),
    ],
)
def test_who_should_pay_for_the_way_back_gets_a_label_in_every_language(templates: Templates, language: str, body: str) -> None:
    """With the money."""
    request = ask(body, seller={**SELLER, "allowed_remedies": ["full_refund", "return_label"]})
    triage = judge(request, (Issue.WRONG_ITEM, body.split(".")[0].split("\u3002")[0]), language=language)
    assert set(templates.plan(request, triage, language).offer.remedies) == {"full_refund", "return_label"}


def test_a_wish_for_another_colour_is_no_complaint(templates: Templates) -> None:
    """Also without a question mark."""
    request = ask("I would like to exchange the blue scarf for the green one please.", channel="buyer_message")
    text = next(templates.compose(request, judge(request))).text
    assert "sorry" not in text
    assert "replacement" in text
