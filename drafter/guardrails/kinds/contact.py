"""Kind `contact`: ways out of the marketplace: e-mail, telephone, chat apps and social networks, QR codes.

Apps and codes count with an invitation, not by their mere name: a watch may show WhatsApp messages, and a return has a QR code.
Words are content: `guardrails/languages/_contact_words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from drafter.guardrails.addresses import emails_in
from drafter.guardrails.contact_words import contact_words
from drafter.guardrails.document import Document, Hit, Sentence, TextCheck
from drafter.guardrails.phones import phones_in

_HANDLE = re.compile(r"(?<![\w.@/+-])@(?:\s(?!(?:and|or|und|oder|et|ou|y|sign|key|symbol|zeichen|taste)\b))?[a-z][a-z0-9_.]{2,29}(?![\w@])")
_SIGN_ITSELF = re.compile(r"\b(?:the|an|das|le|el|la|il) @ ").search
"""The sign on a keyboard: `if the @ still misbehaves`."""
_CJK = re.compile("[\u3041-\u30ff\u4e00-\u9fff]").search
_MAX_SENTENCES, _MAX_WORDS = 200, 300
"""More is no message; the length rule speaks of it."""
_REACH_WINDOW = 14
"""Words before an app in which the invitation stands."""


def compile_contact(spec: Mapping[str, Any]) -> TextCheck:
    """A check for ways to talk outside the marketplace.

    Args:
        spec: `find`: some of `email`, `phone`, `apps` (chat apps and social networks), `handles`, `qr`.

    Raises:
        ValueError: `find` names nothing, or something else.
    """
    wanted = tuple(spec.get("find", ()))
    if not wanted or any(name not in _FINDERS for name in wanted):
        raise ValueError(f"'find' must name some of {', '.join(_FINDERS)}")
    finders = [_FINDERS[name] for name in wanted]
    contact_words()  # a wrong word file must fail when the pack is loaded, not at the first check

    def check(document: Document) -> Iterator[Hit]:
        for find in finders:
            yield from find(document)

    return check


def _find_emails(document: Document) -> Iterator[Hit]:
    for email in emails_in(document):
        yield Hit(*document.folded.to_raw(email.start, email.end), detail=email.reads)


def _find_phones(document: Document) -> Iterator[Hit]:
    for phone in phones_in(document):
        yield Hit(phone.start, phone.end, detail=phone.digits)


def _find_handles(document: Document) -> Iterator[Hit]:
    """Names such as `@brandshop` that are no part of an e-mail address."""
    if "@" not in document.folded.text:
        return
    emails = emails_in(document)
    for match in _HANDLE.finditer(document.folded.text):
        if _SIGN_ITSELF(document.folded.text, max(0, match.start() - 4), match.end()):
            continue
        if all(match.end() <= email.start or match.start() >= email.end for email in emails):
            yield Hit(*document.folded.to_raw(*match.span()))


def _find_apps(document: Document) -> Iterator[Hit]:
    """Apps and networks that the buyer is invited to."""
    words = contact_words()
    has_name = not all(names.isdisjoint(document.words) for names in (words.apps.words, words.everyday_apps, words.app_words.words))
    if has_name:
        named = frozenset(filter(_may_be_app, document.words))
        for sentence in document.sentences[:_MAX_SENTENCES]:
            yield from _apps_in(document, sentence, named)
    if not document.text.isascii() and _CJK(document.text):
        yield from _cjk_apps(document)


@lru_cache(maxsize=8192)
def _may_be_app(norm: str) -> bool:
    """False for a word that never names an app."""
    words = contact_words()
    return words.apps.has(norm) or words.app_words.has(norm) or norm in words.everyday_apps


def _apps_in(document: Document, sentence: Sentence, named: frozenset[str]) -> Iterator[Hit]:
    """Apps of one sentence that it invites to; `named` holds the text's words that may be one."""
    words = contact_words()
    norms = document.norms[sentence.first : min(sentence.last, sentence.first + _MAX_WORDS)]
    if named.isdisjoint(norms):
        return
    for k, norm in enumerate(norms):
        if norm not in named:
            continue
        is_plain = words.apps.has(norm)
        if not (is_plain or _is_described(norms, k) or (norm in words.everyday_apps and _is_named(document, sentence, k))):
            continue
        if _invites(document, norms, k):
            token = document.tokens[sentence.first + k]
            yield Hit(token.start, token.end, detail=norm)


