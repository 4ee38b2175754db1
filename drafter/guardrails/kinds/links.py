"""Kind `links`: links by what they lead to. Order, return, feedback and help pages of Amazon are the only ones a message may carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.addresses import Link, links_in, registrable
from drafter.guardrails.contact_words import contact_words
from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.letters import has_foreign

CLASSES = ("external", "insecure", "shortener", "tracking", "opt_out", "amazon_promo")

_AMAZON = re.compile(
    r"amazon\.(?:com|ca|com\.mx|com\.br|co\.uk|de|fr|it|es|nl|se|pl|com\.be|com\.tr|ae|sa|eg|in|co\.jp|jp|com\.au|sg|ie|co\.za|cn)"
)
_SHORTENERS = frozenset(
    [
        "bit.ly", "bitly.com", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly", "rebrand.ly", "cutt.ly",
        "rb.gy", "shorturl.at",
        "tiny.cc", "amzn.to", "amzn.eu", "amzn.asia", "amzn.com", "a.co", "geni.us", "t.ly", "bl.ink", "lnkd.in", "soo.gd",
        "s.id", "qr.ae", "adf.ly",
        "linktr.ee", "surl.li", "url.cn", "dwz.cn", "t.cn", "suo.im", "u.to", "short.io", "snip.ly", "trib.al", "youtu.be",
        "fb.me", "wp.me", "ift.tt",
        "cli.gs", "shorte.st", "clck.ru", "x.co", "me2.do", "lin.ee", "w.wiki", "shorturl.com", "kutt.it", "t2m.io", "tr.ee", "beacons.ai",
    ]
)  # fmt: skip
_TRACKING = re.compile(
    r"[?&;](?:utm_\w+|tag|ascsubtag|linkcode|linkid|aff\w*|affiliate\w*|gclid|fbclid|msclkid|mc_cid|mc_eid|irclickid|clickid|campaign\w*|cmp|cid|subid|"
    r"source|src|partner\w*|coupon\w*|promo\w*|creative\w*|pd_rd_\w+|pf_rd_\w+|smid|maas)="
)
_AMAZON_PROMO = re.compile(
    r"^/(?:(?:-/)?[a-z]{2}(?:_[a-z]{2})?/)?(?:[^/?#]{1,200}/)?(?:dp|gp/product|gp/aw/d|gp/offer-listing|exec/obidos|o/asin|stores?|shops?|s|b|sp|brand|deals?|gp/goldbox|gp/bestsellers|"
    r"bestsellers|gp/browse\.html|promocode|coupons?|gp/search|product-reviews|review|reviews|live|shop|wishlist|hz/wishlist|gp/registry|gp/redirect\.html)(?:[/?#]|$)"
)


def compile_links(spec: Mapping[str, Any]) -> TextCheck:
    """A check for links of some classes; a host written with look-alike letters is external, whatever it reads.

    Args:
        spec: `classes`: some of `external` (not Amazon), `insecure` (http), `shortener`, `tracking` (tagged or affiliate),
            `opt_out` (unsubscribe wording), `amazon_promo` (product, search, shop and review pages).

    Raises:
        ValueError: a class is unknown, or none is named.
    """
    wanted = frozenset(spec.get("classes", ()))
    if not wanted or wanted.difference(CLASSES):
        raise ValueError(f"'classes' names {sorted(wanted.difference(CLASSES)) or 'nothing'}; choose from {', '.join(CLASSES)}")
    opt_out = _opt_out_pattern() if "opt_out" in wanted else None
    hints = opt_out_hints()

    def check(document: Document) -> Iterator[Hit]:
        for link in links_in(document):
            start, end = document.folded.to_raw(link.start, link.end)
            classes = classes_of(link) | ({"external"} if has_foreign(document.text[start:end]) else set())
            if not wanted.isdisjoint(classes) and not _is_own_name(link, document):
                yield Hit(start, end, detail=link.host)
        if opt_out is not None and not _says_none(document, hints):
            yield from (Hit(*document.folded.to_raw(*match.span())) for match in opt_out.finditer(document.folded.text))

    return check


def opt_out_hints() -> frozenset[str]:
    """First words of the phrases of a way out."""
    return frozenset(re.split(r"[ '-]", phrase)[0] for phrase in contact_words().opt_out)


def classes_of(link: Link) -> frozenset[str]:
    """Classes that a link belongs to; empty for the Amazon pages that are allowed."""
    found: set[str] = set()
    host = link.host.lower()
    domain = registrable(host)
    path = link.path.lower()
    is_amazon = _AMAZON.fullmatch(domain) is not None
    if link.scheme in ("http", "ftp"):
        found.add("insecure")
    if domain in _SHORTENERS or host in _SHORTENERS:
        found.add("shortener")
    if not is_amazon and domain not in ("amzn.to", "amzn.eu", "amzn.asia", "amzn.com", "a.co"):
        found.add("external")
    if _TRACKING.search(path) or (is_amazon and "/ref=" in path):
        found.add("tracking")
    if is_amazon and _AMAZON_PROMO.match(path):
        found.add("amazon_promo")
    return frozenset(found)


def _is_own_name(link: Link, document: Document) -> bool:
    """True when a bare domain is the written name of the product or brand."""
    if link.scheme or link.path:
        return False
    return any(link.host in name.lower() for name in document.request.names)


def _says_none(document: Document, hints: frozenset[str]) -> bool:
    """True when no phrase can be in the text, since none of their first words is."""
    return hints.isdisjoint(document.words) and (document.text.isascii() or not _HAS_CJK(document.text))


_HAS_CJK = re.compile("[\u3041-\u30ff\u4e00-\u9fff]").search


def _opt_out_pattern() -> re.Pattern[str]:
    """Phrases of a way out of messages, in the eight languages."""
    phrases = sorted(contact_words().opt_out, key=len, reverse=True)
    return re.compile("|".join(re.escape(phrase) for phrase in phrases))
