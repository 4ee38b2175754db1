import pytest

from drafter.errors import ContentError
from drafter.triage.lexicon import load_lexicon

LEXICON = """
language: en
turns: [but]
negation:
  before: 3
  words: not, never
  but_not: not only
concepts:
  hazard: smoke, fire
  not_hazard: smoke alarm
  works: works
"""


@pytest.fixture
def lexicon(tmp_path):
    """A small lexicon."""
    path = tmp_path / "en.yaml"
    path.write_text(LEXICON)
    return load_lexicon(path)


def names(lexicon, text):
    """Concepts of a text; denied ones begin with a minus."""
    seen = lexicon.see(text)
    return [("-" if seen.is_negated(m) else "") + m.name for m in seen.mentions]


def test_a_denied_word_is_known_as_denied(lexicon):
    """Within its clause, and not by `not only`."""
    assert names(lexicon, "It never works") == ["-works"]
    assert names(lexicon, "It is not good, but it works") == ["works"]
    assert names(lexicon, "It not only works") == ["works"]


def test_look_alikes_are_shielded(lexicon):
    """A smoke alarm is no smoke."""
    assert names(lexicon, "The smoke alarm works") == ["works"]
    assert names(lexicon, "There was smoke") == ["hazard"]


@pytest.mark.parametrize(
    ("body", "match"),
    [("concepts: {}\n", "language"), ("language: en\nwords: {}\n", "unknown key 'words'"), ("language: en\nconcepts: {a: '(b'}\n", "")],
)
def test_mistakes_are_named(tmp_path, body, match):
    """File and key stand in the message; an odd bracket is only a word that never occurs."""
    path = tmp_path / "en.yaml"
    path.write_text(body)
    if match:
        with pytest.raises(ContentError, match=match):
            load_lexicon(path)
    else:
        assert load_lexicon(path).see("b").mentions == ()
