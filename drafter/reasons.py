"""Why a decision was made: every code of `reasons`, with its sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

REASONS: Mapping[str, str] = {
    "clean": "Nothing was found that keeps the draft from being offered.",
    "draftable": "Triage found nothing that speaks against a draft.",
    "no_draft": "No draft could be written that the rules let pass; a person must write the reply.",
    "safety_hazard": "The review speaks of a danger or an injury; a person must answer. A draft, if any, only holds the line.",
    "legal_threat": "The review speaks of lawyers, courts or authorities; a person must answer.",
    "counterfeit_claim": "The review says that the product is no genuine one; a person must answer.",
    "language_not_supported": "The review, or the reply that `options.language` asks for, is in a language that is not covered; "
    "a person must write it. `GET /v1/templates` lists those that are.",
    "language_unknown": "It is too short to tell its language; name it in `options.language`, or the store by `review.marketplace`.",
    "not_seller_of_record": "Another seller sold this order; only that one may write to its buyer.",
    "no_brand_role": "Who writes about a review must be the brand's representative.",
    "not_critical": "Amazon lets sellers answer critical reviews only.",
    "buyer_opted_out": "The buyer wants no messages.",
    "window_expired": "The time in which the buyer may be written to is over.",
    "notice_repeat": "The buyer was told once that feedback can be changed or removed; once is all.",
    "template_repeat": "A Contact Customer template was sent on this order; the next word is the buyer's.",
    "template_unsure": "It may be the second Contact Customer template on this order: whether the buyer has answered "
    "(`order.buyer_replied`), or what was sent before (`order.contacts`), is not known.",
    "frequency_cap": "The buyer was sent enough messages lately.",
    "frequency_unsure": "The buyer may have been sent enough messages lately: what some were for (`order.contacts`), or whether the buyer "
    "has answered (`order.buyer_replied`), is not known.",
    "reply_live": "The public reply is there already, and cannot be edited.",
    "reply_locked": "The public reply was deleted; there is no second one.",
    "reply_unsure": "The public reply was deleted before the buyer changed the feedback; look whether Amazon takes another.",
    "reply_gone": "The feedback is gone, and nothing is left to reply to.",
    "injection_ignored": "The review holds instructions to a machine; they were not followed.",
    "triage_failed": "Triage broke; a person must look.",
    "local_only": "The account's texts stay on this machine: remote models were not asked.",
    "not_checked": "The rules did not run; a text that was not checked is never offered.",
    "block": "`block:` and a rule: the rule forbids the draft; a person must write the reply.",
    "warn": "`warn:` and a rule: the rule saw something that a person should look at.",
    "note": "`note:` and a rule: the rule saw something worth knowing.",
    "low": "`low:` and a scorer: the draft scores less than `guardrails/decision.yaml` asks for.",
    "errored": "`errored:` and a rule: the rule crashed, and what it did not check is never offered.",
}
"""Code -> what it means. What stands behind a colon names the rule or the scorer."""


def explain_reasons(reasons: Iterable[str]) -> Iterator[str]:
    """A line for each reason."""
    for reason in reasons:
        yield f"{reason}: {REASONS.get(reason.partition(':')[0], 'see the rule or triage that gave it')}"
