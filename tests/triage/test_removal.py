import pytest

from drafter.domain import DraftRequest, GroundVerdict

REVIEWS = [
    ("Parcel came three weeks late and nobody answered my mails.", "RC-01"),
    ("Das Paket kam zwei Wochen zu spät.", "RC-01"),
    ("Le vendeur ne répond pas et refuse le remboursement.", "RC-01"),
    ("El envío tardó un mes y nadie contesta.", "RC-01"),
    ("荷物が三週間届かず、出品者は連絡が取れない。", "RC-01"),
    ("物流太慢,客服没人理。", "RC-01"),
    ("It was for her birthday on the 3rd. It came on the 20th.", "RC-01"),
    ("Für den Muttertag bestellt, am Vatertag geliefert.", "RC-01"),
    ("Era para la comunión. Llegó en agosto.", "RC-01"),
    ("Same kettle is ten dollars less at the corner shop.", "RC-02"),
    ("Im Baumarkt um die Ecke kostet das Ding fünf Euro weniger.", "RC-02"),
    ("Same tin is two pounds ten at the garage at the end of our road.", "RC-02"),
    ("Lo stesso detersivo dal benzinaio sta a tre euro.", "RC-02"),
    ("bad bad bad bad bad bad bad", "RC-04"),
    ("!!!!! ????? #####", "RC-04"),
    ("asdfgh jklqwr xcvbnm zzzzz", "RC-04"),
    ("Ring me on 0161 496 0182 and I will tell you more.", "RC-05"),
    ("Write to karla.meier@post.example for pictures.", "RC-05"),
    ("My order 123-1234567-1234567 had the wrong colour.", "RC-05"),
    ("Llámame al 612 555 018 y te cuento.", "RC-05"),
    ("What a fucking useless toy.", "RC-06"),
    ("Was für eine Scheiße.", "RC-06"),
    ("The reviewer below is an idiot.", "RC-06"),
    ("Box came two weeks late and crushed.", "RC-01"),
    ("Never came.", "RC-01"),
    ("Foreigners should not sell here.", "RC-07"),
    ("People of Islam should not sell here.", "RC-07"),
    ("Buddhists should not be allowed to trade, ban them.", "RC-07"),
    ("Leute dieser Religion sollten nicht verkaufen.", "RC-07"),
    ("Typical Indian trash people, kick them out.", "RC-07"),
    ("Buy it at www.better-kettles.example instead.", "RC-09"),
    ("See https://amazon.com/dp/B000000000?tag=me-21 for a better one.", "RC-09"),
    ("Use my code LID10 at my shop.", "RC-10"),
    ("We make lamps ourselves, come and see us in Mill Street.", "RC-10"),
    ("I work for another kettle maker and ours is better.", "RC-10"),
    ("I got twenty euros for writing this one star review.", "RC-11"),
    ("Für diese Bewertung habe ich einen Gutschein bekommen.", "RC-11"),
    ("Un concorrente mi ha dato trenta euro per questa stella.", "RC-11"),
    ("Mi hanno mandato un buono perché scrivessi una stella qui sopra.", "RC-11"),
    ("I am the founder of this brand: do not buy.", "RC-12"),
    ("Take off the guard and it works twice as fast, great fun.", "RC-13"),
    ("They took my return back in January and have been sitting on the money ever since.", "RC-01"),
    ("Colis perdu, personne ne cherche, et le standard raccroche.", "RC-01"),
    ("Il corriere non ha nemmeno suonato, ho dovuto ritirarlo a dodici chilometri.", "RC-01"),
    ("快递走了二十多天，联系卖家一直没人理。", "RC-01"),
    ("In der Drogerie nebenan kostet dasselbe nur die Hälfte.", "RC-02"),
    ("Ausländer sollten hier gar nicht verkaufen dürfen.", "RC-07"),
    ("People of that faith have no place selling on this site.", "RC-07"),
    ("Je tiens une boutique de couteaux à Thiers, venez plutôt chez nous.", "RC-10"),
    ("Somebody offered me twenty pounds to leave one star here, so here it is.", "RC-11"),
    ("Als Inhaber dieser Marke warne ich Sie vor dem Kauf.", "RC-12"),
]
NEAR_MISSES = [
    "I bought the same one from my brother in his garage, it leaks.",
    "Box came late and the motor stopped after a day.",
    "The carry box that belongs to the set has a weak hinge.",
    "At 40 dollars the pan is dear for such a thin base.",
    "Bad. Really bad handle.",
    "I rang the brand's line and waited an hour. The lid still leaks.",
    "Model 555-0142-B lacks the clip.",
    "What an ugly damn toy.",
    "I disagree with the reviewer below; mine broke.",
    "Made in another country than stated.",
    "amazon.com/dp/B000000000 fits better.",
    "The web address printed on the box is dead.",
    "I repair kettles and this one is hard to open.",
    "Vine item: the lid sticks.",
    "They offered me 20 dollars if I delete this. The lid still leaks.",
    "I wrote to the head of the brand; no answer about the broken lid.",
    "The guard fell off; that is dangerous.",
    "Great Gemütlichkeit on winter nights, but the handle came off.",
    "Lovely colour, but it arrived late.",
    "The seller never answered. It started twice.",
    "The lid leaks and it came two weeks late.",
    "Came a week late and the vase was broken.",
    "The seller never answered, and the zip had already given up by then.",
    "El envío tardó y la batería apenas dura una hora.",
    "返品には応じてくれましたが、音質はひどいままでした。",
    "Discount code from the advert was refused and the pan is dented.",
    "Part number 415-2671-88 does not exist at the maker's.",
]
FEEDBACK = [
    ("Total shit service.", None, "FB-01"),
    ("They sit behind boss@shop.example.", None, "FB-02"),
    ("Talk to Peter Kowalski, he lied.", None, "FB-02"),
    ("The blender is loud and weak.", None, "FB-03"),
    ("Der Mixer ist laut und der Deckel wackelt.", None, "FB-03"),
    ("Arrived four days late.", "amazon", "FB-04"),
    ("Courier left it in the rain.", "amazon", "FB-04"),
    ("Never came.", "amazon", "FB-04"),
    ("Shitty sellers.", None, "FB-01"),
]
FEEDBACK_NEAR_MISSES = [
    ("Terrible service.", None),
    ("Talk to Peter, he was rude.", None),
    ("The blender is loud and came late.", None),
    ("They sent me the wrong blender.", None),
    ("Typical Indian trash people, ban them all.", None),
    ("Never came, and the seller is rude.", "amazon"),
    ("Late, and used instead of new.", "amazon"),
    ("Arrived four days late.", "seller"),
    ("Four days late and the seller never answered.", "amazon"),
    ("Four days late, with one sheet of tissue around a teapot.", "amazon"),
    ("Arrived nine days late and it was a used one.", "amazon"),
    ("Le paquet était en retard et la lampe clignote.", "amazon"),
]


