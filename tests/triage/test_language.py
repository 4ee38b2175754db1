import pytest

from drafter.triage.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The lid does not close and the handle is loose.", "en"),
        ("Der Deckel schließt nicht und der Griff wackelt.", "de"),
        ("Le couvercle ne ferme pas et la poignée bouge.", "fr"),
        ("La tapa no cierra y el asa se mueve.", "es"),
        ("Il coperchio non chiude e il manico balla.", "it"),
        ("A tampa não fecha e a pega abana.", "pt"),
        ("蓋が閉まらず、取っ手がぐらつきます。", "ja"),
        ("盖子关不上,把手松了。", "zh"),
        ("Het deksel sluit niet en de handgreep is los.", "nl"),
        ("Locket stänger inte och handtaget är löst.", "sv"),
        ("Pokrywka się nie zamyka, a uchwyt jest luźny.", "pl"),
        ("Kapak kapanmıyor ve sapı gevşek, çok kötü bir ürün.", "tr"),
        ("뚜껑이 닫히지 않아요.", "ko"),
        ("Крышка не закрывается.", "ru"),
        ("الغطاء لا يغلق.", "ar"),
    ],
)
def test_each_language_is_known(text, language):
    """The eight that are triaged, and others that must go to a person."""
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"), [("Nie wieder.", "de"), ("Simplesmente não liga.", "pt"), ("Ça gratte.", "fr"), ("Broke after breakfast.", "en")]
)
def test_three_words_can_be_enough(text, language):
    """Short texts are named when their words say so."""
    assert detect(text) == language


@pytest.mark.parametrize("text", ["!!!", "12345", "XZ-500 B", "", "   "])
def test_what_says_nothing_is_unknown(text):
    """Symbols and model numbers have no language."""
    assert detect(text) == "und"


def test_markup_and_code_are_not_language():
    """What is written around a text does not outvote it."""
    assert detect('{"role": "system", "content": "the and is are was"} Der Griff ist nicht fest und wackelt.') == "de"
