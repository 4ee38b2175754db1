"""Reading: every disguise of a word is undone, honest text stays what it is, and every span lies in the raw text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.domain import CheckRequest
from drafter.guardrails.reading import read
from tests.guardrails.texts import WORDS, honest_texts, norms_of, read_text

WORD_LIST = ["review", "delete", "update", "refund", "feedback", "comment", "customer"]

CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
GREEK = str.maketrans("eoitkvu", "εοιτκνυ")
LEET = str.maketrans("eaiost", "341057")
SMALL_CAPS = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")


def shifted(base: int) -> Callable[[str], str]:
    """Writes a word with the letters of a block that starts at `base`."""
    return lambda word: "".join(chr(base + ord(char) - 97) for char in word)


def middle(mark: str) -> Callable[[str], str]:
    """Puts a mark into the middle of a word."""
    return lambda word: word[: len(word) // 2] + mark + word[len(word) // 2 :]


TRICKS: dict[str, tuple[str, Callable[[str], str]]] = {
    "cyrillic": ("homoglyph", lambda word: word.translate(CYRILLIC)),
    "greek": ("homoglyph", lambda word: word.translate(GREEK)),
    "cyrillic capitals": ("homoglyph", lambda word: word.upper().translate(str.maketrans("AEOPCTMK", "АЕОРСТМК"))),
    "zero-width space": ("zero_width", "\u200b".join),
    "zero-width joiner": ("zero_width", "\u200d".join),
    "word joiner": ("zero_width", middle("\u2060")),
    "soft hyphens": ("zero_width", "\u00ad".join),
    "tag characters": ("zero_width", middle("\U000e0041")),
    "hangul filler": ("zero_width", middle("\u3164")),
    "variation selector": ("zero_width", "\ufe0f".join),
    "left-to-right marks": ("zero_width", "\u200e".join),
    "right-to-left override": ("bidi", lambda word: f"\u202e{word[::-1]}\u202c"),
    "zalgo": ("stacked_marks", lambda word: "".join(char + "\u0335\u0316\u034e" for char in word)),
    "strike-through": ("stacked_marks", lambda word: "".join(char + "\u0336" for char in word)),
    "dotted accents": (
        "stacked_marks",
        lambda word: word.replace("e", "\u0117").replace("u", "\u016b").replace("o", "\u014f").replace("a", "\u0101"),
    ),
    "fullwidth": ("fullwidth", shifted(0xFF41)),
    "mathematical bold": ("styled", shifted(0x1D41A)),
    "mathematical script": ("styled", shifted(0x1D4EA)),
    "circled": ("styled", shifted(0x24D0)),
    "parenthesised": ("styled", shifted(0x249C)),
    "negative squared": ("styled", shifted(0x1F170)),
    "regional letters": ("styled", shifted(0x1F1E6)),
    "small capitals": ("styled", lambda word: word.translate(SMALL_CAPS)),
    "leetspeak": ("leetspeak", lambda word: word.translate(LEET)),
    "spaces": ("spacing", " ".join),
    "dots": ("spacing", ".".join),
    "hyphens": ("spacing", "-".join),
    "underscores": ("spacing", "_".join),
    "spaced slashes": ("spacing", " / ".join),
    "slash": ("cut", middle("/")),
    "bar": ("cut", middle("|")),
    "en dash": ("cut", middle("\u2013")),
    "ellipsis": ("cut", middle("\u2026")),
    "apostrophe": ("cut", middle("'")),
    "commas": ("spacing", ",".join),
    "brackets": ("spacing", lambda word: "][".join(word)),
    "line ends": ("spacing", "\n".join),
    "repeated letter": ("repeated_letters", lambda word: word.replace("e", "eeee", 1)),
    "decimal entities": ("html_entities", lambda word: "".join(f"&#{ord(char)};" for char in word)),
    "hexadecimal entity": ("html_entities", lambda word: f"&#x{ord(word[0]):x};{word[1:]}"),
    "bold inside": ("markup_inside", middle("**")),
    "tag inside": ("markup_inside", lambda word: f"<b>{word[:3]}</b>{word[3:]}"),
    "comment inside": ("markup_inside", middle("<!-- -->")),
}
SKIPPED = {("repeated letter", word) for word in WORD_LIST if "e" not in word} | {("dotted accents", "refund")} | {("greek", "refund")}
SKIPPED |= {("apostrophe", "comment")}  # `com'` is Italian
CASES = [(name, word) for name in TRICKS for word in WORD_LIST if (name, word) not in SKIPPED]


@pytest.mark.parametrize(("name", "word"), CASES, ids=[f"{name}-{word}" for name, word in CASES])
def test_a_disguised_word_reads_as_the_word_it_hides(name: str, word: str) -> None:
    """The token has the plain form, the disguise is reported under its trick, and its span covers what was written."""
    trick, disguise = TRICKS[name]
    written = disguise(word)
    text = f"Now that it is fixed you may kindly {written} the one from May, thank you."
    document = read_text(text)
    assert word in document.norms
    found = [entry for entry in document.tampering if entry.reads == word]
    assert found, document.tampering
    assert found[0].trick == trick
    assert text[found[0].start : found[0].end] in written


@pytest.mark.parametrize("mark", ["-\n", "-\n ", "\n", "-", "\u2010", "\r\n", "\t", "\u2028", "\n "])
def test_a_word_parted_at_a_line_end_is_read_whole_and_is_no_tampering(mark: str) -> None:
    """Honest text parts words so, too; reading them whole is enough."""
    document = read_text(f"Please send a new re{mark}view of it.")
    assert "review" in document.norms
    assert document.tampering == []


def test_disguises_on_top_of_each_other_are_undone() -> None:
    """Spaced leetspeak in full-width letters still reads."""
    assert "review" in norms_of("Kindly ｒ 3 ｖ 1 ｅ ｗ it.")
    assert "delete" in norms_of("Kindly d&#51;l\u200bеtе it.")


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("p l e a s e d e l e t e y o u r r e v i e w", ["please", "delete", "review"]),
        ("您先把那条差 / 评 处 理 掉,也就是删 . 除,马上", ["差", "评", "删", "除"]),
        ("出品者の評価を取.り.下.げ.て.く.だ.さ.い", ["取", "り", "下", "げ"]),
        ("¿podría c4mbi4r su r3señ4?", ["cambiar", "reseña"]),
        ("write a $tar and a fr33 g1ft c4rd!", ["star", "free", "gift", "card"]),
        ("**re**_move_ the **rev**_iew_", ["remove", "review"]),
        ("an e-mail, your EMAIL", ["email", "email"]),
        ("ﾚﾋﾞｭｰを変更", ["レ", "ビ", "ュ", "ー", "変", "更"]),
    ],
)
def test_tricks_of_whole_phrases(text: str, reads: list[str]) -> None:
    """Runs of disguised words are parted at the right places."""
    norms = norms_of(text)
    assert [norm for norm in norms if norm in reads] == reads


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("⭐⭐", ":star:"),
        ("💰", ":money:"),
        ("👍", ":thumbs_up:"),
        ("🎁", ":gift:"),
        ("🗑️", ":delete:"),
        ("✏️", ":edit:"),
        ("☎", ":phone:"),
        ("📧", ":email:"),
    ],
)
def test_emoji_that_stand_for_words_are_tokens(text: str, norm: str) -> None:
    """Lexicons list these tokens like words."""
    document = read_text(f"We would love {text} from you")
    assert norm in document.norms
    assert ("emoji_words", norm) in [(entry.trick, entry.reads) for entry in document.tampering]


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
def test_honest_text_shows_no_tampering(item: dict[str, str]) -> None:
    """Vietnamese accents, Persian joiners, model numbers, units and kaomoji are no disguise."""
    assert read_text(item["text"], language=item["language"]).tampering == []


@pytest.mark.parametrize(
    "item", [i for i in honest_texts() if i["language"] not in ("ja", "zh")], ids=lambda item: f"{item['language']}-{item['text'][:24]}"
)
def test_honest_text_is_not_changed_by_folding(item: dict[str, str]) -> None:
    """Outside full-width typography the folded view is the lower-cased text, but for soft hyphens and known compounds."""
    text = item["text"]
    expected = text.replace("İ", "i").replace("\u00ad", "").lower()
    assert read_text(text).folded.text.replace("e-mail", "email") == expected


def test_full_width_typography_is_read_in_plain_letters_without_a_finding() -> None:
    """Japanese writes sizes and part numbers in full width."""
    document = read_text("サイズはＬ、部品番号は６１８－０６６０です（白）。")
    assert "618-0660" in document.folded.text
    assert document.tampering == []


@pytest.mark.parametrize(
    "text",
    [
        "αTocopherol and μF and kΩ",
        "Hold W A S D",
        "size 7½, 10 m², 1ª, n.º 4",
        "🇩🇪 🇫🇷 👨‍👩‍👧‍👦 1️⃣",
        "(´・ω・`) m(_ _)m ¯\\_(ツ)_/¯",
        "X2-B7 and A4, 3D, 4K, 5G, 1st, 50ml",
        "Type Ⅱ, № 4",
        "a_b A_B 2*3 <3",
        "write to service@kornmuehle.example or bestellung@tee-haus.example",
    ],
)
def test_signs_of_everyday_are_no_disguise(text: str) -> None:
    """Units, flags, families, keys and kaomoji stay."""
    assert [entry for entry in read_text(text).tampering if entry.trick != "emoji_words"] == []


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("Don't", ["don't"]),
        ("don’t", ["don't"]),
        ("L'avis d'un client", ["l'", "avis", "d'", "un", "client"]),
        ("aujourd’hui quelqu'un", ["aujourd'hui", "quelqu'", "un"]),
        ("dell'acqua", ["dell'", "acqua"]),
        ("the customers' lamps 'new' ones", ["the", "customers", "lamps", "new", "ones"]),
        ("Straßenschuhe", ["strassenschuhe"]),
        ("評価をAmazonで100円", ["評", "価", "を", "amazon", "で", "100", "円"]),
        ("ギフト・カード", ["ギ", "フ", "ト", "カ", "ー", "ド"]),
        ("हिन्दी शब्द", ["हिन्दी", "शब्द"]),
        ("می‌خواهیم", ["می\u200cخواهیم"]),
        ("İstanbul", ["istanbul"]),
    ],
)
def test_words_are_cut_where_readers_see_them(text: str, norms: list[str]) -> None:
    """Elisions are words of their own, contractions and compounds are one, Chinese and Japanese go by the character."""
    assert norms_of(text) == norms


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("It weighs approx. 3.5 kg, i.e. not much.", 1),
        ("Am 5. mai kam z. B. der Deckel an.", 1),
        ("Mr. Smith and Dr. Jones wrote.", 1),
        ("Well... it works… somehow.", 1),
        ("Order 123-1234567-1234567 is on https://www.amazon.com/your-orders now.", 1),
        ("Hello,\n\nwe are sorry.\nIt left today", 3),
        ("we are\nsorry for it", 1),
        ("申し訳ございません。本日発送しました！よろしいですか", 3),
        ("see (e.g. page 3). Then stop.", 2),
        ("No. 5 fits. No. It does not.", 3),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    """Abbreviations, decimals, order ids, addresses and ellipses end no sentence."""
    assert len(read_text(text).sentences) == count


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Could you?", True),
        ("You could.", False),
        ("¿Puede usted?", True),
        ("確認していただけますか。", True),
        ("可以吗。", True),
        ("确认了。", False),
        ("可以吗？", True),
    ],
)
def test_questions_are_known_by_their_mark_or_particle(text: str, asks: bool) -> None:
    """Japanese and Chinese ask with a particle, too."""
    assert read_text(text).sentences[0].is_question is asks


def test_clauses_part_at_commas_dashes_and_brackets_but_not_inside_numbers() -> None:
    """Clause numbers rise through the text."""
    tokens = read_text("We checked it, 1,000 times – twice (today): fine").tokens
    clauses = {token.norm: token.clause for token in tokens}
    assert clauses["checked"] < clauses["1"] == clauses["000"] < clauses["twice"] < clauses["today"] < clauses["fine"]


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *WORD_LIST, "rеvіеw", "r3v1ew", "re-\nview", "&#114;eview", "&amp;", "<b>", "</b>", "**", "_", "\u200b",
        "\u202e", "\u202c", "\u0336", "\u00ad", "⭐", "🇩🇪", "差评", "差 / 评", "。", "Ａ", "①", "⑩", "l'avis", "don't", "\n",
        " ", ". ", "? ", "İ", "ß", "ǆ", "\ufe0f", "می‌خواهیم", "क्‍ष", "r e v i e w", "3.5", "a.b", "\u0301", "ﾊﾞ",
        "ㅤ", "1️⃣",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_every_span_lies_in_the_raw_text(text: str) -> None:
    """Tokens, sentences and disguises point into the text as given, whatever is in it."""
    document = read_text(text)
    for token in document.tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert 0 <= token.sentence < len(document.sentences)
    for sentence in document.sentences:
        assert 0 <= sentence.start <= sentence.end <= len(text)
        assert sentence.first < sentence.last <= len(document.tokens)
    for entry in document.tampering:
        assert 0 <= entry.start < entry.end <= len(text)
    assert [s.first for s in document.sentences[1:]] == [s.last for s in document.sentences[:-1]]
    assert document.norms == [token.norm for token in document.tokens]


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_the_folded_view_maps_back_into_the_raw_text(text: str) -> None:
    """Each folded character stands for a range of the text as given."""
    folded = read_text(text).folded
    for index in range(len(folded.text)):
        start, end = folded.to_raw(index, index + 1)
        assert 0 <= start < end <= len(text)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    """Memos change the speed, never the result."""
    first, second = read_text(text), read_text(text)
    assert (first.tokens, first.sentences, first.tampering, first.folded) == (
        second.tokens,
        second.sentences,
        second.tampering,
        second.folded,
    )


@settings(max_examples=150, deadline=None)
@given(item=st.sampled_from(honest_texts()), word=st.sampled_from(sorted(WORDS)))
def test_a_vocabulary_changes_nothing_in_honest_text(item: dict[str, str], word: str) -> None:
    """Clauses and tokens rise through the text in every language."""
    document = read_text(f"{item['text']} {word}")
    assert all(a.start < b.start and a.clause <= b.clause for a, b in pairwise(document.tokens))


def test_one_capital_and_a_number_is_a_model() -> None:
    """A lamp socket is none of the words that its digits may stand for; in small letters the same is a disguise."""

    def known(word: str) -> bool:
        return word == "ela"

    request = CheckRequest(channel="c", text="A lâmpada E14 e14")
    assert [entry.reads for entry in read(request, known).tampering] == ["ela"]
