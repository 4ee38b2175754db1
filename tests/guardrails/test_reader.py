"""The second reader: a score is the sum of a text's parts, and says the same as the features it was taught by."""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from pathlib import Path
from typing import Any

import pytest

from drafter.domain import Category, CheckRequest
from drafter.errors import ContentError
from drafter.guardrails import reader, reader_sums
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.reader import Model, Reading, load_model
from drafter.guardrails.reader_features import features, letter_runs
from drafter.guardrails.reader_weights import Weights
from drafter.guardrails.scene import Scene

RAW: Mapping[str, Any] = {
    "bias": -500,
    "weights": {
        "=page": [9000, 400],
        "=the": [-300, 100],
        "=#": [700, 200],
        "=the page": [2500, 150],
        "=^ we": [-1200, 90],
        "+agent.you": [1000, 100],
        "+ask.polite": [3000, 120],
        "+agent.you&ask.polite": [1500, 300],
        "-agent.you": [4000, 50],
    },
    "unseen": {"paragraph": 5000},
    "letters": {"<par": 800, "ages": 400},
    "kinds": {
        "review_change_request": {"bias": 0, "weights": {"=page": 9000}},
        "feedback_change_pressure": {"bias": 0, "weights": {"=page": 8000, "@feedback_contact": 9000}},
    },
}
TEXT = "Could you please turn the page, the page of 12 or 13 May? We wait. The pages and 13 paragraphs of the parcel lie on the page."


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The shipped words, with which texts are read."""
    return Guardrail.load(root)


@pytest.fixture
def model(guardrail: Guardrail) -> Model:
    """A model small enough to add up by hand."""
    return Model(Weights.of(RAW), guardrail.concepts)


def look(guardrail: Guardrail, text: str, channel: str = "review_followup") -> Scene:
    """A text as the rules see it."""
    return guardrail.look_at(CheckRequest(channel=channel, text=text, language="en"))


def added_up(guardrail: Guardrail, scene: Scene, reading: Reading) -> int:
    """The score of a window from the names of its parts, one by one."""
    weight = rarity = 0
    for i in range(reading.first, reading.last + 1):
        for name in features(scene, i, guardrail.concepts):
            own, rare = RAW["weights"].get(name, (0, 0))
            if not rare and name[0] == "=" and " " not in name:
                own = RAW["unseen"].get(name[1:], sum(RAW["letters"].get(run, 0) for run in letter_runs(name[1:])))
            weight, rarity = weight + own, rarity + rare
    return int(RAW["bias"] + weight * 640 // isqrt(4096 * max(rarity, 100)))


@pytest.mark.parametrize("channel", ["review_followup", "feedback_reply"])
def test_a_score_is_the_sum_of_the_parts_it_was_taught_by(guardrail: Guardrail, model: Model, channel: str) -> None:
    """What is read in one go is what training names part by part, in private and in public."""
    scene = look(guardrail, TEXT, channel)
    readings = model.read(scene)
    assert [(r.first, r.last) for r in readings] == [(0, 0), (2, 2), (0, 1), (1, 2)]
    assert [reading.score for reading in readings] == [added_up(guardrail, scene, reading) for reading in readings]


def test_a_score_around_a_sentence_is_that_of_the_worst_window_that_holds_it(guardrail: Guardrail, model: Model) -> None:
    """Frames ask for the sentences in which their words stand."""
    scene = look(guardrail, TEXT)
    readings = model.read(scene)
    for first, last in ((0, 0), (1, 1), (1, 2), (0, 2)):
        assert model.score_around(scene, first, last) == max(r.score for r in readings if r.last >= first and r.first <= last)
    assert model.worst_score(scene) == max(reading.score for reading in readings)


def test_nothing_to_read_is_below_every_score(guardrail: Guardrail, model: Model) -> None:
    """A text without words has no window."""
    scene = look(guardrail, "…")
    assert model.worst_score(scene) == reader.NOT_READ
    assert model.read(scene, at_least=-5000) == []


def test_words_that_nobody_taught_are_kept_in_mind_up_to_a_limit(
    guardrail: Guardrail, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hostile text cannot fill the memory, and reads the same when there is no room."""
    free = model.read(look(guardrail, TEXT))
    monkeypatch.setattr(reader_sums, "MAX_WORDS", 0)
    monkeypatch.setattr(reader_sums, "MAX_MASKS", 0)
    full = Model(Weights.of(RAW), guardrail.concepts)
    assert full.read(look(guardrail, TEXT)) == free
    assert len(full._words) <= 1


def test_the_channel_tells_which_object_a_violation_is_about(guardrail: Guardrail, model: Model) -> None:
    """The same words ask for another review here and for other feedback there."""
    kinds = [
        model.classify(scene, model.read(scene)[0]).categories[0]
        for scene in (look(guardrail, "Please turn the page for us.", channel) for channel in ("review_followup", "feedback_contact"))
    ]
    assert kinds == [Category.REVIEW_CHANGE_REQUEST, Category.FEEDBACK_CHANGE_PRESSURE]


def test_a_category_that_is_nearly_as_likely_is_named_second(guardrail: Guardrail, model: Model) -> None:
    """Two that are close are both named, the likelier first; one that is far behind is not."""
    scene = look(guardrail, "Please turn the page for us.")
    both = (Category.REVIEW_CHANGE_REQUEST, Category.FEEDBACK_CHANGE_PRESSURE)
    assert model.classify(scene, model.read(scene)[0]).categories == both
    scene = look(guardrail, "Please turn the page for us.", "feedback_contact")
    assert model.classify(scene, model.read(scene)[0]).categories[0] == both[1]


def test_the_strongest_words_are_named(guardrail: Guardrail, model: Model) -> None:
    """A finding says what it was made from; letters of unknown words count."""
    scene = look(guardrail, "The page of the parcel.")
    assert model.strongest(scene, model.read(scene)[0]) == ("page", "the page", "parcel")


def test_weights_for_a_concept_that_is_gone_are_refused(guardrail: Guardrail, tmp_path: Path) -> None:
    """Concepts change; the hint says how to make the weights anew."""
    path = tmp_path / reader.WEIGHTS
    path.parent.mkdir(parents=True)
    trained = {"bias": 0, "weights": {"+no.such": [1, 1]}, "unseen": {}, "letters": {}, "kinds": {}}
    path.write_text(Weights.of(trained).write(), encoding="utf-8")
    with pytest.raises(ContentError, match="rules train"):
        load_model(tmp_path, guardrail.concepts)
