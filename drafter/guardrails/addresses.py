"""Finds links and e-mail addresses in a folded text, written out, disguised or read aloud.

Offsets are those of the folded text; `Document.folded.to_raw` gives the quote. A document remembers what was found, since several
rules look at the same links.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from drafter.guardrails.contact_words import contact_words
from drafter.guardrails.document import Document

RESERVED_ENDINGS = frozenset({"example", "test", "invalid", "localhost", "local", "lan", "internal", "onion"})
_GLUE_ENDINGS = frozenset({"in", "is", "so", "no", "my", "as", "am", "do", "be", "it", "me", "to", "us", "at", "we", "pm"})
"""Endings that are small words: `sorry.it was` is a missing blank, not a domain."""
_FILE_ENDINGS = frozenset({"zip", "mov", "md", "py", "sh", "rs", "ps"})
_SHORT_HOSTS = frozenset({"t.me", "t.co", "x.com", "g.co", "m.me", "a.co", "s.id", "b.tc", "v.gd", "u.to"})
_STOP = r"\s<>\"'`\u00ab\u00bb\u2018-\u201f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u3041-\u30ff\u4e00-\u9fff"
_W = "a-z0-9_\u00df-\u024f"
"""Letters of an address; Chinese and Japanese stand beside one without a blank, so `\\w` would be wrong."""
_SCHEME = re.compile(rf"(?<![a-z])((?:h(?:tt|xx|\*\*)ps?|ftp|hxxp)s?)\s?\[?:\]?\s?/\s?/\s?([^{_STOP}]{{2,400}})")
_WWW = re.compile(rf"(?<![{_W}@/.])(www\d?\s?\.\s?[^{_STOP}]{{3,400}}(?:\s\.\s?[^{_STOP}.]{{2,100}})?)")
_DOMAIN = re.compile(
    rf"(?<![{_W}@.\-/])((?:[a-z0-9\u00df-\u024f][{_W}\-]{{0,61}}\.){{1,5}})([a-z]{{2,24}})(?![{_W}@])(?!\.[a-z0-9])(:\d{{2,5}})?([/?#][^{_STOP}]{{0,300}})?"
)
_IP = re.compile(rf"(?<![{_W}.])((?:\d{{1,3}}\.){{3}}\d{{1,3}})(:\d{{2,5}}|(?=/))(/[^{_STOP}]{{0,300}})?")
_EMAIL = re.compile(
    rf"(?<![{_W}.+-])([{_W}][{_W}.+-]{{0,63}})\s{{0,2}}@\s{{0,2}}([a-z0-9\u00df-\u024f-]{{1,63}}(?:(?:\.|\s\.\s?)[a-z0-9\u00df-\u024f-]{{1,63}}){{1,5}})"
)
_SPACED = re.compile(rf"(?<![{_W}])[a-z0-9](?: [\[({{]?[.@\-/]?[\])}}]? ?[a-z0-9](?![{_W}])){{2,80}}", re.IGNORECASE)
"""Letters one by one: `w w w . s h o p [.] e x a m p l e`."""
is_tied = re.compile(
    r"'(?:[a-z0-9] [.@\-/]? ?[a-z0-9] |(?<=[ .@\-/][a-z0-9] [a-z0-9]')|(?<=[ .@\-/][a-z0-9] [ .@\-/][a-z0-9]')"
    r"|(?<=[ .@\-/][a-z0-9] [.@\-/] [a-z0-9]'))"
).search
"""Finds an apostrophe at the first or the last of some letters one by one."""
_PARTED = re.compile(rf"(?<![{_W}@.\-/])([a-z0-9\u00df-\u024f][{_W}\-]{{1,61}}) \.([a-z]{{2,10}})(?![{_W}@.])")
"""A domain with a blank before its dot: `brandshop .com`."""
_DOTTED = re.compile(r"\.[a-z\u00df-\u024f]")
_NUMBERED = re.compile(r"\.\d{1,3}\.\d")


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a domain as it stands in the folded text."""

    start: int
    end: int
    scheme: str
    """`http`, `https`, `ftp`, or empty when none is written."""
    host: str
    path: str
    """Path, query and fragment."""


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address as it stands in the folded text."""

    start: int
    end: int
    reads: str


def emails_in(document: Document) -> tuple[Email, ...]:
    """E-mail addresses of a document, also `name at domain dot com` in eight languages; offsets in its folded text."""
    found: tuple[Email, ...] | None = document.memo.get("emails")
    if found is None:
        text, offsets = _closed_up(document)
        is_spoken = _is_spoken(document)
        found = document.memo["emails closed up"] = _find_emails(text, is_spoken) if is_spoken or "@" in text else ()
        found = tuple(replace(email, start=offsets[email.start], end=offsets[email.end]) for email in found) if offsets else found
        document.memo["emails"] = found
    return found


def _closed_up(document: Document) -> tuple[str, list[int] | None]:
    """The folded text with words in spaced letters written together, and where its characters stand; None where nothing was spaced."""
    known: tuple[str, list[int] | None] | None = document.memo.get("closed up")
    if known is None:
        known = document.memo["closed up"] = _close_up(document)
    return known


def _close_up(document: Document) -> tuple[str, list[int] | None]:
    text, offsets = document.folded.text, document.folded.offsets
    # An apostrophe ties a letter to a word; letters of other alphabets may read as Latin ones.
    if not document.has_singles and text.isascii() and not ("'" in document.chars and is_tied(text)):
        return text, None
    runs = [match.span() for match in _SPACED.finditer(document.text)]
    if not runs:
        return text, None
    if offsets:
        runs = [(bisect_left(offsets, start), bisect_left(offsets, end)) for start, end in runs]
    dropped = {k for start, end in runs for k in range(start, end) if text[k] == " "}
    kept = [k for k in range(len(text)) if k not in dropped]
    return "".join(text[k] for k in kept), [*kept, len(text)]


def links_in(document: Document) -> tuple[Link, ...]:
    """Links and domains of a document, without those inside e-mail addresses; offsets in its folded text."""
    found: tuple[Link, ...] | None = document.memo.get("links")
    if found is None:
        text, offsets = _closed_up(document)
        is_spoken = _is_spoken(document)
        is_written = _DOTTED.search(text) or ("/" in document.chars and "://" in text) or _NUMBERED.search(text) or "www" in document.words
        found = _find_links(document, text, is_spoken) if is_spoken or is_written else ()
        found = tuple(replace(link, start=offsets[link.start], end=offsets[link.end]) for link in found) if offsets else found
        document.memo["links"] = found
    return found


def _is_spoken(document: Document) -> bool:
    """True when an address may be read aloud in the text; worked out once."""
    known: bool | None = document.memo.get("spoken")
    if known is None:
        known = document.memo["spoken"] = _sounds_like_address(document) and _has_dotted_ending(document)
    return known


def _has_dotted_ending(document: Document) -> bool:
    """False for a plain text in which no dot, written or said, has a domain ending behind it; then it holds no address."""
    text = document.folded.text
    if document.folded.offsets is not None or not text.isascii() or not document.chars.isdisjoint(_OPEN_SIGNS) or _DOT_INSIDE(text):
        return True
    if _closed_up(document)[1] is not None:
        return True
    endings = _endings()[1]
    said = spoken_words()[0] & document.words
    return any(norm.partition("'")[0] in endings for dot in said for norm in _words_behind(document.norms, dot))


def _words_behind(norms: list[str], word: str) -> Iterator[str]:
    """What stands behind each place of a word that occurs."""
    at = -1
    for _ in range(norms.count(word)):
        at = norms.index(word, at + 1)
        yield from norms[at + 1 : at + 2]


_DOT_INSIDE = re.compile(r"\.(?:[a-z0-9]|(?<=\s\.))").search


def _sounds_like_address(document: Document) -> bool:
    """True when a dot or an @ may be said or bracketed in the text."""
    words, pieces = spoken_words()
    if not words.isdisjoint(document.words):
        return True
    if not document.chars.isdisjoint(_OPEN_SIGNS) and _BRACKETED_SIGN.search(document.folded.text):
        return True
    return not document.text.isascii() and (not document.chars.isdisjoint(pieces) or "\u3002" in document.chars)


_OPEN_SIGNS, _CLOSE_SIGNS = "[({<\u3014\u3010\u300c\uff08\uff3b", "])}>\u3015\u3011\u300d\uff09\uff3d"
_OPEN, _CLOSE = rf"[{re.escape(_OPEN_SIGNS)}]\s?", rf"\s?[{re.escape(_CLOSE_SIGNS)}]"
_BRACKETED_SIGN = re.compile(rf"{_OPEN}(?:[a-z\u00e4]{{1,14}}|\.|@){_CLOSE}")


@cache
def spoken_words() -> tuple[frozenset[str], frozenset[str]]:
    """Words that may stand for a dot, and the first characters of Chinese and Japanese ones. An `at` needs a dot beside it."""
    words = contact_words()
    dots = words.dot + words.maybe_dot
    return frozenset(word for word in dots if word[0].isalpha()), frozenset(word[0] for word in dots if word[0] >= "\u3000")


def _find_emails(text: str, is_spoken: bool) -> tuple[Email, ...]:
    found = []
    if "@" in text:
        for match in _EMAIL.finditer(text):
            host = re.sub(r"\s", "", match.group(2)).strip("-.")
            if not host.replace(".", "").isdigit():
                found.append(Email(match.start(), match.end(), f"{match.group(1)}@{host}"))
    if is_spoken:
        written = tuple(found)
        found += [email for email in _spoken_emails(text) if all(email.end <= other.start or email.start >= other.end for other in written)]
    return tuple(sorted(found, key=lambda email: email.start))


def _find_links(document: Document, text: str, is_spoken: bool) -> tuple[Link, ...]:
    found: list[Link] = []
    for link in _written_links(text):
        if all(link.end <= other.start or link.start >= other.end for other in found):
            found.append(link)
    if is_spoken:
        written = tuple(found)
        found += [link for link in _spoken_domains(text) if all(link.end <= other.start or link.start >= other.end for other in written)]
    if not found:
        return ()
    emails_in(document)
    emails: tuple[Email, ...] = document.memo["emails closed up"]
    return tuple(sorted((link for link in found if not _in_email(link, emails)), key=lambda link: link.start))


def _in_email(link: Link, emails: tuple[Email, ...]) -> bool:
    return any(email.start < link.end and link.start < email.end for email in emails)


def _written_links(text: str) -> Iterator[Link]:
    """Links in clear, those with a scheme first."""
    for match in _SCHEME.finditer(text) if "/" in text else ():
        scheme = match.group(1).replace("x", "t").replace("*", "t").rstrip("s")
        if match.group(1).endswith("s") and scheme != "ftp":
            scheme = "https"
        host, path = _split_host(match.group(2))
        yield Link(match.start(), _trim(text, match.start(), match.end()), scheme, host, path)
    for match in _WWW.finditer(text) if "www" in text else ():
        host, path = _split_host(re.sub(r"\s?\.\s?", ".", match.group(1)))
        # `Type www. Then wait.` is a sentence's end.
        if " " not in match.group(1).strip() or (host.count(".") > 1 and is_ending(host.rpartition(".")[2])):
            yield Link(match.start(), _trim(text, match.start(), match.end()), "", host, path)
    for match in _IP.finditer(text) if _NUMBERED.search(text) else ():
        yield Link(match.start(), _trim(text, match.start(), match.end()), "", match.group(1), match.group(3) or "")
    for match in _DOMAIN.finditer(text):
        if _is_domain(match):
            host, path = match.group(1) + match.group(2), (match.group(4) or "").rstrip(".,;:!?)]}")
            yield Link(match.start(), _trim(text, match.start(), match.end()), "", host, path)
    for match in _PARTED.finditer(text) if " ." in text else ():
        if match.group(2) in _endings()[0]:
            yield Link(match.start(), match.end(), "", f"{match.group(1)}.{match.group(2)}", "")


def _trim(text: str, start: int, end: int) -> int:
    """End of a link without the punctuation of its sentence."""
    closers = _opened(text[start:end])
    while end > start + 1 and (text[end - 1] in ".,;:!?*_~'\"" or (text[end - 1] in ")]}" and text[end - 1] not in closers)):
        end -= 1
    return end


def _opened(piece: str) -> str:
    """Closing brackets that `piece` opens itself."""
    return "".join(close for opener, close in ("()", "[]", "{}") if opener in piece)


def _split_host(rest: str) -> tuple[str, str]:
    """Host and remainder of what follows a scheme."""
    match = re.match(r"(?:[^/?#@\s]*@)?([^/?#:\s]*)(?::\d+)?(.*)", rest)
    host, path = (match.group(1), match.group(2)) if match else (rest, "")
    return host.strip(".,;!?)]}"), path.rstrip(".,;:!?)]}")


def _is_domain(match: re.Match[str]) -> bool:
    """True when dotted words are a domain, not an abbreviation or a missing blank."""
    labels, ending, path = match.group(1).rstrip(".").split("."), match.group(2), match.group(4)
    name = labels[-1]
    if f"{name}.{ending}" in _SHORT_HOSTS:
        return True
    if len(name) < 2 or name.isdigit() or (len(labels) == 1 and name in ("e", "i", "z", "u")):
        return False
    if not is_ending(ending) or (ending in _FILE_ENDINGS and len(labels) == 1 and not path):
        return False
    return ending not in _GLUE_ENDINGS or len(labels) > 1 or bool(path) or "-" in name or any(char.isdigit() for char in name)


def is_ending(ending: str) -> bool:
    """True for a domain ending that exists or is reserved for examples."""
    return ending in RESERVED_ENDINGS or _suffixes().publicsuffix(ending, accept_unknown=False) is not None


def registrable(host: str) -> str:
    """The part of a host that somebody registered: `shop.co.uk` of `www.shop.co.uk`."""
    return _suffixes().privatesuffix(host.strip(".").lower(), accept_unknown=True) or host


@cache
def _suffixes():  # type: ignore[no-untyped-def]
    """The public-suffix list; takes 90 ms to load, so only a text with a dotted word in it pays."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


