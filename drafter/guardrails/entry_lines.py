"""The lines of a language file, read into entries.

    review          the word
    review*         words that begin so            *feedback  words that end so         *bewertung*   words that contain it
    take _ down     up to three words between      set _6 to rights   up to six
    (a|an|) gift    one of these, or none          @poss review       any word of the file's set `poss`
    # dollars         a number, then the word

Chinese and Japanese entries are plain character runs, also with gaps (`删_6评价`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from drafter.guardrails.entries import MAX_GAP, MAX_STEPS, Costs, Entry
from drafter.guardrails.segmentation import split_words
from drafter.guardrails.steps import Step

NUMBER = "#"
"""Written for any number."""
DEFAULT_GAP = 3
DEFAULT_GAP_CHARS = 8
MAX_VARIANTS = 400
CACHED_WORDS = 50_000
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_BRACKET = re.compile(r"[()]")
_SET = re.compile(r"@([a-z]+)")
_SINGLE = re.compile(r"\*?[^\W_]+(?:'[^\W_]+)*\*?")
_PIECE = re.compile(r"_\d*|[^_]+")
_GAP_AT_END = re.compile(r"_\d*$").search
_EMOJI_NAME = re.compile(r":\w+:")


class EntryError(ValueError):
    """An entry of a language file cannot be read; the message says why."""


def _cut(text: str) -> list[str]:
    """Folded words of an entry, cut as the reading layer cuts a text; an emoji's name is one word."""
    if text.isascii() and text.isalnum():
        return [text.casefold()]
    if _EMOJI_NAME.fullmatch(text):
        return [text]
    folded = text.casefold().replace("\u2019", "'")
    return [word for word in split_words(folded, frozenset(folded)).words if word]


def parse_entry(line: str, bit: int, sets: Mapping[str, Sequence[str]], costs: Costs) -> Iterator[Entry]:
    """The compiled variants of one line.

    Args:
        sets: What `@name` stands for.
        costs: How frequent words are; a search starts at the rarest.

    Raises:
        EntryError: the line cannot be read.
    """
    for variant in _variants(_SET.sub(lambda match: _spell_out(match[1], sets, line), line)):
        steps, gaps = _steps(variant, line)
        if len(steps) > MAX_STEPS:
            raise EntryError(f"{line!r} has more than {MAX_STEPS} words")
        prices = [costs.of(step) for step in steps]
        yield Entry(bit, steps, gaps, prices.index(min(prices)), variant)


def split_lines(text: str) -> tuple[list[str], list[str]]:
    """Entries of a concept, and those after its `except:`; commas and line ends part them, `//` starts a comment."""
    plain: list[str] = []
    excepted: list[str] = []
    target = plain
    for line in text.splitlines():
        body = line.split("//", 1)[0].strip()
        if body.startswith("except:"):
            target = excepted
            body = body.removeprefix("except:")
        target += [entry for entry in _split_commas(body) if entry]
    return plain, excepted


def _split_commas(line: str) -> list[str]:
    """Parts of a line at commas outside brackets."""
    parts = [""]
    depth = 0
    for char in line:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def _spell_out(name: str, sets: Mapping[str, Sequence[str]], line: str) -> str:
    """The set `name` as a bracket."""
    if name not in sets:
        raise EntryError(f"{line!r}: no set {name!r} in this file")
    return f"({'|'.join(sets[name])})"


def _variants(line: str) -> list[str]:
    """`(a|b of|) c` as `(a) c`, `b of c` and `c`: only alternatives of several words, or of none, are written out."""
    variants, rest = _expand(line, 0, line)
    if rest != len(line):
        raise EntryError(f"{line!r} has a bracket without its other half")
    tidy = {" ".join(variant.split()) for variant in variants}
    if "" in tidy:
        raise EntryError(f"{line!r} may be empty")
    return sorted(tidy)


