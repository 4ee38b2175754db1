"""What single characters stand for: styled letters, letters of other scripts that look Latin, invisible characters, emoji.

Compatibility letters are derived from the Unicode database, one character at a time and only when met; look-alikes are content
(`guardrails/languages/_lookalikes.yaml`), because the database does not know what looks alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from drafter.content import find_content_root, read_yaml
from drafter.errors import ContentError
from drafter.guardrails.segmentation import CJK

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default-ignorable characters, as the inside of a character class."""

COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Marks that are stacked on letters of any script."""

FOREIGN = (
    "\u0370-\u052f\u0531-\u0588\u10a0-\u10ff\u13a0-\u13fd\u1400-\u167f\u16a0-\u16f8\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff"
    "\u2d30-\u2d7f\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf\U00010280-\U000104ff\U00010500-\U0001052f\U000118a0-\U000118ff"
    "\U00016f00-\U00016f9f"
)
"""Letters of the scripts that lend look-alikes to Latin words."""

_STYLED = (
    "\u0130\u017f\u0250-\u02af\u02b0-\u02b8\u02e0-\u02e4\u1d00-\u1dbf\u2070-\u209c\u2102-\u2138\u2139\u2160-\u217f\u2184\u249c-\u24ff"
    "\u2776-\u2793\u2c60-\u2c7f\u3250-\u325f\ua722-\ua7ff\uab30-\uab6f\uff0b\uff0d-\uff0f\uff10-\uff19\uff20-\uff3a\uff3f\uff41-\uff5a\uff66-\uff9f\U00010780-\U000107ba\U0001d400-\U0001d7ff"
    "\U0001f100-\U0001f189\U0001f1e6-\U0001f1ff\U0001fbf0-\U0001fbf9"
)

# Full-width punctuation is no disguise: Chinese and Japanese are written with it.
is_odd = re.compile(f"[{IGNORABLE}{COMBINING}{FOREIGN}{_STYLED}]").search
"""Finds a character that a disguise may be made of. Run on the set of a text's characters, it costs two microseconds."""

is_ignorable = re.compile(f"[{IGNORABLE}]").match
is_combining = re.compile(f"[{COMBINING}]").match
is_foreign = re.compile(f"[{FOREIGN}]").match
has_foreign = re.compile(f"[{FOREIGN}]").search
is_cjk = re.compile(f"[{CJK}]").match
is_latin = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]").match

_BY_SHAPE = {
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)),
    **dict(zip("ɐɔǝɟƃɥᴉɾʞꞁɯɹʇʌʍʎ", "acefghijklmrtvwy", strict=True)),
    **dict(zip("ɑɓɕɖɗəɛɡɠɦɨıʝʄƙɫɬɭɱɲɳɵɸɼɽʂʃʈʉʊʋɣʐʑʀʁꞵ", "abcddeegghiijfklllmnnoprrsstuuvyzzrrb", strict=True)),
    "\u0130": "i",
    "\u017f": "s",
}
"""Small capitals, turned letters and phonetic letters: the database does not decompose them."""

_NEGATIVE = (0x1F150, 0x1F170, 0x1F1E6)
"""First letter of the blocks that hold A to Z as white letters on black, or as flag letters."""


@cache
def styled_letter(char: str) -> str:
    """What a styled letter, digit or sign stands for, in lower case; empty when it is none.

    Never longer than two characters: `㎏` and `½` stay what they are, since they are no disguise.
    """
    code = ord(char)
    for base in _NEGATIVE:
        if base <= code < base + 26:
            return chr(code - base + 97)
    if char in _BY_SHAPE:
        return _BY_SHAPE[char]
    if 0x2070 <= code <= 0x209C and unicodedata.category(char) == "No":
        return ""
    plain = unicodedata.normalize("NFKC", char)
    if plain == char:
        return ""
    if 0x249C <= code <= 0x24B5 or 0x1F110 <= code <= 0x1F12A:
        plain = plain.strip("()\u3014\u3015")
    return plain.lower() if len(plain) == 1 or (len(plain) <= 2 and plain.isdigit()) else ""


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Latin letters by the foreign letters that pass for them."""

    same: Mapping[str, str]
    """Cannot be told apart."""
    similar: Mapping[str, str]
    """Are read over."""


@cache
def look_alikes() -> LookAlikes:
    """The table of `guardrails/languages/_lookalikes.yaml`.

    Raises:
        ContentError: a section is missing, or a letter stands in two rows.
    """
    path = find_content_root() / "guardrails" / "languages" / "_lookalikes.yaml"
    sections = read_yaml(path)
    seen: dict[str, str] = {}
    tables: list[dict[str, str]] = []
    for name in ("same", "similar"):
        rows = sections.get(name) if isinstance(sections, dict) else None
        if not isinstance(rows, dict):
            raise ContentError(path, f"no section '{name}'")
        table = {char: str(latin) for latin, chars in rows.items() for char in chars}
        if len(table) != sum(map(len, rows.values())) or not seen.keys().isdisjoint(table):
            raise ContentError(path, f"a letter stands in two rows, one of them under '{name}'")
        seen |= table
        tables.append(table)
    return LookAlikes(*tables)


EMOJI_WORDS: Mapping[str, str] = {
    **dict.fromkeys("⭐🌟✨★☆🤩✰✩✭⭑✫✬✮✯🌠💫", ":star:"),
    **dict.fromkeys("💰💵💸💶💷💴🤑💲🪙", ":money:"),
    **dict.fromkeys("👍👍", ":thumbs_up:"),
    **dict.fromkeys("👎", ":thumbs_down:"),
    **dict.fromkeys("🎁🧧", ":gift:"),
    **dict.fromkeys("🗑🚮", ":delete:"),
    **dict.fromkeys("✏✍📝🖊🖋✎✐", ":edit:"),
    **dict.fromkeys("📞☎📱🤙☏📲", ":phone:"),
    **dict.fromkeys("📧✉📩📨💌📬📮", ":email:"),
    **dict.fromkeys("🔗", ":link:"),
    **dict.fromkeys("💳", ":card:"),
    **dict.fromkeys("🎟🎫🏷", ":coupon:"),
    **dict.fromkeys("💬🗨🗯", ":chat:"),
    **dict.fromkeys("🌐", ":website:"),
    **dict.fromkeys("🔁🔄🔃", ":change:"),
}
"""Emoji that stand for words, as tokens that lexicons can list."""
