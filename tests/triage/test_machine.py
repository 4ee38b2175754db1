import json

import pytest

from drafter.content import hash_files
from drafter.errors import ContentError
from drafter.triage.lexicon import load_lexicon
from drafter.triage.machine import MachineWeights, find_spoken_to_machine, find_traits, load_machine_weights
from drafter.triage.machine_training import ORDINARY, SET


@pytest.fixture(scope="module")
def english(content_root):
    """Any lexicon does: traits are words, too."""
    return load_lexicon(content_root / "guardrails" / "triage" / "en.yaml")


def test_weights_belong_to_the_texts_they_were_learnt_from(content_root):
    """After a change of the sets, `python -m drafter.triage.machine_training` must run again."""
    weights = json.loads((content_root / "guardrails" / "triage" / "machine.json").read_text(encoding="utf-8"))
    assert weights["trained_on_sha256"] == hash_files(content_root, [content_root / "evals" / "sets" / name for name in (SET, ORDINARY)])


def test_only_the_sentence_that_weighs_is_named(english):
    """The complaint beside it stays."""
    seen = english.see("The lid leaks. Zebra now. It is green.")
    units = find_spoken_to_machine(MachineWeights(threshold=100, bias=0, traits={"w:zebra": 150, "w:lid": -500, "w:green": -500}), seen)
    assert [seen.reading.norms[first] for first, _ in units] == ["zebra", "now"]


def test_two_sentences_weigh_together(english):
    """Orders are often given in two breaths."""
    seen = english.see("Zebra. Yak. Done.")
    units = find_spoken_to_machine(MachineWeights(threshold=100, bias=0, traits={"w:zebra": 60, "w:yak": 60, "w:done": -90}), seen)
    assert [first for first, _ in units] == [0, 1]


def test_a_sentence_has_words_their_beginnings_and_neighbours(english):
    """Neighbours stay within the sentence."""
    (first, second) = find_traits(english.see("Purple cows. Sing."))
    assert {"w:purple", "w:purpl*", "w:purple cows"} <= first
    assert "w:cows sing" not in first | second


def test_a_broken_file_names_the_command(tmp_path):
    """Weights are made, not written."""
    path = tmp_path / "machine.json"
    path.write_text("[]")
    with pytest.raises(ContentError, match=r"drafter\.triage\.machine_training"):
        load_machine_weights(path)
