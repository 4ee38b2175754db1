"""A review of another kind of thing than the listing's is put before a person, and never reported by itself."""

import pytest

from drafter.domain import DraftRequest, GroundVerdict
from drafter.triage import Triager

OTHERS = [
    ("Electric kettle 1.7 l", "The bed slats do not fit."),
    ("Electric kettle 1.7 l", "Great novel, sad ending."),
    ("Electric kettle 1.7 l", "Loved the characters, but the ending drags on."),
    ("Wasserkocher Edelstahl", "Die Schuhe drücken an der Ferse."),
    ("Bouilloire inox", "Le matelas est trop mou."),
    ("Hervidor de agua", "Las zapatillas se despegan."),
    ("Bollitore elettrico", "Le cuffie gracchiano."),
    ("Chaleira elétrica", "O colchão é duro demais."),
    ("ケトル", "ヘッドホンの左側から音が出ません。"),
    ("电热水壶", "耳机左边没声音。"),
]
ITS_OWN = [
    ("Electric kettle 1.7 l", "Colour is not like the picture."),
    ("Electric kettle 1.7 l", "Bought it for my mattress factory; too small."),
    ("Electric kettle 1.7 l", "It boils slower than my frying pan."),
    ("Running shoes", "The shoes pinch, my jacket is softer."),
    ("Camping mug", "The tent leaks."),
    ("Das Buch der Vögel", "Weak ending, and the author repeats a chapter."),
]


def _holds(triager: Triager, title: str, body: str) -> list[GroundVerdict]:
    request = {
        "review": {"subject": "product_review", "rating": 1, "body": body},
        "product": {"title": title},
        "channel": "review_followup",
    }
    return [g.verdict for g in triager.triage(DraftRequest.model_validate(request)).removal_grounds if g.ground == "RC-16"]


@pytest.mark.parametrize(("title", "body"), OTHERS)
def test_another_kind_of_thing_is_held_for_a_person(triager: Triager, title: str, body: str) -> None:
    """Only Amazon knows what the listing showed on that day."""
    assert _holds(triager, title, body) == [GroundVerdict.HOLD]


@pytest.mark.parametrize(("title", "body"), ITS_OWN)
def test_things_beside_the_product_and_unknown_titles_prove_nothing(triager: Triager, title: str, body: str) -> None:
    """A comparison, a gift's purpose, or a title that names no kind is no other product."""
    assert _holds(triager, title, body) == []
