"""One line of a language file: a word, a stem, or several words with gaps, and how it is found in a text.

    review          the word
    review*         words that begin so            *feedback  words that end so         *bewertung*   words that contain it
    take _ down     up to three words between      set _6 to rights   up to six
    (a|an|) gift    one of these, or none          @poss review       any word of the file's set `poss`
    # dollars         a number, then the word

Chinese and Japanese entries are plain character runs, also with gaps (`删_6评价`). Matching is linear: each step looks once at each
token of its window.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from drafter.guardrails.document import Sentence, Token
from drafter.guardrails.segmentation import split_words

NUMBER = "#"
"""Written for any number."""
DEFAULT_GAP = 3
DEFAULT_GAP_CHARS = 8
MAX_GAP = 12
MAX_STEPS = 12
MAX_VARIANTS = 400
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SET = re.compile(r"@([a-z]+)")
_SINGLE = re.compile(r"\*?[^\W_]+(?:'[^\W_]+)*\*?")
_PIECE = re.compile(r"_\d*|[^_]+")
_EMOJI_NAME = re.compile(r":\w+:")


class EntryError(ValueError):
    """An entry of a language file cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One word of an entry."""

    kind: str
    """`word`, `prefix`, `suffix`, `infix`, `set` or `number`."""
    text: str
    words: frozenset[str] = frozenset()
    """Exact members of a set."""
    others: tuple[Step, ...] = ()
    """Members of a set that are stems."""

    def matches(self, norm: str) -> bool:
        """True when a token with this norm is this step's word."""
        kind = self.kind
        if kind == "word":
            return norm == self.text
        if kind == "prefix":
            return norm.startswith(self.text)
        if kind == "number":
            return norm[:1].isdigit()
        if kind == "set":
            return norm in self.words or any(step.matches(norm) for step in self.others)
        return norm.endswith(self.text) if kind == "suffix" else self.text in norm

    @property
    def members(self) -> tuple[Step, ...]:
        """The single words that this step can be."""
        if self.kind != "set":
            return (self,)
        return (*(Step("word", word) for word in sorted(self.words)), *self.others)


@dataclass(frozen=True, slots=True)
class Entry:
    """A compiled line: steps, the gaps before them, and the step where the search starts."""

    bit: int
    steps: tuple[Step, ...]
    gaps: tuple[int, ...]
    """Most words that may stand before each step; the first is 0."""
    anchor: int
    text: str

    @property
    def anchors(self) -> tuple[Step, ...]:
        """Words at which to try this entry."""
        return self.steps[self.anchor].members

    @property
    def follower(self) -> str | None:
        """The word that must stand right after the anchor, where that is known."""
        after = self.anchor + 1
        if after < len(self.steps) and not self.gaps[after] and self.steps[after].kind == "word":
            return self.steps[after].text
        return None

    def match(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> tuple[int, int] | None:
        """Tokens [first, last] of this entry around its anchor at `at`; None when it does not stand there."""
        right = [at]
        for k in range(self.anchor + 1, len(self.steps)):
            right = _walk(tokens, right, self.steps[k].matches, self.gaps[k], sentence.last, 1)
            if not right:
                return None
        left = [at]
        for k in range(self.anchor - 1, -1, -1):
            left = _walk(tokens, left, self.steps[k].matches, self.gaps[k + 1], sentence.first - 1, -1)
            if not left:
                return None
        return left[0], right[0]


def _walk(tokens: Sequence[Token], starts: list[int], matches: Callable[[str], bool], gap: int, stop: int, way: int) -> list[int]:
    """Places of a step within `gap` words of any of `starts`, nearest first; each token is looked at once."""
    found = []
    seen = starts[0]
    for start in starts:
        end = start + way * (gap + 1)
        at = start + way if (start + way - seen) * way > 0 else seen + way
        while (end - at) * way >= 0 and at != stop:
            if matches(tokens[at].norm):
                found.append(at)
            seen = at
            at += way
    return found


def _cut(text: str) -> list[str]:
    """Folded words of an entry, cut as the reading layer cuts a text; an emoji's name is one word."""
    if _EMOJI_NAME.fullmatch(text):
        return [text]
    folded = text.casefold().replace("\u2019", "'")
    return [word for word in split_words(folded, frozenset(folded)).words if word]


def parse_entry(line: str, bit: int, sets: Mapping[str, Sequence[str]], common: frozenset[str]) -> Iterator[Entry]:
    """The compiled variants of one line.

    Args:
        sets: What `@name` stands for.
        common: Function words; a search never starts at one of them if it can start elsewhere.

    Raises:
        EntryError: the line cannot be read.
    """
    for variant in _variants(_SET.sub(lambda match: _spell_out(match[1], sets, line), line)):
        steps, gaps = _steps(variant, line)
        if len(steps) > MAX_STEPS:
            raise EntryError(f"{line!r} has more than {MAX_STEPS} words")
        yield Entry(bit, tuple(steps), tuple(gaps), _pick_anchor(steps, common), variant)


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
            end = next((i for i in range(at, len(text)) if text[i] in "()"), len(text))
            variants = [variant + text[at:end] for variant in variants]
            at = end
            continue
        choices, at = _alternatives(text, at + 1, line)
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
    members = list(dict.fromkeys(member.strip() for variant in inner for member in _split_bars(variant)))
    stands_alone = text[opened - 1 : opened] in ("", " ", "(", "|") and text[at : at + 1] in ("", " ", ")", "|")
    single = [member for member in members if _is_single(member)] if stands_alone else []
    longer = [member for member in members if member not in single]
    return ([f"<{'/'.join(single)}>"] if len(single) > 1 else single) + longer, at


def _is_single(member: str) -> bool:
    """True for one word or stem, as the reading layer cuts it."""
    return bool(_SINGLE.fullmatch(member)) and (member.count("*") > 0 or len(_cut(member)) == 1)


def _split_bars(variant: str) -> list[str]:
    return variant.split("|")


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
        for step in _words(piece, line):
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


def _words(piece: str, line: str) -> list[Step]:
    if piece == NUMBER:
        return [Step("number", "")]
    if piece.startswith("<"):
        return [_word_set(piece[1:-1].split("/"))]
    if "*" not in piece:
        words = _cut(piece)
        if not words:
            raise EntryError(f"{line!r}: {piece!r} holds no letter or digit")
        return [Step("word", word) for word in words]
    body = piece.strip("*").casefold()
    if "*" in body or not body:
        raise EntryError(f"{line!r}: a star stands at the beginning or the end of a word")
    kind = {(False, True): "prefix", (True, False): "suffix", (True, True): "infix"}[piece.startswith("*"), piece.endswith("*")]
    return [Step(kind, body)]


def _word_set(words: Sequence[str]) -> Step:
    """One step that is any of these single words and stems."""
    steps = [step for word in words for step in _words(word, word)]
    exact = frozenset(step.text for step in steps if step.kind == "word")
    return Step("set", "", exact, tuple(step for step in steps if step.kind != "word"))


def _pick_anchor(steps: Sequence[Step], common: frozenset[str]) -> int:
    """The step whose word is likely to be the rarest; long words are."""

    def commonness(index: int) -> tuple[int, int, int]:
        step = steps[index]
        if step.kind == "number":
            return (3, 0, index)
        if step.kind == "set":
            return (2 if step.words & common else 1, len(step.words), index)
        return (2 if step.text in common else 0 if step.kind in ("word", "prefix") else 1, -len(step.text), index)

    return min(range(len(steps)), key=commonness)
