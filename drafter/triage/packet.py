"""The removal packet: a short text to Amazon that names one ground and quotes the words."""

from __future__ import annotations

from collections.abc import Callable

from drafter.domain import (
    CheckRequest,
    DraftRequest,
    GroundVerdict,
    GuardrailReport,
    RemovalGround,
    RemovalPacket,
    Subject,
    Triage,
    Verdict,
)

CHANNEL = "removal_request"
UNQUOTED = frozenset({"RC-05", "RC-06", "RC-07", "FB-01", "FB-02"})
"""Grounds whose words are not to be repeated to anybody."""
MAX_QUOTE_CHARS = 280
SECTIONS = {
    "RC-01": "Seller, order, or shipping feedback",
    "RC-02": "Comments about pricing or availability",
    "RC-03": "Content written in unsupported languages",
    "RC-04": "Repetitive text, spam, or pictures and text made from symbols",
    "RC-05": "Private information",
    "RC-06": "Profanity or harassment",
    "RC-07": "Hate speech",
    "RC-09": "External links",
    "RC-10": "Ads, promotional content, or conflicts of interest",
    "RC-11": "Compensated reviews",
    "RC-12": "Plagiarism, infringement, or impersonation",
    "RC-13": "Illegal or dangerous activities",
    "FB-01": "Obscene or profane language",
    "FB-02": "Seller-specific, personally identifiable information",
    "FB-03": "The entire comment is a product review",
    "FB-04": "The entire comment is about the delivery of an order fulfilled by Amazon",
    "FB-05": "The entire comment is about delay or loss; label bought with Buy Shipping and shipped on time",
}
"""Ground -> the section of Amazon's own text that a request names."""


Check = Callable[[CheckRequest], GuardrailReport]
"""The guardrail's."""


def with_packet(request: DraftRequest, triage: Triage, check: Check) -> Triage:
    """The triage with its removal packet, where Amazon may be asked; the rules are read only then."""
    packet = removal_packet(request, triage, check)
    return triage.model_copy(update={"removal_packet": packet}) if packet else triage


def removal_packet(request: DraftRequest, triage: Triage, check: Check) -> RemovalPacket | None:
    """A checked request to Amazon for the first eligible ground; None when there is none, which is the usual answer.

    A quote that is itself private or obscene, or that the rules forbid, is not repeated: the section and the place are named instead.
    """
    ground = next((g for g in triage.removal_grounds if g.verdict is GroundVerdict.ELIGIBLE), None)
    if ground is None:
        return None
    quoted = [False] if ground.ground in UNQUOTED else [True, False]
    for repeats_words in quoted:
        text = _text(ground, request.review.subject, repeats_words=repeats_words)
        report = check(CheckRequest(channel=CHANNEL, text=text, review=request.review.text))
        if report.verdict is not Verdict.BLOCK and not report.errored:
            return RemovalPacket(ground=ground.ground, text=text, verdict=report.verdict, findings=report.findings)
    return RemovalPacket(ground=ground.ground, text=None, verdict=report.verdict, findings=report.findings)


def _text(ground: RemovalGround, subject: Subject, *, repeats_words: bool) -> str:
    is_feedback = subject is Subject.SELLER_FEEDBACK
    what = "seller feedback" if is_feedback else "product review"
    rules = "the feedback removal policy" if is_feedback else "the Community Guidelines"
    wish = "strike it through" if ground.ground in {"FB-04", "FB-05"} else "remove it"
    lines = [
        f"We ask you to look at this {what} under {rules}, section “{SECTIONS[ground.ground]}”.",
        _words(ground) if repeats_words else _place(ground),
        f"{ground.reason} If you agree, please {wish}.",
    ]
    return "\n".join(lines)


def _place(ground: RemovalGround) -> str:
    return f"The words stand at characters {ground.start + 1} to {ground.end}; we do not repeat them here."


def _words(ground: RemovalGround) -> str:
    quote = " ".join(ground.quote.split())
    if len(quote) > MAX_QUOTE_CHARS:
        quote = quote[: quote.rfind(" ", 0, MAX_QUOTE_CHARS) if " " in quote[:MAX_QUOTE_CHARS] else MAX_QUOTE_CHARS] + " …"
    return f"The words: “{quote}”"
