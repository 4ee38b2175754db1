"""A complaint turned from the buyer's voice into ours by code, English only: "my stand wobbles" -> "your stand wobbles".

Where a turn is doubtful nothing is turned: then the buyer's words are quoted, or the issue is named. Other languages bend verbs and
pronouns too much for rules this small.
"""

from __future__ import annotations

import re

from drafter.scoring.lexicon import any_word

_UNNAMED = re.compile(
    r"^(?:it|this|(?:the|this) (?:product|item))(?= (?:is|was|has|had|does|did|isn't|wasn't|doesn't|didn't|[a-z]+s)\b)", re.IGNORECASE
)
"""First words that leave open what was bought."""
_UNNAMED_ONES = re.compile(r"^(?:they|these|(?:the|these) (?:products|items))(?= )", re.IGNORECASE)
RESTATED = frozenset({"en"})
"""Languages whose clauses can be turned."""

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
}
_BE = {"am": "are", "was": "were", "wasn't": "weren't"}
_WE = {
    "was": "were",
    "is": "are",
    "has": "have",
    "does": "do",
    "wasn't": "weren't",
    "isn't": "aren't",
    "hasn't": "haven't",
    "doesn't": "don't",
}
_SELLER = re.compile(
    r"\bthe seller (never|was|is|has|does|wasn't|isn't|hasn't|doesn't|did|didn't|told|sent|shipped|forgot|gave|delivered|packed|took|"
    r"refused|ignored|would|could)\b",
    re.IGNORECASE,
)
_OTHERS = any_word("you your yours yourself u ur he she guy guys folks lol i'll we'll i'd gonna wanna why whether", "en")
_ANYBODY = re.compile(
    r"\b(?:when(?:ever)?|where|if|how|until|before|after|once|as|(?:every|each|any) time|so \w+(?: that)?|the (?:moment|minute|second)|"
    r"all) you (?!(?:sent|send|ship\w*|pack\w*|deliver\w*|sell|sold|list\w*|advertis\w*|promis\w*|sa(?:y|id)|wrote|write|repl\w+|"
    r"answer\w*|told|made|make|describ\w+|charge\w*|refund\w*|offer\w*|refus\w+|chang\w+|guys|people|are|were|have|had)\b)|"
    r"\byour (?=(?:hands?|fingers?|skin|feet|foot|toes|back|neck|wrists?|arms?|legs?|head|hair|face|mouth|eyes?|ears?|nails?|knees?)\b)",
    re.IGNORECASE,
)
"""A "you" that means anybody: it may be said to the buyer as it is."""
_SUBJECT = re.compile(
    r"(?:\d+(?! stars?\b)|the|my|our|his|her|its|(?:(?:about|over|nearly|almost|more than) )?half(?! an? )|one|two|three|both|"
    r"some|most|all|several|each|every|it|they|there|nothing|neither|none|mine|ours|i|we)\b",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|does|do|did|could|would)(?:n't)?|can't|cannot|can not|won't|will not|stop(?:s|ped)|"
    r"br(?:oke|eaks)|arrive[sd]|came|"
    r"comes|fell|falls|fail(?:s|ed)|died|quit|leak(?:s|ed)|crack(?:s|ed)|smell(?:s|ed)|taste[sd]|took|takes|kept|keeps|look(?:s|ed)|"
    r"felt|feels|"
    r"went|goes|got|gets|lost|loses|bent|tore|burst|snapped|peeled|faded|shrank|ripped|wobble[sd]|slip(?:s|ped)|refuse[sd]|turned|split|"
    r"dripped|popped|jam(?:s|med)|burned|melted|rusted|need(?:s|ed)|sound(?:s|ed)|last(?:s|ed)|shows|showed|runs|ran|received|pulled|"
    r"whirs|ends|"
    r"says|refuses|stops|came off|crumbled|sagged|glowed|started|began|wants|sits|hangs|works|worked|push(?:es|ed)|"
    r"clean(?:s|ed)|stick|charges|fits|itches|"
    r"warned|told|ignored|answered|replied|drops(?= (?:every|out|off|the|my|after|constantly|connection|calls?)\b)|dropped|heats|"
    r"(?:(?<=[a-rt-z]s )|(?<=they ))(?:dig|fall|hurt|leak|break|rip|tear|come|keep|last|smell|taste|feel|slip|"
    r"end|stop|ride|flare|gape|curl|pop|snap|split|slide|flicker|stick|pull|run|smoke|hum|buzz|drip|sag|wear|go|fit|work|stay|"
    r"stain|fade|shrink|bend|squeak|rattle|wobble|pinch|itch|rub|crack)|"
    r"prints|printed|drips|tilts|tilted|leans|creaks|wiggles|swells|swelled|lets? go|stretches|stretched|tangles|foams|opens|closes|"
    r"makes|made|gives|gave|weighs|(?:never|barely|hardly|constantly|no longer|just|always|still|only|simply) \w+(?:s|ed)|"
    r"kinks|skips|reboots|restarts|squeals|rolls(?= (?:down|up|off)\b)|pops|spins|stays|stayed|"
    r"burns(?! (?:my|me|out))|smashed|bulges|bulged|flickers?|flickered|"
    r"eats|ate|logs(?= (?:me|you|out|off|in)\b)|screams|spits|sprays|clicks|jumps|stutters|weeps|sprang|catches|drags|stings|stung|"
    r"resets|tunnels|bubbles|shifts|sticks|measures|measured|reaches|smokes|smoked|trips|tripped|wears|wore|repeats|pulls|"
    r"cuts(?= (?:out|off)\b)|crumbles|crackles|"
    r"crackled|"
    r"hisses|whistles|whistled|grinds|drifts|trickles|swayed|sways|lags|"
    r"rattle[sd]?|digs|dug|hurts?|scratche[sd]|squeak(?:s|ed)|chipped|peels|fades|shrinks|bends|cracks|overheats|shuts?|dies|freezes|froze|"
    r"crashe[sd]|disconnect(?:s|ed)|buzzes|hums|spilled|tips|tipped|collapse[sd]|sags|pills|pilled|sheds|bleeds|bled|rubs|rubbed|"
    r"pinches|sinks|"
    r"sank|clogs|clogged|stained|warps|warped|rips|slides|blinks|beeps|lags|glitches|reeks|stinks|closed|opened|moved|drains|drained|"
    r"shattered|unravel(?:s|l?ed)|loosens|loosened|overflow(?:s|ed)|curled|vibrates|swings|caught|separates|separated)(?![\w'])",
    re.IGNORECASE,
)
_BARE_START = re.compile(
    r"(?:(?:just|simply|completely|suddenly|already)\s)?(?:(?:stopped|quit|broke|died|arrived|came|fell|tore|snapped|shrank|didn't|doesn't|"
    r"wouldn't|won't|wasn't|isn't|lasted|smelled|tasted|took|refuses|stops|keeps|leaks|breaks|falls|smells|tastes|itches|loses|slips|"
    r"flickers|hums|buzzes|rattles|squeaks|wobbles|drips|sheds|rusts|jams|freezes|crashes|dies|shrinks|peels|"
    r"does not|did not|would not|is not|was not)\b|(?:failed|cracked|leaked|bent|ripped|faded|melted|rusted|burst)"
    r"(?= (?:in|on|at|after|within|the first|all|right|off|apart|open|through|and|when|while|from|almost|immediately|instantly|twice|"
    r"before|by|during|into|over)\b|$)|(?:left(?= (?:an?|little|small|tiny|big|black|white|marks?|scratch\w*|stains?|residue)\b)|is|"
    r"has|stinks|reeks|creaks|squeals|beeps|tilts|leans|sags|pills|curls|looks|feels|sounds|makes|"
    r"gets|goes|comes|runs|shuts|turns|takes|weighs|disconnects|overheats|wants|eats|scratches|burns|catches|clicks|lags)(?= \w))",
    re.IGNORECASE,
)
"""A clause whose subject is the thing bought."""
_WHEN_ASKED = re.compile(r"when (?:i|we) (?:asked|wrote|called|complained|contacted|emailed|phoned|rang)\b", re.IGNORECASE)
_SERVICE = re.compile(r"customer (?:service|support|care)\b", re.IGNORECASE)
_ORDERED = re.compile(r"ordered ([^,.]{2,40}?)(?:,| and| but)? (got|received) ([^,.]{2,40})$", re.IGNORECASE)
_BUYER_START = re.compile(
    r"(?:can't|cannot|can not|couldn't|could not|had to|asked|waited|received|got|never got|never received|tried)\b", re.IGNORECASE
)
"""A clause whose subject is the buyer."""
MAX_NOUN_WORDS = 3
_NAMED_BY_ACT = re.compile(
    r"(?:coating|stitching|lining|packaging|spring|string|ring|wiring|padding|casing|housing|filling|frosting|seasoning|piping|"
    r"tracking|sizing|lettering|handwriting|bearing|tubing|plating|screen printing)\b",
    re.IGNORECASE,
)
"""Nouns that look like something done."""
_COUNTED_NOUN = re.compile(r"(?:[a-z]+ ){1,2}(?:[a-z]|\d+(?: (?:to|and) \d+)?)$", re.IGNORECASE)
"""A noun with its number: "Pages 30 to 70", "step 7"."""
_PLACED_NOUN = re.compile(
    r"(?:[a-z]+ ){1,3}(?:on|in|of|at|inside|around|between) (?:the|my|its|each|one) [a-z]+(?: [a-z]+)?$", re.IGNORECASE
)
"""A noun with its place: "holes on the back"."""
_IN_BRACKETS = re.compile(r"\s*\((?![^()]*\b(?:except|only|not|but|if|unless|mostly|sometimes|n't)\b)[^()]*\)")
"""What may be left out of a clause."""
_NO_NOUN = re.compile(
    r"(?:left\b(?! (?:one|side|ear\w*|hand|arm|lever|wheel|half|shoe|glove|strap|speaker|leg|sleeve|foot|boot|bud|wing|lens)\b)|"
    r"bought|paid|sent|got|found|put|set|gave|went|spent|read|kept|told|thought|made|had|been|"
    r"a|an|not|no|never|alot|lots|plenty|only|just|so|too|very|really|still|then|now|also|such|when|while|if|after|before|since|"
    r"because|what|which|who|that|"
    r"they|he|she|we|you|i|these|those|this|that|as|at|in|on|for|with|to|from|of|well|sadly|unfortunately|\w+ing|\w+ly|\w+ed)\b",
    re.IGNORECASE,
)
OPEN_END = re.compile(r"\b(?:and|but|or|so|because|that|which|when|while|with|to|the|a|an|of|for|as|than|like|is|was|i|my)$", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:i|we) (?:\w+ly )?(?:think|thought|guess|hoped?|wish|believe|say|said|would|will|loved?|"
    r"liked?|bought|buy|ordered(?!.*\b(?:and|but) (?:got|received)\b)|paid|expected)\b",
    re.IGNORECASE,
)
_DROPPED_MARK = re.compile(r"\b((?:do|does|did|is|was|are|were|ca|wo|could|would|has|have)n?)(?<=n)(t)\b", re.IGNORECASE)
LEAD = re.compile(
    r"^(?:(?:(?:first|second|third)(?:ly)?(?=,| (?:the|my|it|they)\b)|then|next|now|yesterday|today|also|plus|sadly|unfortunately|"
    r"finally|eventually|recently|"
    r"on top of that|worse|in person|in reality|in real life|in practice|in use|out of the box|on arrival|on day (?:one|two)|so far|"
    r"after that|honestly|frankly|basically|"
    r"(?:last|this) (?:week|night|month)|in (?:week|month|day) \w+|on (?:day|week) \w+|"
    r"(?:the )?(?:first|second|third) (?:night|day|week|time|evening):|"
    r"after (?:\w+ ){1,3}(?:wash(?:es)?|uses?|days?|weeks?|months?|wears?)),? )+",
    re.IGNORECASE,
)
"""Words that only tell when, or count."""
_POINTED_AT = re.compile(r"^(?:this|these) (?!one|thing|stuff)(?=\w+ (?:is|are|was|were|has|have|do|does|did)\b)", re.IGNORECASE)
_YOU_SENT = re.compile(r"^you (sent|shipped|forgot|gave|delivered|packed)\b", re.IGNORECASE)
"""The seller, spoken to."""
_SENT_BY_YOU = re.compile(r" (?:that |which )?you (?:sent|shipped|sold|delivered)(?: me| us)?\b", re.IGNORECASE)
_ALSO = re.compile(r"\b(is|are|was|were|it's|has|had) also\b", re.IGNORECASE)
"""What it adds to is not always said before it."""
_IT_IS = re.compile(r"^(it|there)'s\b", re.IGNORECASE)
_TWO_SENTENCES = re.compile(r", (?:It|I|They|We)\b")
_DOUBTFUL = re.compile(
    r"[?\"“”()/\\&*]|^\w+,|^(?:this|these|that's)\b|\b(?:than(?! (?:the (?:others?|right|left|rest|first|second|white|photos?|pictures?|"
    r"page|listing|description|label|size|one in the)|it (?:should|looks)|(?:in|on) the (?:photos?|pictures?|page|listing|website)|"
    r"(?:my|our) (?:old|previous|last|former) \w+|(?:i|we) (?:expected|thought|ordered|asked)|expected|"
    r"advertised|described|pictured|stated|promised|listed|normal|\d+)\b)|unless|"
    r"supposed(?:ly)?|should|apparently|allegedly|truly|bravo|"
    r"maybe(?! (?:\d|an? hour|half|one|two|three|four|five|six|eight|ten|twenty|thirty|forty|fifty|sixty)\b)|perhaps|probably|thanks?|"
    r"please|ever(?! since)|best|better|great|good|nice|fine|"
    r"loved?|okay|ok|excellent|perfect|to me|for me|not (?:small|minor|trivial|nothing))\b",
    re.IGNORECASE,
)
"""Marks of comparison, wish, praise or irony: what stands beside them may mean the opposite."""


