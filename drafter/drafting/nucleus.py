"""The part of a buyer's clause that plainly tells a fault of what was bought, in our voice.

English goes through `restate`; languages with a `nucleus` in their details file exchange a few words.
A turned clause may be a story, an opinion, or about another shop: true, but nothing to be sorry for. Here only faults get through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from drafter.drafting.details import DetailBook
from drafter.drafting.restate import FINITE, OPEN_END, restate
from drafter.scoring.lexicon import any_word

MAX_WORDS = 15
MAX_SUBJECT_WORDS = 7

_THING_DONE = "get|set|open|close|use|read|turn|charge|connect"
_NOT_A_FAULT = re.compile(
    r"^(?:(?:the|one|this|last|that) (?:\w+ )?(?:evening|day|week|morning|night|time|month|year)|there|nothing|none|neither|most|some|all|"
    r"it's|it seems|the (?:others?|rest|same|only|price|description|seller|company)|"
    r"your (?:dogs?|cats?|wife|husband|son|daughter|kids?|mother|friends?|boyfriend|girlfriend|family)|"
    rf"you (?!couldn't|could not|(?:can't|cannot) (?:{_THING_DONE})|received|got|never (?:received|got)|did not receive|didn't receive|"
    r"were left|had to ask))|"
    r"\b(?:is|was) (?:that|this|the (?:only|fact|reason|same))\b|"
    r"\b(?:do|does|did)(?:n't| not) (?:\w+ )?(?:fade|leak|break|shrink|rip|tear|peel|crack|smell|wrinkle|rust|slip|stain|scratch)\b|"
    r"\b(?:the one at|friggin|local|stores?|chains|like at|as (?:good|active)|years?.old|other|others|except|unless|if|"
    r"but also|happy|not bad|can't complain|interested|something|says?|want(?:s|ed)?|n't cheap)\b|\bany$|n't (?:and|but|so)\b|"
    r"\band you (?:had|have|were|are)\b",
    re.IGNORECASE,
)
_BROKEN = any_word(
    "broke* break* tore torn crack* leak* bent rust* fail* fell stop* quit died jam* peel* fad* shrank shrunk scratch* dent dented dents "
    "useless unusable burst snap* rip* ripped stuck wobbl* drip* spill* melt* crumbl* sag* split stain* damaged faulty defective "
    "incomplete "
    "refus* warp* squeak* overheat* drain* crash* freez* froze disconnect* unstitched apart undone",
    "en",
)
_FAULT = any_word(
    "no not never n't wrong miss* late slow weak thin tiny small short loose cheap* flims* fall* dead noisy loud hurt* slip* glow* "
    "smell* empty half lost loses itch* tight blurry dim cut* hard rough uneven crooked pulled dull whine* hum* shut off came",
    "en",
)
_LOOSE_COMMA = re.compile(r",(?! (?:and|but|so|because)\b)")
_LOOSE_END = re.compile(r" (?:even|just|only|also)$")
_VERB = re.compile(rf"{FINITE.pattern}|\b\w{{3,}}ed\b", re.IGNORECASE)
_OWN = re.compile(r"(?:the|my|our|its|it|half|one|two|three|both) ", re.IGNORECASE)
_LAST_PART = re.compile(r", (?:and|but|so)\b[^,]*$")
_JOINT = re.compile(r", (?:and |but |so )?| (?:and|but|so|because|since|when|after|while|which|then|although|though) ")


def find_nucleus(point: str, book: DetailBook | None, *, is_seen: bool = False, is_told: bool = False) -> str | None:
    """The longest part of the point that, as a clause in our voice, plainly tells a fault of what was bought; None when in doubt.

    Args:
        is_seen: Triage saw there what is wrong, so that no word for a fault is asked for.
        is_told: Neither triage nor a word of complaint marks the point, so that a plain word for a fault is.
    """
    if book is None:
        return None
    if book.nucleus and book.file.nucleus:
        return _exchange(point, book.nucleus, book.file.nucleus.turn) if is_seen else None
    if book.file.language != "en":
        return None
    joints = list(_JOINT.finditer(point))
    ends = sorted((len(point), *(m.start() for m in joints)), reverse=True)
    starts = [0, *(m.end() for m in joints if _VERB.search(point[: m.start()]))]
    pieces = [point[start:end] for start in starts for end in ends if end > start]
    # A later part must bring its own subject: that of the part before it may be the buyer.
    turned = [
        _LOOSE_END.sub("", clause.rstrip(" ,"))
        for piece in pieces
        if (clause := restate(piece)) and (point.startswith(piece) or _OWN.match(piece))
    ]
    return next((c for c in turned if _is_nucleus(c, is_seen=is_seen) and (_BROKEN.search(c) or not is_told)), None)


def _exchange(point: str, patterns: tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], turn: Mapping[str, str]) -> str | None:
    """The point with the buyer's words exchanged for ours, when it is a short plain clause about the thing."""
    starts, verb, refused = patterns
    clause = re.sub(r"[^\W\d_]+", lambda m: turn.get(m.group().lower(), m.group()), point.strip(" .,;"))
    is_plain = len(point.split()) <= MAX_WORDS and starts.match(point) and verb.search(point) and not refused.search(point)
    return clause[0].lower() + clause[1:] if is_plain else None


def _is_nucleus(clause: str, *, is_seen: bool) -> bool:
    """True for a short clause about what was bought, with its verb, that tells a fault, or in which triage saw one."""
    verb = FINITE.search(clause)
    if verb is None or len(clause.split()) > MAX_WORDS or len(clause[: verb.start()].split()) > MAX_SUBJECT_WORDS:
        return False
    tail = _LAST_PART.search(clause)
    if tail and not FINITE.search(tail.group()):
        return False
    if _NOT_A_FAULT.search(clause) or OPEN_END.search(clause) or _LOOSE_COMMA.search(clause):
        return False
    return is_seen or bool(_BROKEN.search(clause) or _FAULT.search(clause)) or "n't" in clause
