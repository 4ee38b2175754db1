"""The part of a buyer's clause that plainly tells a fault of what was bought, in our voice.

English goes through `restate`; languages with a `nucleus` in their details file exchange a few words.
A turned clause may be a story, an opinion, or about another shop: true, but nothing to be sorry for. Here only faults get through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.drafting.details import DetailBook
from drafter.drafting.nucleus_spec import NucleusPatterns
from drafter.drafting.restate import FINITE, LEAD, OPEN_END, RESTATED, restate
from drafter.scoring.lexicon import any_word

MAX_WORDS = 18
MIN_HEAD_WORDS = 4
"""Of a clause that is said without what comes after its comma."""
MAX_WHOLE_WORDS = 22
"""Of a sentence that is turned as a whole."""
MAX_SUBJECT_WORDS = 7

_THING_DONE = "get|set|open|close|use|read|turn|charge|connect"
_NOT_A_FAULT = re.compile(
    r"^(?:(?:the|one|this|last|that) (?:\w+ )?(?:evening|day|week|morning|night|time|month|year)\b|"
    r"there (?!(?:is|was|are|were) (?:an?|the|one|two|three|four|still)\b)|"
    r"they (?!(?:last|lasted|smell|stink|leak|taste|look|feel|squeak|hurt|"
    r"broke|fell|tore|ripped|cracked|came|arrived|keep|shrank|rusted)\b|"
    r"(?:are|were) (?:so|too|very|not|all)\b|(?:do|did|wo)(?:n't| not) (?:fit|work|stick|stay|light|hold|close|last|match|charge)\b)|"
    r"nothing|none|neither|its|yours\b|(?:the|your) \w+ you|"
    r"most|some|all|"
    r"it (?:is|was) (?:apparent|clear|obvious|evident|sad|too bad)\b|"
    r"it is (?:an?|the|your|just|only|like|about|made|for|from|more|supposed)\b|it seems|"
    r"it (?:is|was)(?:n't| not) (?:(?:a|an|the|really|exactly|even|actually|so much|like)\b|"
    r"\w+ (?!for|in|on|at|as|and|with|to|when|after|out|enough|all|from|by|"
    r"properly|correctly)[a-z]+\b)|"
    r"the (?:others?|rest|same|only|price|description|seller|company)|"
    r"your (?:dogs?|cats?|wife|husband|son|daughter|kids?|mother|friends?|boyfriend|girlfriend|family)|"
    rf"you (?!couldn't|could not|(?:can't|cannot) (?:{_THING_DONE})|received|got|never (?:received|got)|did not receive|didn't receive|"
    r"were left|had to ask))|"
    r"\b(?:is|was) (?:that|this|the (?:only|fact|reason|same))\b|"
    r"\b(?:do|does|did)(?:n't| not) (?:\w+ )?(?:fade|leak|break|shrink|rip|tear|peel|crack|smell|wrinkle|rust|slip|stain|scratch)\b|"
    r"\b(?:the one at|friggin|local|stores?|lived through|survived|held up|handled|(?:your|the) (?:old|last|previous|former)|chains|"
    r"(?:advertised|described|listed|sold|marketed) as|"
    r"(?:won't|will not|wouldn't|never|not) (?:be )?(?:\w+ )?(?:buy|buying|order|ordering|purchas\w+|recommend\w*|"
    r"return to|shop\w*|us(?:e|ing) (?:this|them) again)|"
    r"plus|al dente|bonus|bargain|"
    r"the (?:photos?|pictures?|images?|listing|page|ad|title) (?:shows?|says?|looks?|makes?|made)|like at|as (?:good|active)|years?.old|"
    r"(?<!than the )other|others|except|unless|if|"
    r"but also|happy|not bad|can't complain|interested|something|says?|want(?:s|ed)?|n't cheap|justice|(?:a|your|the) cold)\b|"
    r"\bany$|\bnot there$|n't (?:and|but|so)\b|"
    r"\band you (?:had|have|were|are)\b|\bso (?:you|your)\b|\b(?:don't|doesn't|didn't|not) (?:mind|care|bother)\b",
    re.IGNORECASE,
)
_BROKEN = any_word(
    "broke* break* tore torn crack cracks cracked cracking leak* bent rust rusts rusted rusty fail* fell stop* quit died jam jams "
    "jammed jamming peel peels peeled peeling fade fades faded fading shrank shrunk scratch* dent dented dents useless unusable burst "
    "snap* rip rips ripped ripping stuck wobbl* drip spill* melt* crumbl* sag sags sagged sagging split stain stains stained damaged "
    "faulty defective incomplete refus* warp* squeak* overheat* drain* crash* freeze freezes freezing froze disconnect* unstitched "
    "apart undone chipped chipping flicker* rattl* pieces shatter* unravel* collaps* overflow* clog* dropped smash* streak*",
    "en",
)
_FAULT = any_word(
    "drops digs dig rubs rub uneven* pinch* sheds bleed* bled sinks sank tips buzz* hums beeps lags glitch* reek* stinks no not never "
    "n't wrong miss* late slow weak thin tiny small short loose cheap* flims* fall* dead noisy loud hurt* slip slips slipped slipping "
    "slippery glow* smell* empty half lost loses itch* tight blurry dim cut cuts hard rough crooked stick sticks impossible "
    "unreadable illegible gone gap gaps hole holes pinholes nothing filthy dirty dusty greasy sticky slimy damp soggy sore louder "
    "quieter stiff heavy bulky itchy scratchy cold lukewarm patchy blank upside squeal* skips rubbed wore worn washed gibberish "
    "backwards coarse dried itself tilt* let lean* creak* wiggl* swell* tangle* pulled dull whine* humming shut off "
    "whir whirs whirred",
    "en",
)
_VERDICT = any_word(
    "joke nightmare disaster disgrace shambles laughable ridiculous awful terrible horrible worst garbage trash junk insult", "en"
)
_KNOWN_TO_COMPLAIN = re.compile(
    r"\bsomething inside\b|^you (?=were (?:charged|told|sent|left)\b|ordered .*\b(?:and|but) (?:got|received)\b)|"
    r"^when you \w+[^,]*? (?=you were )|^there (?:is|was|are|were) no\b|^yours(?= (?:came|arrived|broke|tore|leaks|leaked|cracked|"
    r"stopped|fell|died|snapped))|"
    r"(?<=^the) \w+ wants\b|(?<=^it )wants\b|\bthan the others\b|\bthan your (?:old|previous|last|former) \w+|\bto the other\b|"
    r"\bthe other (?:side|end|half|two|leg|ear|earbud|shoe|one (?:is|was|does|did|has|came|arrived|broke|works))\b|"
    r",? (?:when|while|(?:even )?though|although|where|but) (?:the|its) "
    r"(?:page|chart|listing|box|label|pictures?|photos?|title|description|ad|manual|website|package)(?: \w+)? (?:sa(?:ys|id)|shows?|"
    r"claims?|promises)\b.*",
    re.IGNORECASE,
)
"""What tells of a fault in words that elsewhere tell of none."""
_BUT = re.compile(r",? but ", re.IGNORECASE)
_STOP = re.compile(r"[.\u3002]\s")
_COMMA_VERB = re.compile(rf", ((?!(?:is|was|has|does)\b)(?=[a-z]+s\b){FINITE.pattern})", re.IGNORECASE)
"""A second verb of the same subject: "the app wants my address, loses the connection"."""
_SAYS_NOTHING = re.compile(r"(?:\S+ ){1,2}(?:is|are|was|were|do|does|did|has|have)(?:n't| not)", re.IGNORECASE)
_LOOSE_COMMA = re.compile(r",(?! (?:and|but|so|because|not|right (?:in|on|at)|about|nearly|almost|especially)\b)")
_LOOSE_END = re.compile(r" (?:even|just|only|also|either|too|though|as well|again)$")
_LONE_ONE = re.compile(rf"^(?:one|two|three|four|five|six)(?= {FINITE.pattern})", re.IGNORECASE)
_OWN = re.compile(r"(?:the|my|our|its|it|it's|they|half(?! an? )|one|two|three|both) ", re.IGNORECASE)
_LAST_PART = re.compile(r", (?:and|but|so)\b[^,]*$")
_AND = re.compile(r", (?:and )?| (?:and|then) ")
"""Joints after which another thing may be told."""
_JOINT = re.compile(
    r"[,:] (?:and |but |so |because |since |then |while )?|"
    r" (?:and|but|so|because|since|when|after|while|which|then|although|though) "
)
_CIRCUMSTANCE = re.compile(r"[,:]? (?:when|after|while|since|although|though) ")
"""Joints after which it is told when or beside what a thing failed: "when my phone is in my pocket"."""


@dataclass(frozen=True, slots=True)
class Nucleus:
    """A part of a buyer's clause in our voice, and where it stands."""

    clause: str
    start: int
    """In the point."""
    end: int


