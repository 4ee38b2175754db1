"""A complaint turned from the buyer's voice into ours by code, English only: "my stand wobbles" -> "your stand wobbles".

Where a turn is doubtful nothing is turned: then the buyer's words are quoted, or the issue is named. Other languages bend verbs and
pronouns too much for rules this small.
"""

from __future__ import annotations

import re

from drafter.scoring.lexicon import any_word

_PERSONS = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "i'm": "you are",
    "i've": "you have",
    "i'd": "you had",
    "we're": "you are",
    "we've": "you have",
    "this": "this",
}
_BE = {"am": "are", "was": "were", "wasn't": "weren't"}
_OTHERS = any_word("you your yours yourself u ur he she him his her guy guys folks lol i'll we'll i'd gonna wanna why how if whether", "en")
_SUBJECT = re.compile(
    r"(?:the|my|our|half|one|two|three|both|some|most|all|several|each|every|it|there|nothing|neither|none|i|we)\b", re.IGNORECASE
)
_FINITE = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|does|do|did|could|would)(?:n't)?|can't|cannot|won't|stop(?:s|ped)|br(?:oke|eaks)|arrive[sd]|came|"
    r"comes|fell|falls|fail(?:s|ed)|died|quit|leak(?:s|ed)|crack(?:s|ed)|smell(?:s|ed)|taste[sd]|took|takes|kept|keeps|look(?:s|ed)|felt|feels|"
    r"went|goes|got|gets|lost|loses|bent|tore|burst|snapped|peeled|faded|shrank|ripped|wobble[sd]|slip(?:s|ped)|refuse[sd]|turned|split|"
    r"dripped|popped|jam(?:s|med)|burned|melted|rusted|need(?:s|ed)|sound(?:s|ed)|last(?:s|ed)|shows|showed|runs|ran|received)(?![\w'])",
    re.IGNORECASE,
)
_BARE_START = re.compile(
    r"(?:(?:just|simply|completely|suddenly|already)\s)?(?:stopped|quit|broke|died|failed|cracked|leaked|arrived|came|fell|bent|tore|"
    r"snapped|ripped|faded|shrank|melted|rusted|didn't|wouldn't|wasn't|lasted|smelled|tasted|took|burst)\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:and|but|or|so|because|that|which|when|while|with|to|the|a|an|of|for|as|than|like|is|was|i|my)$", re.IGNORECASE
)
_OPINION = re.compile(
    r"\b(?:i|we) (?:\w+ly )?(?:think|thought|guess|hoped?|wish|believe|say|said|would|will|loved?|"
    r"liked?|bought|buy|ordered|paid|expected|got)\b",
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(
    r"[?\"“”()/\\&*]|\b(?:than|unless|supposed|should|maybe|perhaps|probably|this|these|that's|thanks?|please|ever|best|great|good|nice|fine|"
    r"loved?|okay|ok|excellent|perfect|to me|for me)\b",
    re.IGNORECASE,
)
"""Marks of comparison, wish, praise or irony: what stands beside them may mean the opposite."""


def restate(point: str) -> str | None:
    """The point as a clause that can follow "We are sorry that"; None when the turn is doubtful."""
    text = " ".join(point.replace("’", "'").split())
    if _OTHERS.search(text) or _DOUBTFUL.search(text) or _OPINION.search(text) or _OPEN_END.search(text):
        return None
    if _BARE_START.match(text):
        text = f"it {text[0].lower()}{text[1:]}"
    elif not (_SUBJECT.match(text) and _FINITE.search(text)):
        return None
    return _turn_persons(text)


def _turn_persons(text: str) -> str:
    """Text with the buyer spoken to: pronouns turned, and the verb beside them."""
    words = text.split(" ")
    turned: list[str] = []
    for i, word in enumerate(words):
        core = word.rstrip(",.;:!").lower()
        tail = word[len(core) :]
        before = words[i - 1].lower() if i else ""
        if core in _PERSONS:
            turned.append(_PERSONS[core] + tail)
        elif core in _BE and before in {"i", "we"}:
            turned.append(_BE[core] + tail)
        else:
            turned.append(word)
    first = turned[0]
    return " ".join([first[0].lower() + first[1:], *turned[1:]]).rstrip(",.;:! ")
