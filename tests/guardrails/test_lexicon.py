"""Words to concepts: entries, gaps, exceptions, languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.errors import ContentError
from drafter.guardrails.entries import Costs
from drafter.guardrails.entry_lines import EntryError, parse_entry, split_lines
from drafter.guardrails.held import find_held
from drafter.guardrails.languages import load_concepts, load_lexicon
from drafter.guardrails.lexicon import Language, Lexicon
from drafter.guardrails.reading import read
from drafter.guardrails.table import Table
from tests.guardrails.content import ENGLISH, write_content


def found(line: str, text: str, **sets: list[str]) -> list[str]:
    """What the entries of one line match in a text."""
    entries = list(parse_entry(line, 1, sets, Costs(frozenset({"the", "your", "a"}))))
    document = read(CheckRequest(channel="c", text=text))
    language = Language("xx", "", frozenset(), 1, frozenset, lambda: tuple(entries))
    places = Lexicon(("c",), [language], {}).scan(document, "xx").places.get(1, [])
    hits = {text[document.tokens[first].start : document.tokens[last].end] for first, last in places}
    return sorted(hits)


@pytest.mark.parametrize(
    ("line", "text", "hits"),
    [
        ("review", "A review. Reviews.", ["review"]),
        ("review*", "A review. Reviews.", ["Reviews", "review"]),
        ("*bewertung", "Ihre Produktbewertung", ["Produktbewertung"]),
        ("*bewertung*", "Bewertungen und Produktbewertungstext", ["Bewertungen", "Produktbewertungstext"]),
        ("take _ down", "Take your two stars down. Take it. Down.", ["Take your two stars down"]),
        ("take _ down", "Take down one two three four five down", ["Take down"]),
        ("take _1 down", "take your old review down", []),
        ("(change|update) (your|the) review", "update the review", ["update the review"]),
        ("(get rid of|drop) it", "get rid of it or drop it", ["drop it", "get rid of it"]),
        ("very (very |)kind", "very kind and very very kind", ["very kind", "very very kind"]),
        ("# dollars", "15 dollars or ten dollars", ["15 dollars"]),
        ("don't ask", "Don’t ask.", ["Don’t ask"]),
        ("a to z", "the A-to-z claim", ["A-to-z"]),
        ("修改评价", "请修改评价。", ["修改评价"]),
        ("删_6评价", "请删掉这条评价", ["删掉这条评价"]),
        ("レビュー", "レビューを修正", ["レビュー"]),
    ],
)
def test_an_entry_matches_what_it_says(line: str, text: str, hits: list[str]) -> None:
    """Words, stems, gaps, brackets, numbers; never across the end of a sentence."""
    assert found(line, text) == hits


def test_a_set_stands_for_any_of_its_words() -> None:
    """Sets may hold several words as well."""
    assert found("@poss review", "those review", poss=["your", "those"]) == ["those review"]
    assert found("@ask write", "be so kind and write", ask=["please", "be so kind and"]) == ["be so kind and write"]


@pytest.mark.parametrize(
    "line", ["_ review", "review _", "(a|b", "a) b", "@nobody review", "re*view", "|", "review _99 x", "!!!", "a _5(b|5 c)", "a_5(好|5星)"]
)
def test_an_entry_that_cannot_be_read_is_refused(line: str) -> None:
    """The message quotes it."""
    with pytest.raises(EntryError):
        list(parse_entry(line, 1, {}, Costs(frozenset())))


def test_commas_inside_brackets_part_nothing() -> None:
    """Lines, commas, comments and the exceptions of a concept."""
    assert split_lines("a, b (c, d)  // note\ne\nexcept: f, g") == (["a", "b (c, d)", "e"], ["f", "g"])


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    """The words of the small content root."""
    root = write_content(tmp_path)
    return load_lexicon(root, load_concepts(root))


def seen(lexicon: Lexicon, text: str) -> set[str]:
    """Names of the concepts in a text."""
    scan = lexicon.scan(read(CheckRequest(channel="c", text=text)), None)
    return {name for i, name in enumerate(lexicon.concepts) if scan.mask >> i & 1}


def test_an_exception_takes_back_what_it_overlaps(lexicon: Lexicon) -> None:
    """`peer review` is no review, and the review beside it still is one."""
    assert "opinion.review" not in seen(lexicon, "We had a peer review of the box.")
    assert "opinion.review" in seen(lexicon, "We had a peer review. You wrote a review.")


def test_signs_carry_sums_and_percentages(lexicon: Lexicon) -> None:
    """They are no words, and count as much as words do."""
    assert "amount.money" in seen(lexicon, "You get $15 of it.")
    assert "amount.money" in seen(lexicon, "You get 15 € of it.")
    assert "amount.percent" in seen(lexicon, "You get 20% of it.")
    assert "amount.money" not in seen(lexicon, "You get 20 of it, and the $ key is broken.")


def test_a_text_shows_its_language(root: Path) -> None:
    """By its small words; a name in another language shows nothing."""
    lexicon = load_lexicon(root, load_concepts(root))
    text = "Wir haben das Modell Easy Clean für Sie geprüft und sind mit der Dichtung zufrieden."
    assert lexicon.evidenced(read(CheckRequest(channel="c", text=text)).norms)[0] == "de"


def test_the_vocabulary_knows_words_and_stems(lexicon: Lexicon) -> None:
    """It tells the reading layer which disguises are worth undoing."""
    assert lexicon.vocabulary("review") and lexicon.vocabulary("reviewing") and lexicon.vocabulary("update")
    assert not lexicon.vocabulary("kettle")


def test_a_wrong_entry_names_file_and_line(tmp_path: Path) -> None:
    """Entries are compiled when a language is first met, or all at once."""
    root = write_content(tmp_path, english=ENGLISH.replace("change, update", "change, _ update"))
    lexicon = load_lexicon(root, load_concepts(root))
    with pytest.raises(ContentError, match=r"en\.yaml:\d+"):
        lexicon.compile_all()


def test_a_word_costs_one_lookup_however_often_it_stands(lexicon: Lexicon) -> None:
    """The memo holds the words of a text, not its tokens."""
    table = Table(lexicon._entries("en"))
    find_held(["the", "lid", "of", "the", "box", "and", "the", "lid"] * 50, table)
    assert set(table.memo) == {"the", "lid", "of", "box", "and"}


@pytest.mark.parametrize("line", ["修改_6评价", "删除评价", "請_3(替|为)我们修改", "review (of|about) the _2 pot", "(take|took) it _ off"])
def test_a_run_is_found_where_it_stands_and_nowhere_else(line: str) -> None:
    """What the tree of runs leads to is what the entry itself matches, from any token."""
    entries = list(parse_entry(line, 1, {}, Costs(frozenset())))
    text = "请修改一下评价。修改。删除评价,删除 评价。請您替我们修改。Review of the old pot, review about the pot. He took it off. It off"
    document = read(CheckRequest(channel="c", text=text))
    for entry in entries:
        entry.prepare()
    tried = set()
    for sentence in document.sentences:
        norms = document.norms[sentence.first : sentence.last]
        found = [entry.match(norms, i) for entry in entries for i in range(len(norms))]
        tried |= {(sentence.first + place[0], sentence.first + place[1]) for place in found if place}
    language = Language("xx", "", frozenset(), 1, frozenset, lambda: tuple(entries))
    places = Lexicon(("c",), [language], {}).scan(document, "xx").places[1]
    assert set(places) == tried
    assert len(places) == len(set(places))


SCRIPTS = [
    ("ja", "電話番号を教えてください。", ("ja",)),
    ("ja", "カスタマーレビュー投稿", ("ja",)),
    ("zh", "春季新款上市。盒里有一支刷子。", ("zh",)),
    ("named", "本店另有旗舰款ハンドミル,欢迎查看。春季新款上市。", ("ja", "zh")),
    ("ja", "発売は春です。部品の交換費用は後日発送時に申請、受付処理完了。", ("ja",)),
    ("both", "修理をいたします。给您补发新货,请修改评价。", ("ja", "zh")),
]


@pytest.mark.parametrize(("name", "text", "tags"), SCRIPTS)
def test_kana_show_japanese_and_han_alone_show_chinese(name: str, text: str, tags: tuple[str, ...]) -> None:
    """A short text need not hold a small word; a text in both is read in both."""
    small = {"ja": "をはのがますで", "zh": "的您这们请给处买评"}
    languages = [Language(tag, "", frozenset(words), 1, frozenset, tuple) for tag, words in small.items()]
    scan = Lexicon(("c",), languages, {}).scan(read(CheckRequest(channel="c", text=text)), None)
    assert scan.languages == tags, name
    assert scan.is_covered


def test_prices_are_whole_numbers() -> None:
    """A sum of fractions depends on the order of a set, which is another in each process, and so did the place where a search starts."""
    costs = Costs(frozenset({"the"}))
    steps = [
        step
        for line in ("(a|the|letterhead|page*)", "#", "word", "*stem*")
        for entry in parse_entry(line, 1, {}, costs)
        for step in entry.steps
    ]
    assert [costs.of(step) for step in steps] == [40 + 120 + 2 + 2 * 15, 10**7, 15, 2 * 15]


def test_an_endless_sentence_reads_as_its_words_do() -> None:
    """It is looked at by stretches; an entry that reaches over their borders is found, and each once."""
    table = Table(parse_entry("take _12 down", 1, {}, Costs(frozenset())))
    words = ["take", *["it"] * 12, "down", "x"] * 60
    places = [(at, at + 13) for at in range(0, len(words), 15)]
    assert find_held(words, table) == (1, ((1, places),))