Stretches = Sequence[tuple[int, int]]


def find_nuclei(
    point: str, book: DetailBook | None, *, seen: Stretches = (), taken: Stretches = (), is_told: bool = False
) -> Iterator[Nucleus]:
    """The parts of the point that, as clauses in our voice, plainly tell a fault of what was bought; none when in doubt.

    Args:
        seen: Where triage saw what is wrong; elsewhere a clause of another language than English is none.
        taken: What is said already.
        is_told: Neither triage nor a word of complaint marks the point, so that a plain word for a fault is.
    """
    if book is None or not (book.nucleus or book.file.language == "en"):
        return
    reached = 0
    for start, end in _pieces(point, book):
        if start < reached or _touches(start, end, taken):
            continue
        is_seen = _touches(start, end, seen)
        clause = (
            _exchange(point[start:end], book) if book.nucleus else _restate(point, start, end, faultless=book.faultless, is_told=is_told)
        )
        if clause and (is_seen or not book.nucleus):
            yield Nucleus(clause, start, end)
            reached = end


def turn_whole(text: str, book: DetailBook) -> str | None:
    """A sentence that is known to complain, in our voice; None where it is no short plain report."""
    if book.nucleus:
        return None if _STOP.search(text) else _exchange(text, book)
    if book.file.language not in RESTATED:
        return None
    turned = restate(_COMMA_VERB.sub(r" and \1", text))
    clause = _LONE_ONE.sub(r"\g<0> of them", _LOOSE_END.sub("", turned.rstrip(" ,"))) if turned else ""
    is_report = clause and len(clause.split()) <= MAX_WHOLE_WORDS and FINITE.search(clause)
    is_doubtful = (
        _VERDICT.search(clause)
        or book.faultless.search(clause)
        or _is_half_praise(clause, book.faultless)
        or _NOT_A_FAULT.search(_KNOWN_TO_COMPLAIN.sub(" a ", clause))
        or _LOOSE_COMMA.search(clause)
        or _SAYS_NOTHING.fullmatch(clause)
        or "." in clause
    )
    return clause if is_report and not is_doubtful else None