def _is_described(norms: list[str], k: int) -> bool:
    """True for `chat app`, and for a picture that stands for the name of an app: `🐦 handle`."""
    if k == 0 or not contact_words().app_words.has(norms[k]):
        return False
    before = norms[k - 1]
    return before in ("chat", "messaging", "messenger", "dm") or not (before[0].isalnum() or before[-1].isalnum())


def _is_named(document: Document, sentence: Sentence, k: int) -> bool:
    """True when a word such as `Signal` stands there as a name: capital, behind a preposition or before an app word."""
    words = contact_words()
    norms = document.norms[sentence.first : sentence.last]
    before, after = norms[k - 1] if k else "", norms[k + 1] if k + 1 < len(norms) else ""
    if k == 0 or not (before in words.prepositions or words.app_words.has(after)):
        return False
    token = document.tokens[sentence.first + k]
    raw = document.text[token.start : token.end]
    return raw.isupper() if token.norm in ("line", "x") else raw[:1].isupper()


def _invites(document: Document, norms: list[str], k: int) -> bool:
    """True when a sentence asks the buyer to come to the app at word `k`."""
    words = contact_words()
    before, after = norms[max(0, k - _REACH_WINDOW) : k], norms[k + 1 : k + 1 + _REACH_WINDOW]
    near = [*norms[max(0, k - 3) : k], *norms[k + 1 : k + 4]]
    if _is_denied(before):
        return False
    ours = any(map(words.first_person.has, before)) or any(map(words.first_person.has, after))
    reach = any(map(words.reach_verbs.has, before)) or any(map(words.reach_verbs.has, after))
    if ours and reach and not _REPORTS.intersection(before[-5:]):
        last = norms[k - 1] if k else ""
        has_place = not before or last in words.prepositions or last in words.apps.words or words.app_words.has(last)
        if has_place or any(map(words.app_words.has, near)) or _REACHED.intersection(before[-3:]):
            return True
    own_page = any(norm in _OURS for norm in norms[max(0, k - 3) : k])
    if own_page:
        return True
    has_number = any(norm.isdigit() and len(norm) > 4 for norm in after)
    return has_number or (bool(after) and after[0] in ("us", "uns", "me"))


def _is_denied(before: list[str]) -> bool:
    """True for `nobody of ours will write to you on`, but not for `nobody minds if you write to us on`."""
    words = contact_words()
    nobody = next((k for k, norm in enumerate(before) if norm in _NOBODY), None)
    verb = next((k for k in range(len(before) - 1, -1, -1) if words.reach_verbs.has(before[k])), -1)
    if nobody is None or not nobody < verb <= nobody + _DENIAL:
        return False
    return _TOLD.isdisjoint(before[nobody:verb]) and not any(map(words.first_person.has, before[verb + 1 :]))


_NOBODY = frozenset(["nobody", "niemand", "keiner", "personne", "nadie", "nessuno", "ninguém"])
_TOLD = frozenset(["if", "when", "so", "wenn", "also", "si", "donc", "así", "se", "quando", "cuando", "quand"])
"""Between `nobody` and the verb these say that the buyer is the one to write."""
_DENIAL = 6
"""Words from `nobody` to what nobody does."""
_REPORTS = frozenset(["whether", "if", "that", "notifications", "ob", "dass", "si", "que", "se", "che"])
_REACHED = frozenset(["us", "uns", "nous", "me", "mir", "ci", "or", "oder", "ou", "o", "and", "und", "et", "y", "e"])
_OURS = frozenset(
    [
        "our",
        "my",
        "unser",
        "unsere",
        "unserem",
        "unserer",
        "unseren",
        "notre",
        "nos",
        "nuestro",
        "nuestra",
        "nuestros",
        "nostro",
        "nostra",
        "nosso",
        "nossa",
    ]
)