def _expand(text: str, at: int, line: str) -> tuple[list[str], int]:
    """Variants of `text` from `at` to the bracket that closes it, and where that stands."""
    variants = [""]
    while at < len(text) and text[at] != ")":
        if text[at] != "(":
            bracket = _BRACKET.search(text, at)
            end = bracket.start() if bracket else len(text)
            variants = [variant + text[at:end] for variant in variants]
            at = end
            continue
        choices, at = _alternatives(text, at + 1, line)
        if any(choice[:1].isdigit() for choice in choices) and any(map(_GAP_AT_END, variants)):
            raise EntryError(f"{line!r}: a digit behind a gap reads as its size; put a blank between")
        variants = [variant + choice for variant in variants for choice in choices]
        if len(variants) > MAX_VARIANTS:
            raise EntryError(f"{line!r} has more than {MAX_VARIANTS} variants")
    return variants, at


def _alternatives(text: str, at: int, line: str) -> tuple[list[str], int]:
    """Members of the bracket that opened before `at`: its single words together, in brackets again, and each longer one by itself."""
    opened = at - 1
    inner, at = _expand(text, at, line)
    if at >= len(text):
        raise EntryError(f"{line!r} has a bracket without its other half")
    at += 1
    members = list(dict.fromkeys(member for variant in inner for member in variant.split("|")))
    stands_alone = text[opened - 1 : opened] in ("", " ", "(", "|") and text[at : at + 1] in ("", " ", ")", "|")
    single = list(dict.fromkeys(member.strip() for member in members if _is_single(member.strip()))) if stands_alone else []
    longer = [member for member in members if member.strip() not in single]
    return ([f"<{'/'.join(single)}>"] if len(single) > 1 else single) + longer, at


@lru_cache(maxsize=CACHED_WORDS)
def _is_single(member: str) -> bool:
    """True for one word or stem, as the reading layer cuts it."""
    return bool(_SINGLE.fullmatch(member)) and (member.count("*") > 0 or len(_cut(member)) == 1)


def _steps(variant: str, line: str) -> tuple[list[Step], list[int]]:
    steps: list[Step] = []
    gaps: list[int] = []
    default = DEFAULT_GAP_CHARS if _CJK.search(variant) else DEFAULT_GAP
    gap = 0
    for piece in _pieces(variant):
        if piece.startswith("_"):
            gap = int(piece[1:] or default)
            if not steps or not 0 < gap <= MAX_GAP:
                raise EntryError(f"{line!r}: a gap stands between words and spans 1 to {MAX_GAP} of them")
            continue
        for step in _words(piece):
            steps.append(step)
            gaps.append(gap)
            gap = 0
    if gap or not steps:
        raise EntryError(f"{line!r} ends with a gap or has no word")
    return steps, gaps


def _pieces(variant: str) -> Iterator[str]:
    for chunk in variant.split():
        if chunk.startswith((":", "<")):
            yield chunk
        else:
            yield from _PIECE.findall(chunk)


@lru_cache(maxsize=CACHED_WORDS)
def _words(piece: str) -> tuple[Step, ...]:
    """The steps of one piece of a line."""
    if piece == NUMBER:
        return (Step("number", ""),)
    if piece.startswith("<"):
        return (_word_set(piece[1:-1].split("/")),)
    if "*" not in piece:
        words = _cut(piece)
        if not words:
            raise EntryError(f"{piece!r} holds no letter or digit")
        return tuple(Step("word", word) for word in words)
    body = piece.strip("*").casefold()
    if "*" in body or not body:
        raise EntryError(f"{piece!r}: a star stands at the beginning or the end of a word")
    kind = {(False, True): "prefix", (True, False): "suffix", (True, True): "infix"}[piece.startswith("*"), piece.endswith("*")]
    return (Step(kind, body),)


def _word_set(words: Sequence[str]) -> Step:
    """One step that is any of these single words and stems."""
    steps = [step for word in words for step in _words(word)]
    exact = frozenset(step.text for step in steps if step.kind == "word")
    return Step("set", "", exact, tuple(step for step in steps if step.kind != "word"))