def _pieces(point: str, book: DetailBook) -> Iterator[tuple[int, int]]:
    """Places of parts that may stand alone; of each start the shortest first, in English the longest that brings no other subject."""
    joints = list((book.nucleus.joint if book.nucleus else _JOINT).finditer(point))
    starts = [0, *(m.end() for m in joints if not _CIRCUMSTANCE.fullmatch(m.group()))]
    ends = [*(m.start() for m in joints), len(point)]
    if not book.nucleus:
        alone = [m.start() for m in joints if _AND.fullmatch(m.group()) and _OWN.match(LEAD.sub("", point[m.end() :]))]
        ends = [*alone, *sorted(set(ends) - set(alone), reverse=True)]
    yield from ((start, end) for start in starts for end in ends if end > start)


def _restate(point: str, start: int, end: int, *, faultless: re.Pattern[str], is_told: bool) -> str | None:
    """An English part in our voice. A later one must bring its own subject: that of the part before it may be the buyer."""
    piece = point[start:end]
    turned = restate(piece) if start == 0 or _OWN.match(LEAD.sub("", piece)) else None
    clause = _LONE_ONE.sub(r"\g<0> of them", _LOOSE_END.sub("", turned.rstrip(" ,"))) if turned else ""
    return clause if clause and _is_nucleus(clause, faultless) and (_BROKEN.search(clause) or not is_told) else None


def _exchange(piece: str, book: DetailBook) -> str | None:
    """The part with the buyer's words exchanged for ours, when it is a short plain clause about the thing."""
    patterns, spec = book.nucleus, book.file.nucleus
    if patterns is None or spec is None:
        return None
    piece = _in_order(_IT.sub(_THING.get(book.file.language, r"\g<0>"), _ADDED.sub("", piece.strip(" .,;"))), patterns, book)
    own = _without_rest(piece, book)
    clause = re.sub(r"[^\W\d_]+", lambda m: spec.turn.get(m.group().lower(), m.group()), own[:1].lower() + own[1:])
    is_plain = (
        _begins(piece, patterns)
        and patterns.verb.search(piece if book.file.language == "de" else piece.partition(",")[0])
        and not patterns.refused.search(piece)
        and not book.faultless.search(piece)
    )
    return clause if is_plain and len(piece.split()) <= MAX_WORDS else None


def _begins(piece: str, patterns: NucleusPatterns) -> bool:
    """True where the piece begins with a subject, perhaps after words that tell when."""
    lead = _WHEN.match(piece)
    at = lead.end() if lead else 0
    return patterns.starts.match(piece) is not None or (lead is not None and patterns.starts.match(piece, at) is not None)


