"""Names of people in Japanese and Chinese texts: by family name, and by what stands before and after.

Words are content: `guardrails/privacy/names.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from drafter.content import find_content_root, sections_of
from drafter.privacy.names import Name, either

HAN = "\u4e00-\u9fff\u3005"
KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
HAS_CJK = re.compile(rf"[{HAN}{KANA}]").search
_ANY = HAN + KANA


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of `names.yaml`."""

    others: tuple[re.Pattern[str], ...]
    """Names that may be anybody's; where one has a group, it is the name."""
    own: tuple[re.Pattern[str], ...]
    """Names by which the writer calls himself; the name is the group."""
    roles: tuple[str, ...]
    """Ends of Chinese words for what somebody is: `生` in `高中生`."""


@cache
def _words() -> _Words:
    """Words of `guardrails/privacy/names.yaml`.

    Raises:
        ContentError: a section is missing.
    """
    with sections_of(find_content_root() / "guardrails" / "privacy" / "names.yaml") as raw:
        surnames = raw["ja_surnames"].split()
        family, long_family = either(surnames), either([name for name in surnames if len(name) > 1])
        ja_before, ja_after = either(raw["ja_before"]), either(raw["ja_after"])
        surname = rf"(?:{either(raw['zh_long_surnames'].split())}|[{raw['zh_surnames']}])"
        # The second sign of a name is any, the third none that begins the next word.
        given = rf"(?![{raw['zh_next']}])[{HAN}](?:(?![{raw['zh_next']}])[{HAN}])?"
        others = (
            rf"(?<![{HAN}])(?:{family})[\s\u3000]?[{_ANY}]{{0,4}}?(?={ja_after})",
            rf"(?<![{HAN}])(?:{long_family})[\s\u3000]?[{_ANY}]{{0,4}}?(?=\u3067\u3059|\u5b9b|\u3088\u308a\s*(?:\n|$))",
            rf"(?<![^\s\u3002\u3001\uff01])(?:{long_family})[\s\u3000]?(?:(?![{raw['ja_not_in_names']}])[{_ANY}]){{1,4}}(?=\s*(?:\n|$))",
            rf"(?:{either(raw['zh_people'])})\s?({surname}{given}|\u5c0f{surname})",
            rf"({surname})(?:{either(raw['zh_callings'])})",
        )
        own = (
            rf"(?:{ja_before})\s?((?:(?!\u3067\u3059)[{_ANY}]){{1,5}}[\s\u3000]?(?:(?!\u3067\u3059)[{_ANY}]){{0,5}}?)"
            rf"(?=[^{_ANY}]|\u3067\u3059(?![\u304c\u3051])|\u3068\u7533|\u3068\u3044\u3044|$)",
            rf"(?:\u79c1\u306f|\u79c1\u3001)?((?<![{HAN}])[{HAN}\u30a1-\u30fa\u30fc]{{2,8}})(?=\u3068\u7533\u3057)",
            rf"\u79c1\u306f((?:{long_family})[{HAN}]{{0,3}})",
            rf"(?:{either(raw['zh_before'])})[\s:\uff1a]*[\u662f\u53eb\u4e3a]?\s?({surname}(?:{given})?)",
            rf"(?:{either(raw['zh_says_who'])})({surname}{given})(?=[^{HAN}]|$)",
        )
        return _Words(tuple(map(re.compile, others)), tuple(map(re.compile, own)), tuple(raw["zh_roles"]))


def find_cjk_names(text: str) -> Iterator[Name]:
    """Japanese and Chinese names, in no order; some may overlap."""
    if not HAS_CJK(text):
        return
    words = _words()
    for patterns, is_own in ((words.own, True), (words.others, False)):
        for match in (match for pattern in patterns for match in pattern.finditer(text)):
            name = match.span(match.lastindex or 0)
            if not text[slice(*name)].endswith(words.roles):
                yield Name(*name, is_own=is_own)
