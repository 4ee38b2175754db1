"""Words in a review that speak to a machine: instructions, role play, fake frames, hidden and encoded text.

Nothing here stops a draft. The words are named, so that a person sees them and a prompt can leave them out.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import Quote
from drafter.errors import ContentError
from drafter.triage.lexicon import Lexicon, Seen, compile_groups
from drafter.triage.machine import MachineWeights, find_spoken_to_machine

WORDS_AS = "fr"
"""Words of all languages are parted at apostrophes, as in French."""
CHARACTERS_AS = "zh"
MIN_PRINTABLE = 0.9
"""Share of readable characters from which a decoded run counts as text."""

_BRACKETS = (("<!--", "-->"), ("{", "}"), ("[", "]"), ("(", ")"), ("［", "］"), ("【", "】"), ("（", "）"))
_CLOSING = ("[/", "</")
_PARTED = dict.fromkeys(map(ord, "<>{}[]()［］【】（）"), ".")
_BRACKET = re.compile(r"[<>{}\[\]()［］【】（）]")
MIN_ENCLOSED = 4
"""Words between brackets from which they hold all that is said to the machine."""
MIN_ENCLOSED_CHARACTERS = 12

_HIDDEN = re.compile("[\u200b\u200c\u200d\u2060-\u2064\ufeff\u00ad\u180e\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_BASE64 = re.compile(r"(?<![\w/+])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w/+])")
_HEX = re.compile(r"(?<!\w)(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]?){16,}(?!\w)")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};|%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}){6,}")
_ROT13 = re.compile(r"\b(?:vtaber|vafgehpgvbaf?|nffvfgnag|cebzcg|erirny|ercyl|ehyrf|flfgrz|cerivbhf|ershaq|phfgbzre|lbhe)\b", re.IGNORECASE)
_BACKWARDS = re.compile(
    r"\b(?:erongi|snoitcurtsni|selur|tpmorp|metsys|laever|suoiverp|dnufer|ylper|remotsuc|ruoy|tnatsissa|evorppa)\b", re.IGNORECASE
)
MIN_TURNED = 2
"""Words that must stand turned or shifted; one may be a name."""
_SPACED = re.compile(r"(?<!\w)(?:\w[ ._\-*]{1,3}){5,}\w(?!\w)")
_LONE_GAP = re.compile(r"(?<=\w)[ ._\-*](?=\w)")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһԛԝνοαιАЕОРСХІЈЅВНКМТ", "aeopcyxijsdhqwvoaiAEOPCXIJSBHKMT")
_LEET = str.maketrans("013457@$", "oieast" + "as")
_LEET_WORD = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[013457@$])[\w@$]{4,}\b")


@dataclass(frozen=True, slots=True)
class InjectionFinder:
    """Finds text that is meant for a machine. Built from `guardrails/triage/injection.yaml`."""

    words: Lexicon
    characters: Lexicon
    structures: Mapping[str, re.Pattern[str]]
    machine: MachineWeights | None
    """None while they are learnt."""

    def find(self, text: str) -> tuple[Quote, ...]:
        """Places that speak to a machine, in order; overlapping ones are joined."""
        narrow = text if text.isascii() else "".join(map(_narrow, text))
        spans = [found.span() for pattern in self.structures.values() for found in pattern.finditer(narrow)]
        plain = _undisguised(text)
        said = self.words.see(plain)
        spans += self._instructions(plain, said)
        if self.machine:
            # Mostly the same text, and seeing it is a third of all that is done here.
            seen = said if self._is_read_alike(plain) else self.see(text)
            reading = seen.reading
            spans += [(reading.starts[a], reading.ends[b - 1]) for a, b in find_spoken_to_machine(self.machine, seen)]
        if not text.isascii() and _HIDDEN.search(text):
            spans += self._hidden(text)
        spans += self._encoded(text)
        return tuple(Quote(start=start, end=end, quote=text[start:end]) for start, end in _joined(spans))

    def see(self, text: str) -> Seen:
        """Words of the text, undisguised, in the script most of it is written in; what brackets hold is a sentence of its own."""
        plain = _undisguised(text).translate(_PARTED)
        return (self.characters if _CJK.search(plain) else self.words).see(plain)

    def _is_read_alike(self, plain: str) -> bool:
        """True for an undisguised text without brackets, in words."""
        return _BRACKET.search(plain) is None and _CJK.search(plain) is None

    def _spoken(self, text: str, offsets: list[int] | None) -> list[tuple[int, int]]:
        """Instructions in words; `offsets` leads from a cleaned text back to the raw one."""
        plain = _undisguised(text)
        found = self._instructions(plain, self.words.see(plain))
        return found if offsets is None else [(offsets[start], offsets[end - 1] + 1) for start, end in found]

    def _instructions(self, plain: str, seen: Seen) -> list[tuple[int, int]]:
        """Instructions in an undisguised text, of which the words were seen."""
        found = [(seen.reading.starts[m.first], seen.reading.ends[m.last - 1]) for m in seen.phrases]
        if _CJK.search(plain):
            seen = self.characters.see(plain)
            found += [(seen.reading.starts[m.first], seen.reading.ends[m.last - 1]) for m in seen.phrases]
        return found

    def _hidden(self, text: str) -> list[tuple[int, int]]:
        """Instructions under invisible characters, and text that is itself invisible."""
        found = [match.span() for match in _TAGS.finditer(text)]
        kept = [i for i, c in enumerate(text) if not _HIDDEN.match(c)]
        if kept:
            found += self._spoken("".join(text[i] for i in kept), kept)
        return found

    def _encoded(self, text: str) -> list[tuple[int, int]]:
        found = [m.span() for m in _BASE64.finditer(text) if _is_text(_unbase64(m[0]))]
        found += [m.span() for m in _HEX.finditer(text) if _is_text(_unhex(m[0]))]
        for turned in (_ROT13, _BACKWARDS):
            places = [m.span() for m in turned.finditer(text)]
            found += places if len(places) >= MIN_TURNED else []
        found += [m.span() for m in _ENTITIES.finditer(text) if self._spoken(html.unescape(m[0]), None)]
        for m in _SPACED.finditer(text):
            gaps = {gap.start() for gap in _LONE_GAP.finditer(text, m.start(), m.end())}
            kept = [i for i in range(m.start(), m.end()) if i not in gaps]
            found += self._spoken("".join(text[i] for i in kept), kept)
        return found


def _undisguised(text: str) -> str:
    """The text with look-alike letters and digits read as what they stand for; offsets stay."""
    if not text.isascii():
        latin = sum(c.isascii() and c.isalpha() for c in text)
        if latin > len(text) // 3:
            text = text.translate(_LOOKALIKES)
        text = "".join(_narrow(c) for c in text)
    return _LEET_WORD.sub(lambda m: m[0].translate(_LEET), text)


def _narrow(character: str) -> str:
    if character < "\u2000":
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _unbase64(run: str) -> bytes:
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return b""


def _unhex(run: str) -> bytes:
    digits = re.sub(r"0x|\\x|[ ,:]", "", run)
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""


def _is_text(body: bytes) -> bool:
    """True when the bytes read as words: mostly letters and blanks."""
    try:
        decoded = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(decoded) >= 12 and sum(c.isalpha() or c in " ,.'!?:-\n" for c in decoded) >= MIN_PRINTABLE * len(decoded)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


def without(text: str, injection: tuple[Quote, ...]) -> str:
    """The text with words for a machine blanked to the end of their sentence or bracket, so that they are no complaint; offsets stay."""
    for start, end in {_place_around(text, quote) for quote in injection}:
        text = text[:start] + "." + " " * (end - start - 1) + text[end:]
    return text


def _place_around(text: str, quote: Quote) -> tuple[int, int]:
    """The brackets a quote stands in, or its sentence: what follows a closing bracket is the buyer's again."""
    for opening, closing in _BRACKETS:
        first = text.rfind(opening, 0, quote.start + len(opening))
        last = text.find(closing, max(quote.end - len(closing), first + len(opening)))
        if first >= 0 and last >= 0 and closing not in text[first : quote.start] and _is_sentence(text[first:last]):
            return first, last + len(closing)
    if quote.quote.startswith(_CLOSING):
        return quote.start, quote.end
    start = max(text.rfind(mark, 0, quote.start) for mark in ".!?。！？\n:：") + 1
    ends = [place for mark in (*".!?。！？\n", *_CLOSING) if (place := text.find(mark, quote.end)) >= 0]
    return start, min(ends, default=len(text))