def eligible(triager, body, **review):
    """Ids of eligible grounds of a text."""
    triage = triager.triage(DraftRequest.model_validate({"review": {"body": body, **review}}))
    return [ground.ground for ground in triage.removal_grounds if ground.verdict is GroundVerdict.ELIGIBLE]


@pytest.mark.parametrize(("body", "ground"), REVIEWS)
def test_a_ground_with_its_words_is_eligible(triager, body, ground):
    """Each ground of product reviews is seen, in several languages."""
    assert eligible(triager, body) == [ground]


@pytest.mark.parametrize("body", NEAR_MISSES)
def test_a_review_of_the_product_is_not_reported(triager, body):
    """One statement about the product, or words that only look like a ground, and nothing is reported."""
    assert eligible(triager, body) == []


@pytest.mark.parametrize(("body", "fulfilled_by", "ground"), FEEDBACK)
def test_feedback_has_its_own_grounds(triager, body, fulfilled_by, ground):
    """Profanity, names, product-only comments and FBA delivery."""
    assert eligible(triager, body, subject="seller_feedback", fulfilled_by=fulfilled_by) == [ground]


@pytest.mark.parametrize(("body", "fulfilled_by"), FEEDBACK_NEAR_MISSES)
def test_mixed_feedback_is_not_reported(triager, body, fulfilled_by):
    """The whole comment must be about the one matter."""
    assert eligible(triager, body, subject="seller_feedback", fulfilled_by=fulfilled_by) == []


@pytest.mark.parametrize(
    ("order", "grounds"),
    [
        ({"bought_shipping": True, "shipped_on_time": True}, ["FB-05"]),
        ({"bought_shipping": True, "shipped_on_time": False}, []),
        ({"bought_shipping": True}, []),
        ({}, []),
    ],
)
@pytest.mark.parametrize("body", ["Took three weeks to arrive.", "Never came."])
def test_buy_shipping_needs_both_facts(triager, body, order, grounds):
    """A delay is struck only when the label was bought with Buy Shipping and the order went out on time."""
    request = DraftRequest.model_validate(
        {"review": {"body": body, "subject": "seller_feedback", "fulfilled_by": "seller"}, "order": order}
    )
    found = triager.triage(request).removal_grounds
    assert [g.ground for g in found if g.verdict is GroundVerdict.ELIGIBLE] == grounds


@pytest.mark.parametrize(
    ("body", "ground"),
    [("Everything arrived broken.", "RC-01"), ("A scam, nothing else.", "RC-06"), ("Cured my asthma in two days.", "RC-14")],
)
def test_unsettled_grounds_are_held(triager, body, ground):
    """Arrival damage alone, scam words and cures go to a person."""
    triage = triager.triage(DraftRequest.model_validate({"review": {"body": body}}))
    assert (ground, GroundVerdict.HOLD) in [(g.ground, g.verdict) for g in triage.removal_grounds]


def test_a_language_the_store_does_not_support_is_a_ground(triager):
    """A French review in the American store may be reported, in the French store not."""
    body = "Le couvercle ne ferme pas du tout et la poignée est cassée."
    assert eligible(triager, body, marketplace="amazon.com") == ["RC-03"]
    assert eligible(triager, body, marketplace="FR") == []


def test_an_address_is_no_language(triager):
    """Letters of a link say nothing of the language that a review is in."""
    assert eligible(triager, "amazon.com/dp/B000000000 fits better.", marketplace="amazon.com") == []