# ── read aloud ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

_NOT_NAMES = frozenset(
    [
        "the", "a", "an", "this", "that", "these", "some", "any", "one", "each", "every", "no", "which", "what", "same", "first",
        "last", "next",
        "starting", "focal", "good", "der", "die", "das", "den", "dem", "ein", "einen", "einem", "le", "la", "un", "une", "ce",
        "ces", "au", "du", "mon",
        "el", "los", "ese", "este", "esse", "tal", "al", "del", "il", "lo", "questo", "quel", "che", "al", "o", "os", "do", "no",
        "ao", "um", "desse",
        "deste", "nesse", "neste", "certo", "cierto", "green", "red", "blue", "white", "black", "small", "little", "yellow", "orange",
    ]
)  # fmt: skip


@cache
def _spoken() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Gate, e-mail and domain patterns for addresses that are read aloud, and what stands behind the name in each such e-mail."""
    words = contact_words()

    def any_of(listed: tuple[str, ...]) -> str:
        return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))

    latin_dots = tuple(word for word in words.dot + words.maybe_dot if word[0].isalpha() and word[0] < "\u3000")
    cjk_dots = tuple(word for word in words.dot + words.maybe_dot if word[0] >= "\u3000")
    latin_ats = tuple(word for word in words.at if word[0] < "\u3000")
    cjk_ats = tuple(word for word in words.at if word[0] >= "\u3000")
    bracketed_dot = rf"\s{{0,2}}{_OPEN}(?:{any_of(latin_dots + cjk_dots)}|\.|\u3002|\uff0e){_CLOSE}\s{{0,2}}"
    dot = (
        rf"(?:{bracketed_dot}|\s{{1,2}}(?:{any_of(latin_dots)})\s{{1,2}}|\s?(?:{any_of(cjk_dots)})\s?|\s\.\s?|\.|(?<=[a-z0-9])"
        rf"\u3002(?=[a-z])|[-_](?:dot|punkt)[-_])"
    )
    at = (
        rf"(?:\s{{0,2}}{_OPEN}(?:{any_of(latin_ats + cjk_ats)}|a|@){_CLOSE}\s{{0,2}}|\s{{1,2}}(?:{any_of(latin_ats)})\s{{1,2}}"
        rf"|\s?(?:{any_of(cjk_ats)})\s?|\s?@\s?|[-_]at[-_])"
    )
    label = r"[a-z0-9\u00df-\u024f][a-z0-9\u00df-\u024f_-]{0,40}"
    name = rf"{label}(?:\s{{1,2}}(?:{any_of(words.dash)})\s{{1,2}}{label}){{0,2}}?"
    gate = (
        rf"{_OPEN}(?:{any_of(latin_dots + latin_ats)}|\.|@){_CLOSE}|(?<=[\s_-])"
        rf"(?:{any_of(latin_dots)})[\s_-]|{any_of(cjk_dots + cjk_ats)}|[a-z]\u3002[a-z]"
    )
    email = rf"(?<![{_W}.+-])({label}(?:{dot}{label}){{0,2}}?)({at})({name})((?:{dot}{label}){{1,3}})"
    domain = rf"(?<![{_W}.@-])({label})((?:{dot}{label}){{1,3}})(\s{{0,2}}(?:/|\b(?:{any_of(words.slash)}))\s{{0,2}}[\w-]{{1,40}})?"
    return re.compile(gate), re.compile(email), re.compile(domain), re.compile(rf"{at}{name}{dot}[a-z0-9\u00df-\u024f]")


@cache
def _endings() -> tuple[frozenset[str], frozenset[str], re.Pattern[str], frozenset[str]]:
    """Sure endings, all endings, the pattern that takes dots apart, and the everyday dot words."""
    words = contact_words()
    sure = frozenset(words.sure_endings)
    listed = sorted(words.dot + words.maybe_dot, key=len, reverse=True)
    dots = "|".join(re.escape(word) if word[0] >= "\u3000" else rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in listed)
    brackets = re.escape(_OPEN_SIGNS + _CLOSE_SIGNS)
    pattern = re.compile(rf"[\s{brackets}]*(?:{dots}|[.\u3002\uff0e])[\s{brackets}]*|[-_](?:dot|punkt)[-_]")
    return sure, sure | frozenset(words.more_endings), pattern, frozenset(words.maybe_dot)


def _spoken_emails(text: str) -> Iterator[Email]:
    """Addresses such as `care at shop dot com`."""
    gate, email, _, tail_of_email = _spoken()
    if not gate.search(text) or not tail_of_email.search(text):
        return
    sure, endings, dots, _ = _endings()
    for match in email.finditer(text):
        name, at, host, tail = match.groups()
        labels = [host, *[label for label in dots.split(tail) if label]]
        is_plain = "." in tail and not gate.search(match.group())
        is_clear_at = at.strip() not in ("at",)
        ending = labels[-1]
        if is_plain or host in _NOT_NAMES or ending not in (endings if is_clear_at else sure | {"de", "it", "es"}):
            continue
        if not is_clear_at and not _has_sure_dot(tail):
            continue
        yield Email(match.start(), match.end(), f"{dots.sub('.', name)}@{'.'.join(labels)}")


def _has_sure_dot(tail: str) -> bool:
    """True when a dot is written or said with a word that means nothing else."""
    words = contact_words()
    return "." in tail or any(word in tail for word in words.dot)


def _spoken_domains(text: str) -> Iterator[Link]:
    """Domains such as `shop dot example slash guide`."""
    gate, _, domain, _ = _spoken()
    if not gate.search(text):
        return
    sure, endings, dots, maybe = _endings()
    for match in domain.finditer(text):
        name, tail, path = match.groups()
        labels = [name, *[label for label in dots.split(tail) if label]]
        if not gate.search(tail) and "." in tail:
            continue
        is_sure = _has_sure_dot(tail)
        while len(labels) > 1 and labels[-1] not in (endings if path else sure):
            labels.pop()
        if len(labels) < 2 or name in _NOT_NAMES or len(name) < 2:
            continue
        if not is_sure and labels[-1] == "com" and len(labels) == 2 and not path and name in maybe:
            continue
        yield Link(match.start(), match.end(), "", ".".join(labels), f"/{path.split()[-1]}" if path else "")