def restate(point: str) -> str | None:
    """The point as a clause that can follow "We are sorry that"; None when the turn is doubtful."""
    text = _DROPPED_MARK.sub(r"\1'\2", " ".join(_IN_BRACKETS.sub("", point).replace("’", "'").replace(" & ", " and ").split()))
    text = _SENT_BY_YOU.sub("", _YOU_SENT.sub(r"the seller \1", text))
    text = _POINTED_AT.sub("the ", text)
    text = _ALSO.sub(r"\1", text)
    text = _IT_IS.sub(r"\1 is", LEAD.sub("", text))
    if (
        _TWO_SENTENCES.search(text)
        or _OTHERS.search(_ANYBODY.sub(" ", text))
        or _DOUBTFUL.search(text)
        or _OPINION.search(text)
        or OPEN_END.search(text)
    ):
        return None
    if _BARE_START.match(text):
        text = f"it {text[0].lower()}{text[1:]}"
    elif _BUYER_START.match(text):
        text = f"you {re.sub(r'^asked', 'had to ask', text[0].lower() + text[1:])}"
    elif m := _ORDERED.match(text):
        text = f"you ordered {m[1].lower() if m[1].istitle() else m[1]} and {m[2]} {m[3]}"
    elif _is_bare_noun(text):
        text = f"{_article(text)}{text[0].lower()}{text[1:]}"
    elif not ((_SUBJECT.match(text) or _WHEN_ASKED.match(text)) and FINITE.search(text)):
        return None
    return _turn_persons(text)