def _in_order(piece: str, patterns: NucleusPatterns, book: DetailBook) -> str:
    """A German clause with its subject first again: "Außerdem klemmt die Schiene" -> "die Schiene klemmt"."""
    m = _INVERTED.fullmatch(piece) if book.file.language == "de" else None
    is_verb = m is not None and patterns.verb.fullmatch(m["verb"]) is not None
    return f"{m['subject']} {m['verb']}{m['rest'] or ''}" if m and is_verb else piece


_ADDED = re.compile(
    r"^(?:en plus|de plus|et puis|par contre|en revanche|además|encima|y encima|inoltre|in più|per di più|anche|purtroppo|além disso|"
    r"fora isso|"
    r"ainda por cima|também|infelizmente|malheureusement|lamentablemente|invece),? ",
    re.IGNORECASE,
)
"""First words that only say that there is more."""
_IT = re.compile(
    r"^(?:il (?!(?:y|n'y|n’y|s'agit|s’agit|faut|reste|pleut)\b|manqu|(?:est|était) (?:im)?possible|(?:est|était) difficile)|er (?=\w))",
    re.IGNORECASE,
)
_THING = {"fr": "votre article ", "de": "der Artikel "}
"""What was bought, for a pronoun of the same gender that begins a sentence."""
_WHEN = re.compile(
    r"(?:dopo|entro|alla|al|alle|después de|tras|a las?|al|en|après|au bout de|dès|depuis|depois de|com|em|no|na|aos?|às?|nach|seit|"
    r"schon nach|"
    r"bereits nach|beim|auf|bei) (?:[\w'’]+ ){1,4}?,? ?(?=\w)",
    re.IGNORECASE,
)
"""Before the subject of a clause."""
_INVERTED = re.compile(
    r"(?:(?:[Aa]ußerdem|[Aa]llerdings|[Ll]eider|[Zz]udem|[Dd]azu|[Dd]ann|[Jj]etzt|[Aa]uch) )(?P<verb>\w+) "
    r"(?P<subject>(?:der|die|das|mein|meine|ein|eine|zwei|drei|vier|beide)(?: [a-zäöüß]+)? [A-ZÄÖÜ][\wäöüß-]+)(?P<rest> .*)?"
)
_RESTRICTS = re.compile(
    r"\s*(?:except|unless|but|only|if|when|according|apparently|or so|sauf|excepté|mais|à moins|si|selon|d['’]après|quand|seulement"
    r"|excepto|salvo|menos|pero|según|cuando|solo|sólo|tranne|eccetto|ma|se|secondo|quando|solamente|exceto|mas|segundo|só)\b",
    re.IGNORECASE,
)


def _without_rest(piece: str, book: DetailBook) -> str:
    """The piece up to a comma after a whole clause: what follows may be in the buyer's voice. German needs its commas.

    An exception, a condition or a source stays, for without it more would be said than the buyer said.
    """
    head, comma, rest = piece.partition(",")
    patterns = book.nucleus
    if book.file.language == "de" or not comma or patterns is None or _RESTRICTS.match(rest):
        return piece
    return head if _begins(head, patterns) and patterns.verb.search(head) and len(head.split()) >= MIN_HEAD_WORDS else piece


def _touches(start: int, end: int, stretches: Stretches) -> bool:
    return any(a < end and start < b for a, b in stretches)


def _is_nucleus(clause: str, faultless: re.Pattern[str]) -> bool:
    """True for a short clause about what was bought, with its verb, that tells a fault."""
    verb = FINITE.search(clause)
    if verb is None or len(clause.split()) > MAX_WORDS or len(clause[: verb.start()].split()) > MAX_SUBJECT_WORDS:
        return False
    if "," in clause[: verb.start()] or _SAYS_NOTHING.fullmatch(clause):
        return False
    tail = _LAST_PART.search(clause)
    if tail and not FINITE.search(tail.group()):
        return False
    if _NOT_A_FAULT.search(clause) or OPEN_END.search(clause) or _LOOSE_COMMA.search(clause):
        return False
    return _tells_fault(clause, faultless) and not _is_half_praise(clause, faultless)


def _tells_fault(clause: str, faultless: re.Pattern[str]) -> bool:
    """True for a word that tells a fault, or for something that is not as it should be."""
    if faultless.search(clause):
        return False
    return bool(_BROKEN.search(clause) or _FAULT.search(clause)) or "n't" in clause


def _is_half_praise(clause: str, faultless: re.Pattern[str]) -> bool:
    """True for two things of which only the second is at fault: "the app works, but the cup leaks"."""
    but = _BUT.search(clause)
    return bool(but and _OWN.match(clause, but.end()) and not _tells_fault(clause[: but.start()], faultless))
