import pytest

from drafter.triage.phrases import CharacterTable, Vocabulary, WordTable, compile_phrase, keep_longest
from drafter.triage.reading import read


def find(entry, text, language="en"):
    """Quotes that an entry finds in a text."""
    is_characters = language in {"ja", "zh"}
    phrases = compile_phrase(entry, "x", characters=is_characters, elides=language == "fr")
    reading = read(text, language)
    if is_characters:
        mentions = CharacterTable(phrases).find(reading)
    else:
        vocabulary = Vocabulary()
        vocabulary.learn(phrases)
        mentions = WordTable(phrases).find(reading, [vocabulary.keys(norm) for norm in reading.norms])
    return [reading.quote(m.first, m.last) for m in mentions]


@pytest.mark.parametrize(
    ("entry", "text", "quotes"),
    [
        ("broken", "It is Broken.", ["Broken"]),
        ("break*", "It breaks.", ["breaks"]),
        ("*karton", "Der Umkarton war nass.", ["Umkarton"]),
        ("came (late|delayed)", "It came late, came early, came delayed.", ["came late", "came delayed"]),
        ("not very? good", "Not good. Not very good.", ["Not good", "Not very good"]),
        ("took .. weeks", "Took me three weeks. Took me and my wife all weeks.", ["Took me three weeks"]),
        ("too-small", "Too small.", ["Too small"]),
        ("came late", "It came. Late again.", []),
        ("créé", "Cree", ["Cree"]),
    ],
)
def test_entries_mean_what_the_readme_says(entry, text, quotes):
    """Words, wildcards, choices, options and gaps, within a sentence."""
    assert find(entry, text) == quotes


def test_french_words_are_parted_at_the_apostrophe():
    """An entry may be written either way."""
    assert find("l'écran", "L’écran reste noir.", "fr") == ["L’écran"]


@pytest.mark.parametrize(
    ("entry", "text", "quotes"),
    [
        ("動か(ない|なく)", "全く動かなくなった", ["動かなく"]),
        ("箱 潰れ", "箱が少し潰れていた", ["箱が少し潰れ"]),
        ("箱 潰れ", "箱。潰れた", []),
        ("くそ", "直訳らしく、「それ」", []),
    ],
)
def test_characters_have_the_same_grammar(entry, text, quotes):
    """A blank is a gap of some characters, never over a sentence's end; a word never runs over a comma."""
    assert find(entry, text, "ja") == quotes


@pytest.mark.parametrize(
    "entry", ["", "..", "(a b|c d)(e f|g h)(i j|k l)(m n|o p)(q r|s t)(u v|w x)(y z|1 2)(3 4|5 6)(7 8|9 0)", "difficile da *"]
)
def test_empty_and_exploding_entries_are_refused(entry):
    """An author's slip is named when the file is read."""
    with pytest.raises(ValueError, match="has"):
        compile_phrase(entry, "x")


def test_the_longest_mention_wins():
    """`came off` is no arrival."""
    reading = read("the lid came off", "en")
    phrases = compile_phrase("came", "arrive") + compile_phrase("came off", "apart")
    vocabulary = Vocabulary()
    vocabulary.learn(phrases)
    mentions = WordTable(phrases).find(reading, [vocabulary.keys(norm) for norm in reading.norms])
    assert [m.name for m in keep_longest(mentions)] == ["apart"]


@pytest.mark.parametrize(("text", "quotes"), [("ßß箱が潰れ", ["箱が潰れ"]), ("\u0301\u0301箱が潰れ", ["箱が潰れ"]), ("ß", [])])
def test_characters_that_fold_to_more_or_less_than_one_shift_nothing(text, quotes):
    """A quote stands where it stood in the raw text, and no character takes the reader past its end."""
    assert find("箱 潰れ", text, "zh") == quotes