def _cjk_apps(document: Document) -> Iterator[Hit]:
    """Apps named in Chinese or Japanese text, with an invitation in the same sentence."""
    words = contact_words()
    text = document.folded.text
    raw = document.text
    for sentence in document.sentences:
        norms = document.norms[sentence.first : sentence.last]
        joined = "".join(norms)
        if not words.reach_verbs.is_in((), joined):
            continue
        is_ours = words.first_person.is_in((), joined) or words.app_words.is_in((), joined)
        for first, last in _cjk_names(document, sentence, norms, joined):
            behind = "".join(norms[last + 1 : last + 7])
            if (is_ours or behind[:1] in ("で", "へ")) and not behind.startswith(_SHOWN):
                start, end = document.tokens[sentence.first + first].start, document.tokens[sentence.first + last].end
                yield Hit(start, end, detail="".join(norms[first : last + 1]))
    if "\u52a0" in document.chars:
        for match in re.finditer("\u52a0\\s?(?:[v\u5fae\u8587qQ]|vx)", text):
            yield Hit(*document.folded.to_raw(*match.span()), detail=raw[slice(*document.folded.to_raw(*match.span()))])


_SHOWN = ("の通知", "の着信", "のメッセージ", "の画面", "の音", "通知", "消息", "来电", "提醒")
"""What a device shows of an app; then the app is the product's matter."""


def _cjk_names(document: Document, sentence: Sentence, norms: list[str], joined: str) -> Iterator[tuple[int, int]]:
    """First and last word, in the sentence, of each app that it names."""
    words = contact_words()
    for k, norm in enumerate(norms):
        if norm.isascii() and (words.apps.has(norm) or (norm in words.everyday_apps and _raw(document, sentence.first + k).isupper())):
            yield k, k
    for piece in words.apps.pieces:
        at = joined.find(piece)
        if at >= 0:
            yield _tokens_at(norms, at, len(piece))


def _raw(document: Document, index: int) -> str:
    """A token as it is written."""
    token = document.tokens[index]
    return document.text[token.start : token.end]


def _tokens_at(norms: list[str], at: int, length: int) -> tuple[int, int]:
    """First and last token of a range of the joined norms."""
    position, first, last = 0, 0, 0
    for k, norm in enumerate(norms):
        if position <= at:
            first = k
        if position < at + length:
            last = k
        position += len(norm)
    return first, last


def _find_qr(document: Document) -> Iterator[Hit]:
    """QR codes that lead to the seller."""
    words = contact_words()
    has_piece = not document.text.isascii() and any(piece in document.folded.text for piece in words.qr.pieces)
    if not has_piece and words.qr.words.isdisjoint(document.words):
        return
    for sentence in document.sentences:
        norms = document.norms[sentence.first : sentence.last]
        joined = "".join(norms)
        if not words.qr.is_in(norms, joined):
            continue
        is_scanned = words.qr_scan.is_in(norms, joined)
        if (is_scanned and words.qr_reasons.is_in(norms, joined)) or _is_ours(norms):
            yield Hit(sentence.start, sentence.end, detail="QR code")


def _is_ours(norms: list[str]) -> bool:
    """True for `our QR code`."""
    words = contact_words()
    return any(words.qr.has(norm) and not _OURS.isdisjoint(norms[max(0, k - 2) : k]) for k, norm in enumerate(norms))


_FINDERS: Mapping[str, Callable[[Document], Iterator[Hit]]] = {
    "email": _find_emails,
    "phone": _find_phones,
    "apps": _find_apps,
    "handles": _find_handles,
    "qr": _find_qr,
}
