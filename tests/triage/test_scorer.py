import json

import pytest

from drafter.content import hash_files, read_jsonl
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.evals.triage_training import SETS, TEXTS, write_weights
from drafter.triage.scorer import find_features, load_weights, pack


def test_weights_belong_to_the_texts_they_were_learnt_from(content_root):
    """After a change of the labelled or the unlabelled texts, `python -m drafter.evals.triage_training` must run again."""
    sets = content_root / "evals" / "sets"
    sources = [*(sets / name for name in SETS), *sorted(sets.glob(TEXTS))]
    weights = json.loads((content_root / "guardrails" / "triage" / "weights.json").read_text(encoding="utf-8"))
    assert weights["trained_on_sha256"] == hash_files(content_root, sources)
    assert len(weights["vectors_sha256"]) == 64


def test_tuning_labels_are_issues(content_root):
    """A misspelt label would teach nonsense."""
    known = {issue.value for issue in Issue}
    for name in SETS:
        for row in read_jsonl(content_root / "evals" / "sets" / name):
            assert set(row["issues"]) <= known, row["id"]


def test_a_figure_of_speech_says_nothing(triager):
    """Neither its concepts nor its words weigh: the arm that falls off is nobody's, and no part of the mower."""
    features = find_features(triager.lexicons["en"].see("I pulled the cord till my arm fell off."), [])
    assert "w:cord" in features
    assert not {"body", "apart", "figure", "w:arm", "w:fell"} & features.keys()


def test_the_shape_of_a_text_weighs(triager):
    """Words of the page in quotation marks, hardly any words at all, ends of words and pairs within a clause."""
    see = triager.lexicons["en"].see
    features = find_features(see('So much for "heavy leather", it tears.'), [])
    assert {"#quoted", "w:heavy leather", "w:*ather"} <= features.keys()
    assert "w:leather it" not in features
    assert "#short" in find_features(see("Not for me."), [])
    assert "#quoted" not in find_features(see("It's the seller's and the buyer's."), [])


def test_rows_survive_the_file(tmp_path):
    """Reading gives back what was written, to within a few hundredths, and in the order of the bias."""
    learnt = {"bias": {"defective": -300, "late_delivery": -400}, "features": {"late": pack([-55.2, 210]), "dead": pack([0, 1])}}
    write_weights(tmp_path / "weights.json", learnt, trained_on="x", vectors="y")
    weights = load_weights(tmp_path / "weights.json")
    rows = weights.rows(["late", "dead", "unheard of"])
    assert weights.issues == ("defective", "late_delivery")
    assert weights.bias == (-300, -400)
    assert rows.keys() == {"late", "dead"}
    assert rows["late"] == (-56, 205)
    assert rows["dead"] == (0, 1)


@pytest.mark.parametrize(
    "broken", ["{}", '{"threshold": 0, "faint": 0, "bias": {"defective": 0, "late_delivery": 0}, "features": {"late": "N"}}']
)
def test_a_broken_file_names_the_command(tmp_path, broken):
    """Weights are made, not written."""
    path = tmp_path / "weights.json"
    path.write_text(broken)
    with pytest.raises(ContentError, match=r"drafter\.evals\.triage_training"):
        load_weights(path)