def _is_bare_noun(text: str) -> bool:
    """True for a noun without its article before a verb: "Mirror arrived in pieces"."""
    m = FINITE.search(text)
    before = text[: m.start()].split() if m else []
    is_noun = all(map(str.isalpha, before)) and len(before) <= MAX_NOUN_WORDS
    is_noun = (is_noun or _is_counted(text) or _PLACED_NOUN.match(" ".join(before)) is not None) and (
        not _NO_NOUN.match(text) or _NAMED_BY_ACT.match(text) is not None
    )
    return bool(before) and is_noun and not _SUBJECT.match(text)


def _is_counted(text: str) -> bool:
    m = FINITE.search(text)
    return m is not None and _COUNTED_NOUN.match(text[: m.start()].strip()) is not None


def _article(text: str) -> str:
    return "" if _is_counted(text) else "our " if _SERVICE.match(text) else "the "


def _turn_persons(text: str) -> str:
    """Text with the buyer spoken to: pronouns turned, and the verb beside them. The seller in it is us."""
    words = text.split(" ")
    turned: list[str] = []
    for i, word in enumerate(words):
        core = word.rstrip(",.;:!").lower()
        tail = word[len(core) :]
        before = words[i - 1].lower() if i else ""
        if core in _PERSONS and word != "US":
            turned.append(_PERSONS[core] + tail)
        elif core in _BE and before in {"i", "we"}:
            turned.append(_BE[core] + tail)
        else:
            turned.append(word)
    first = turned[0]
    ours = " ".join([first[0].lower() + first[1:], *turned[1:]]).rstrip(",.;:! ")
    return turn_seller(ours)


def name_subject(clause: str, item: str) -> str:
    """The clause with the bought thing's name for the pronoun, or the plain word, that it begins with, where their numbers agree."""
    return (_UNNAMED_ONES if item.endswith("s") else _UNNAMED).sub(item, clause)


def turn_seller(clause: str) -> str:
    """The clause with us for the seller, where it is plain who is meant."""
    return _SELLER.sub(lambda m: f"we {_WE.get(m.group(1).lower(), m.group(1))}", clause)