def _is_sentence(text: str) -> bool:
    """False of a bare label in brackets, such as `[INST]`, after which the instruction only begins."""
    return text.startswith("{") or len(_CJK.findall(text)) >= MIN_ENCLOSED_CHARACTERS or len(text.split()) >= MIN_ENCLOSED


def load_injection_finder(path: Path, *, machine: MachineWeights | None) -> InjectionFinder:
    """Finder of `injection.yaml`.

    Raises:
        ContentError: a pattern or a phrase is wrong; names the line.
    """
    values: Any = read_yaml(path)
    structures = {}
    for name, pattern in values["structures"].items():
        try:
            structures[name] = re.compile(pattern)
        except re.error as exc:
            raise ContentError(path, f"structure '{name}': {exc}", line=line_of(path, f"{name}:")) from exc
    return InjectionFinder(
        words=_lexicon(path, values["words"], values["phrases"], WORDS_AS),
        characters=_lexicon(path, values["characters"], values["character_phrases"], CHARACTERS_AS),
        structures=structures,
        machine=machine,
    )


def _lexicon(path: Path, concepts: Any, phrases: Any, read_as: str) -> Lexicon:
    compiled = {"concepts": compile_groups(path, concepts, read_as), "issues": compile_groups(path, phrases, read_as)}
    return Lexicon(read_as, turns=frozenset(), reach=(0, 0), phrases=compiled)
