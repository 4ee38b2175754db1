"""What must not change a verdict: harmless sentences, disguises, product names, the order of work, the process, the machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.domain import CheckRequest, GuardrailReport, Verdict
from drafter.guardrails.engine import Guardrail
from tests.guardrails.test_reading import TRICKS
from tests.guardrails.texts import honest_texts

ROOT = Path(__file__).resolve().parents[2]
QUICK = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
BADNESS = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.BLOCK: 2}
HARMLESS = {
    "en": ["We are sorry that the lid leaks.", "The parcel left our warehouse on Monday.", "Your kettle holds one litre."],
    "de": ["Der Deckel ist undicht, das tut uns leid.", "Das Paket hat am Montag unser Lager verlassen."],
    "fr": ["Le couvercle fuit, nous en sommes désolés.", "Le colis est parti lundi de notre entrepôt."],
    "es": ["La tapa gotea y lo sentimos.", "El paquete salió el lunes de nuestro almacén."],
    "it": ["Il coperchio perde e ci dispiace.", "Il pacco è partito lunedì dal nostro magazzino."],
    "pt": ["A tampa pinga e lamentamos.", "O pacote saiu do nosso armazém na segunda-feira."],
    "ja": ["ふたから水が漏れてしまい、申し訳ございません。", "荷物は月曜日に倉庫を出ました。"],
    "zh": ["壶盖漏水，我们很抱歉。", "包裹周一已从仓库发出。"],
}
VIOLATIONS = {
    "en": [
        "Could you please update your review now?",
        "Delete your review and we will send you a gift card.",
        "We would love a five-star review from you.",
    ],
    "de": ["Könnten Sie bitte Ihre Bewertung löschen?", "Bitte ändern Sie Ihre Bewertung auf fünf Sterne."],
    "fr": ["Pourriez-vous supprimer votre avis ?", "Merci de modifier votre commentaire et de mettre cinq étoiles."],
    "es": ["¿Podría eliminar su reseña?", "Cambie su opinión a cinco estrellas, por favor."],
    "it": ["Può eliminare la sua recensione?", "La preghiamo di modificare la recensione e dare cinque stelle."],
    "pt": ["Poderia apagar a sua avaliação?", "Por favor, altere a sua avaliação para cinco estrelas."],
    "ja": ["レビューを削除していただけませんか。", "星5つの評価に変更してください。"],
    "zh": ["请您删除差评。", "麻烦您把评价改成五星好评。"],
}
CLEAN = {
    "en": ["We are sorry that the hinge broke. Please send us a photo of it.", "The lid turns to the left until it clicks."],
    "de": ["Es tut uns leid, dass das Scharnier gebrochen ist. Ein Foto hilft uns weiter.", "Der Deckel rastet links ein."],
    "fr": ["Nous sommes désolés que la charnière ait cassé. Une photo nous aiderait.", "Le couvercle se tourne vers la gauche."],
    "es": ["Sentimos que la bisagra se haya roto. Una foto nos ayudaría.", "La tapa gira hacia la izquierda."],
    "it": ["Ci dispiace che la cerniera si sia rotta. Una foto ci aiuterebbe.", "Il coperchio si gira verso sinistra."],
    "pt": ["Lamentamos que a dobradiça tenha partido. Uma fotografia ajudaria.", "A tampa roda para a esquerda."],
    "ja": ["蝶番が壊れていたとのこと、申し訳ございません。お写真をお送りいただけますか。", "ふたは左に回すと閉まります。"],
    "zh": ["很抱歉合页断了，请发一张照片给我们。", "盖子向左旋转即可扣紧。"],
}
PRODUCTS = [
    "Tidewell travel kettle, 0.8 l",
    "FiveStar Grip 5000",
    "Reviewer's Desk Lamp",
    "Lampe Éclair N° 5",
    "Чайник «Прилив» 0,8 л",
    "保温杯 500ml 深蓝",
    "ケトル KT-08",
    "Schraubenset M4×20 (DIN 912)",
    "XJ-9 Pro Max 2.0",
    "قفل الدراجة",
]
PAIRS = [(tag, text) for tag, texts in VIOLATIONS.items() for text in texts]
KEY_WORDS = [
    ("Could you please update your {} now?", "review"),
    ("Kindly {} your review, please.", "delete"),
    ("Please update your {} and we will send you a gift card.", "review"),
    ("Please {} the comment that you posted about the product.", "remove"),
    ("We would love a five-star {} from you.", "rating"),
]


@cache
def shipped() -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(ROOT)


def check(text: str, channel: str = "review_followup", **case: object) -> GuardrailReport:
    """Report of one text."""
    return shipped().check(CheckRequest.model_validate({"channel": channel, "text": text, **case}))


def join(tag: str, *sentences: str) -> str:
    """Sentences as the language puts them one after another."""
    return ("" if tag in ("ja", "zh") else " ").join(sentences)


@QUICK
@given(pair=st.sampled_from(PAIRS), data=st.data())
def test_harmless_sentences_never_clear_a_text(pair: tuple[str, str], data: st.DataObject) -> None:
    """However much is said around it, the violation stays one, and as bad."""
    tag, text = pair
    sentences = st.lists(st.sampled_from(HARMLESS[tag]), max_size=4)
    before, after = data.draw(sentences), data.draw(sentences)
    said = check(join(tag, *before, text, *after))
    assert check(text).verdict is Verdict.BLOCK
    assert said.verdict is Verdict.BLOCK


def test_every_disguise_of_every_key_word_is_seen_through() -> None:
    """The word that a rule needs may be written in any way that a person can still read."""
    written = [(name, frame.format(disguise(word))) for frame, word in KEY_WORDS for name, (_, disguise) in TRICKS.items()]
    assert [name for name, text in written if check(text).verdict is not Verdict.BLOCK] == []


CUT_APART = [
    ("en", "Now that the new lid works, could you please {update} your {review}?"),
    ("de", "Da der neue Deckel passt, könnten Sie bitte Ihre {Bewertung} {ändern}?"),
    ("fr", "Maintenant que le couvercle ferme, pourriez-vous {modifier} votre {commentaire} ?"),
    ("es", "Ahora que la tapa cierra, ¿podría {modificar} su {reseña}?"),
    ("it", "Ora che il coperchio chiude, potrebbe {modificare} la sua {recensione}?"),
    ("pt", "Agora que a tampa fecha, poderia {alterar} a sua {avaliação}?"),
    ("ja", "ふたは直りましたので、{レビュー}を{変更}していただけませんか。"),
    ("zh", "盖子已经换好了，麻烦您把{评价}{修改}一下。"),
]
CUTS: dict[str, Callable[[str], str]] = {
    "line end": lambda word: f"{word[: len(word) // 2]}\n{word[len(word) // 2 :]}",
    "line end of Windows": lambda word: f"{word[: len(word) // 2]}\r\n{word[len(word) // 2 :]}",
    "hyphen and line end": lambda word: f"{word[: len(word) // 2]}-\n{word[len(word) // 2 :]}",
    "blanks": " ".join,
    "wide blanks": "\u3000".join,
    "dots": ".".join,
    "dashes": "\u2014".join,
    "zero-width spaces": "\u200b".join,
    "look-alikes among spaced letters": lambda word: " ".join(word.translate(str.maketrans("aeop", "аеор"))),
}


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize(("tag", "frame"), CUT_APART, ids=[tag for tag, _ in CUT_APART])
def test_words_cut_apart_are_read_in_every_language(tag: str, frame: str, name: str) -> None:
    """A person reads over the cut, and so do the rules."""
    written = re.sub(r"\{(.*?)\}", lambda match: CUTS[name](match.group(1)), frame)
    assert check(written, language=tag).verdict is Verdict.BLOCK


@QUICK
@given(pair=st.sampled_from([*PAIRS, *((tag, text) for tag, texts in CLEAN.items() for text in texts)]), names=st.permutations(PRODUCTS))
def test_product_names_do_not_change_a_verdict(pair: tuple[str, str], names: list[str]) -> None:
    """A name that the case knows is a name, whatever words or letters it is made of."""
    tag, text = pair
    frame = {"ja": "{}の件です。", "zh": "关于{}。"}.get(tag, "{}:")
    verdicts = {check(f"{frame.format(name)} {text}", language=tag, names=[name]).verdict for name in names[:3]}
    assert verdicts == {check(text).verdict}


@QUICK
@given(text=st.text(max_size=120), inside=st.sampled_from([text for _, text in PAIRS]), at=st.integers(0, 120))
def test_spans_lie_in_the_raw_text_and_quote_it(text: str, inside: str, at: int) -> None:
    """Any characters before, in between and after."""
    whole = text[:at] + inside + text[at:]
    report = check(whole)
    assert report.errored == ()
    for finding in (*report.findings, *report.shadow):
        assert 0 <= finding.start <= finding.end <= len(whole)
        assert whole[finding.start : finding.end] == finding.quote


NOTICE = "If you are satisfied, it is possible to update or remove the feedback you left."


@pytest.mark.parametrize("sentence", ["", *HARMLESS["en"]])
def test_the_neutral_notice_flips_with_channel_and_fix(sentence: str) -> None:
    """Allowed to the author of seller feedback once the concern is settled; before that, and about a review, it is pressure."""
    text = f"{sentence} {NOTICE}".strip()
    assert check(text, "feedback_contact", resolved=True).verdict is Verdict.PASS
    assert check(text, "feedback_contact", resolved=False).verdict is Verdict.BLOCK
    about_review = text.replace("feedback", "review")
    assert {check(about_review, channel, resolved=True).verdict for channel in ("review_followup", "buyer_message")} == {Verdict.BLOCK}


@QUICK
@given(tag=st.sampled_from(sorted(CLEAN)), data=st.data())
def test_two_clean_paragraphs_are_clean_together(tag: str, data: st.DataObject) -> None:
    """Rules that look at neighbouring sentences do not make one story of two."""
    paragraphs = st.sampled_from([*CLEAN[tag], *HARMLESS[tag]])
    first, second = data.draw(paragraphs), data.draw(paragraphs)
    both = check(f"{first}\n\n{second}", language=tag)
    assert [f.quote for f in both.findings] == []
    assert both.verdict is Verdict.PASS


@QUICK
@given(entry=st.sampled_from(honest_texts()), channel=st.sampled_from(["review_followup", "feedback_contact", "buyer_message"]))
def test_every_rule_is_in_a_report_once(entry: dict[str, str], channel: str) -> None:
    """In the pack's order, whatever the language and the channel."""
    assert [result.rule_id for result in check(entry["text"], channel).results] == [rule.id for rule in shipped().rules]


ELSEWHERE = """
import json, os, sys
from pathlib import Path
from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
guardrail = Guardrail.load(Path(sys.argv[1]))
texts = dict(enumerate(json.load(sys.stdin)))
order = sorted(texts, reverse=os.environ["ORDER"] == "2")
reports = {i: guardrail.check(CheckRequest(channel="review_followup", text=texts[i])).model_dump_json() for i in order}
sys.stdout.buffer.write("\\n".join(reports[i] for i in texts).encode())
"""


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on hash seeds, on the order of work or on what was checked before."""
    # A copy, since somebody may edit the rules while the tests run.
    shutil.copytree(ROOT / "guardrails", tmp_path / "guardrails")
    texts = [text for _, text in PAIRS] + [entry["text"] for entry in honest_texts()[::9]]
    first, second = (
        subprocess.run(
            [sys.executable, "-c", ELSEWHERE, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "ORDER": seed},
            input=json.dumps(texts).encode(),
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert len(first.splitlines()) == len(texts)
    assert first == second
