"""A small content root for tests of the loader: one channel, a few concepts, one language, one pack."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

CONCEPTS = """
agent.us: We.
agent.done: Done.
agent.you: You.
ask.polite: Asking.
alter.change: To change.
opinion.review: A review.
opinion.any: Any opinion.
opinion.feedback: Feedback.
opinion.figure: In other words.
opinion.place: Where it stands.
no_ask.firm: Not asked.
no_ask.free: Left to the buyer.
not_that_way: Turned down.
turn: But.
alter.remove: To remove.
benefit.gift: A gift.
remedy.money: A refund.
condition.if: If.
condition.exchange: In return.
link.break: After.
opening.seller_started: An opening.
amount.money: Money.
amount.percent: Percent.
amazon.fulfils: Amazon ships.
"""
ENGLISH = """
language: en
name: English
function_words: the, and, you, your, we, is, to, of
sets: {}
concepts:
  agent.us: we
  agent.done: has been
  agent.you: you
  ask.polite: please
  alter.change: |
    change, update
  opinion.review: |
    review*
    except: peer review
  no_ask.firm: no need to
  condition.if: if
  link.break: after
"""
CHANNEL = """
id: review_followup
title: Thread
subject: product_review
audience: buyer
who_reads: one buyer
who_writes: any seller
may_draft: true
max_chars: 2000
notes: none
source: A1
checked_on: 2026-11-21
"""
RULE = """
pack: test
version: 1.0.0
rules:
  - id: no-change
    group: A
    category: review_change_request
    severity: block
    channels: [all]
    kind: frame
    frames:
      - name: verb and review
        parts: {act: alter.change, what: $review}
        close: [[act, what, 3]]
        in_order: [[act, what]]
        unless_by_us: [act]
    exceptions:
      - {id: asks-nothing, any: [no_ask]}
    message: Asks for a change.
    suggestion: Leave it out.
    source: A1
    checked_on: 2026-11-21
    examples:
      flag: [Please change your review., Update the review., Change that review., You update the review., If you change a review.]
      allow: [We change the lid., A review., Please reply., No need to change the review., A peer review.]
"""


def write_content(root: Path, *, rule: str = RULE, english: str = ENGLISH, channel: str = CHANNEL, concepts: str = CONCEPTS) -> Path:
    """A content root under `root`."""
    folder = root / "guardrails"
    for part in ("packs", "channels", "languages"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "concepts.yaml").write_text(dedent(concepts), encoding="utf-8")
    (folder / "languages" / "en.yaml").write_text(dedent(english), encoding="utf-8")
    (folder / "channels" / "review_followup.yaml").write_text(dedent(channel), encoding="utf-8")
    (folder / "packs" / "test.yaml").write_text(dedent(rule), encoding="utf-8")
    return root
