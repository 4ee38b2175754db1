"""Reviews of many things with many faults, and a reply to each: whoever asks the same again and again measures what is remembered."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

THINGS = ("kettle", "lamp", "backpack", "blender", "umbrella", "toaster", "wallet", "tent", "pan", "chair")
PARTS = ("lid", "handle", "zipper", "button", "cover", "strap")
FAULTS = (
    "broke on the second day",
    "came off after a week",
    "does not close",
    "arrived cracked",
    "fell off in my hand",
    "is cracked",
)
CONSEQUENCES = (
    "I only used it twice, and now it stands in the cellar.",
    "We had looked forward to it for weeks, so this is a letdown.",
    "My neighbour bought the same one and has had no trouble with hers so far.",
    "I wash everything by hand and I was careful with it the whole time.",
)
SELLER = {"brand": "Tidewell", "signature": "Mara, Tidewell"}

_SAID = re.compile(rf"The ({'|'.join(PARTS)}) of the ({'|'.join(THINGS)}) ({'|'.join(FAULTS)})")


def make_requests() -> list[dict[str, Any]]:
    """Requests of one shape, no two alike, neighbours in as little as can be."""
    made = []
    for at, (fault, consequence, part, thing) in enumerate(product(FAULTS, CONSEQUENCES, PARTS, THINGS)):
        body = f"The {part} of the {thing} {fault}. {consequence}"
        review = {"rating": 1 + at % 2, "title": f"Not the {thing} I hoped for", "body": body}
        made.append({"review": review, "product": {"title": f"Tidewell {thing}"}, "seller": SELLER})
    # A step without a common divisor visits all of them, far from one another.
    return [made[at * 617 % len(made)] for at in range(len(made))]


def reply_to(prompt: str) -> str | None:
    """What a model would answer, as it is asked to; None when the prompt holds no review of ours."""
    said = _SAID.search(prompt)
    if said is None:
        return None
    part, thing, fault = said.groups()
    parts = {
        "apology": f"We are sorry that the {part} of your {thing} {fault}.",
        "acknowledgement": f"Nobody buys a {thing} to worry about its {part}.",
        "solution": "",
        "question": f"Could you tell us what the {part} looks like now?",
        "closing": "Just answer in this thread.",
    }
    return json.dumps({name: {"text": text, "uses": []} for name, text in parts.items()})
