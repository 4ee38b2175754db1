"""Every value that travels, in travelling order: reading this file is reading the flow.

    DraftRequest ─triage▶ Triage ─draft▶ Draft ─check▶ GuardrailReport ─score▶ Scorecard ─decide▶ Decision ─▶ DraftRecord

All values are frozen; each stage returns a new one and changes none. Texts are NFC; spans are half-open and count code points of
the text they are said to lie in. The review is untrusted text everywhere.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 1
"""Of `DraftRecord`. Raise it together with a step in the stores' readers that turns the last version into the new one."""

LOCAL_ACCOUNT = "local"
"""Account of the command line, and of a service without keys."""

MAX_REVIEW_CHARS = 20_000
MAX_DRAFT_CHARS = 8_000


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Unicode's category Cc without tab and line feed."""


class Value(BaseModel):
    """A frozen, closed value whose field docstrings become the OpenAPI text."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        # What is answered is whole: a reader need not ask of any field whether it is there.
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def trusted(cls, values: dict[str, Any]) -> Self:
        """A value of all its fields, known to be right, under the names they have here; `values` is kept.

        Checking them, or `model_construct`, takes five times as long, and a hostile text has thousands of findings.
        """
        made = _new(cls)
        _set_values(made, values)
        _set_fields(made, _names(cls))
        _set_extra(made, None)
        _set_private(made, None)
        return made


@cache
def _names(kind: type[BaseModel]) -> set[str]:
    return set(kind.model_fields)


_new = object.__new__
_set_values, _set_fields, _set_extra, _set_private = (
    vars(BaseModel)[name].__set__ for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def _clean(text: str) -> str:
    """NFC, line ends folded, control characters gone; lone surrogates cannot be sent or stored and are replaced."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)


Text = Annotated[str, AfterValidator(_clean)]
ShortText = Annotated[str, Field(max_length=500), AfterValidator(_clean)]
OWN_KEY = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
OwnKey = Annotated[str | None, Field(default=None, pattern=OWN_KEY, max_length=120)]
"""A caller's own key for something: neither a name, nor an e-mail, nor an address passes."""


class ContentRef(Value):
    """Which content file, in which state, had a part in an answer."""

    path: str
    """Relative to the content root, e.g. `prompts/reply/v1.j2`."""
    sha256: str
    """Hex digest over name and bytes."""


class Span(Value):
    """Half-open range [start, end) in code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.end < self.start:
            raise ValueError("a span ends before it starts")
        return self


# ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Subject(StrEnum):
    """What the buyer's text is about; the two have opposite rules."""

    PRODUCT_REVIEW = "product_review"
    SELLER_FEEDBACK = "seller_feedback"


class Fulfilment(StrEnum):
    """Who shipped the order."""

    AMAZON = "amazon"
    SELLER = "seller"


class Review(Value):
    """A product review or seller feedback, as the buyer wrote it. Holds no buyer name and no address."""

    subject: Subject = Subject.PRODUCT_REVIEW
    """Defaults to what the channel is for."""
    rating: int | None = Field(default=None, ge=1, le=5)
    """Stars, 1 to 5; None when unknown."""
    title: ShortText = ""
    body: Text = Field(min_length=1, max_length=MAX_REVIEW_CHARS)
    received_at: AwareDatetime | None = None
    """Also accepts epoch seconds."""
    fulfilled_by: Fulfilment | None = None
    marketplace: str | None = Field(default=None, max_length=40)
    """Store, e.g. `amazon.de` or `DE`."""
    helpful_votes: int | None = Field(default=None, ge=0)
    """How many found the review helpful; it counts towards urgency."""

    @property
    def text(self) -> str:
        """Title and body as one text; the spans of `Triage` lie in it."""
        return f"{self.title}\n{self.body}" if self.title else self.body


class Product(Value):
    """What was bought."""

    title: ShortText = ""
    asin: str | None = Field(default=None, max_length=20)


class Remedy(StrEnum):
    """What a seller may allow a draft to offer."""

    FULL_REFUND = "full_refund"
    PARTIAL_REFUND = "partial_refund"
    REPLACEMENT = "replacement"
    SPARE_PART = "spare_part"
    RETURN_LABEL = "return_label"
    TROUBLESHOOTING = "troubleshooting"
    NONE = "none"

    @classmethod
    def named(cls, words: str) -> Remedy | None:
        """The remedy that these words name, `Full refund` as well as `full_refund`; None for one in the seller's own words."""
        name = "_".join(words.casefold().replace("-", " ").replace("_", " ").split())
        return cls(name) if name in cls._value2member_map_ else None


def _name_remedy(words: str) -> str:
    remedy = Remedy.named(words)
    return words if remedy is None else remedy.value


class Tone(StrEnum):
    """How the seller sounds."""

    WARM = "warm"
    PLAIN = "plain"
    FORMAL = "formal"


class Seller(Value):
    """The seller's voice, and what it allows a draft to say."""

    brand: ShortText = ""
    signature: ShortText = ""
    """Last line of a private message, as written; empty means the brand, or none."""
    tone: Tone = Tone.WARM
    allowed_remedies: tuple[Annotated[str, AfterValidator(_name_remedy)], ...] = Field(default=(), max_length=20)
    """`full_refund`, `partial_refund`, `replacement`, `spare_part`, `return_label`, `troubleshooting`, `none`; or the seller's own words
    for another remedy, which only a large model puts into a draft: then `warnings` says so."""
    facts: tuple[ShortText, ...] = Field(default=(), max_length=50)
    """Statements that a draft may repeat; nothing else may be claimed."""


class ContactKind(StrEnum):
    """What a message to a buyer was for."""

    ANSWER = "answer"
    """To a message of the buyer; never capped, the buyer waits for it."""
    TEMPLATE = "template"
    """A locked Contact Customer template."""
    MESSAGE = "message"
    """Any other message that the seller started."""
    NOTICE = "notice"
    """That feedback can be updated or removed, after the fix."""
    REQUEST = "request"
    """For a review or for feedback, by button, API or text."""
    UNSURE = "unsure"
    """A template, or the answer to one that was answered: not known which, and so counted as a template."""


class PastContact(Value):
    """A message that this buyer was sent before. Holds no text and no key."""

    kind: ContactKind
    sent_at: AwareDatetime
    is_same_order: bool = True
    """False when it was about another order of the same buyer."""


class ReplyState(StrEnum):
    """Where the public reply to seller feedback stands."""

    NONE = "none"
    LIVE = "live"
    LOCKED = "locked"
    """It was deleted; there is no second one."""
    UNSURE = "unsure"
    """It was deleted, and then the buyer changed the feedback: a person looks whether the place is free."""
    GONE = "gone"
    """There is no feedback any more to reply to."""


class Recalled(Value):
    """What approved drafts say was sent, as the store had it when a draft was made.

    Kept apart from what callers tell: an approval can be taken back, so the next one asks anew.
    """

    contacts: tuple[PastContact, ...]
    """Newest first."""
    public_reply: ReplyState | None
    """Live when a public reply was approved for this order."""


class OrderFacts(Value):
    """What is known of the order and of the thread with this buyer. Unknown is None, never a guess."""

    resolved: bool = False
    """True once the buyer's concern is settled."""
    previous_messages: tuple[Text, ...] = Field(default=(), max_length=50)
    """Our own earlier messages on this order, oldest first."""
    seller_started: bool | None = None
    """True when the buyer wrote nothing in this thread."""
    completed_at: AwareDatetime | None = None
    opted_out: bool | None = None
    seller_of_record: bool | None = None
    brand_representative: bool | None = None
    buyer_replied: bool | None = None
    """True when the buyer has answered a Contact Customer template."""
    bought_shipping: bool | None = None
    """True when the label was bought with Buy Shipping."""
    shipped_on_time: bool | None = None
    order_id: OwnKey = None
    """The order, so that its drafts can be found and erased; never shown to a model."""
    buyer_key: OwnKey = None
    """Your own pseudonym for the buyer, so that his drafts can be found and erased; no name and no e-mail. Kept as a digest."""
    contacts: tuple[PastContact, ...] | None = Field(default=None, max_length=200)
    """What this buyer was sent by other ways than drafts of this service. Approved drafts of the order and of the buyer are added when
    `order_id` or `buyer_key` is given; one of unknown kind gives way to a contact of the same moment here. None: nothing is known."""
    public_reply: ReplyState | None = None
    """The public reply to this feedback, as Feedback Manager shows it; when None, an approved reply counts as live."""

    @property
    def has_key(self) -> bool:
        """True where there is something to look up by what was sent before."""
        return bool(self.order_id or self.buyer_key)


class DraftOptions(Value):
    """How to draft."""

    language: str | None = Field(default=None, max_length=20)
    """BCP 47 tag of the buyer's preferred language, e.g. `en` or `pt-BR`; None means the review's own. One that is not covered leaves the
    reply to a person (`language_not_supported`)."""
    prompt: str | None = Field(default=None, max_length=60)
    """Prompt version, e.g. `reply/v1`; None means the active one."""
    model: str | None = Field(default=None, max_length=120)
    """Model name in litellm's form, `embedded`, or `none` for templates only."""
    deadline_s: float | None = Field(default=None, gt=0, le=600)
    """Seconds until the answer must be there; None means the service's default."""
    holding: bool = False
    """True for two speeds: beside the reply, a message that can go out at once and says that the reply follows."""


class DraftRequest(Value):
    """Everything a draft may be made from. Only `review.body` is required."""

    id: str | int | None = None
    """The caller's own name for this request, up to 200 characters; comes back unchanged."""
    review: Review
    channel: str = Field(default="review_followup", max_length=40)
    """Id of a file in `guardrails/channels/`; defaults by subject."""
    product: Product = Product()
    seller: Seller = Seller()
    order: OrderFacts = OrderFacts()
    options: DraftOptions = DraftOptions()
    asked_at: AwareDatetime | None = None
    """Windows, caps and age count to here; the service's clock when None, and then it is kept in the record."""


# ── triage ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Issue(StrEnum):
    """What can be wrong."""

    DAMAGED_IN_TRANSIT = "damaged_in_transit"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_PARTS = "missing_parts"
    NOT_AS_DESCRIBED = "not_as_described"
    SIZE_OR_FIT = "size_or_fit"
    COMPATIBILITY = "compatibility"
    LATE_DELIVERY = "late_delivery"
    PACKAGING = "packaging"
    QUALITY_OR_DURABILITY = "quality_or_durability"
    USABILITY_OR_INSTRUCTIONS = "usability_or_instructions"
    PRICE_OR_VALUE = "price_or_value"
    CUSTOMER_SERVICE = "customer_service"
    SAFETY_HAZARD = "safety_hazard"
    COUNTERFEIT_SUSPICION = "counterfeit_suspicion"
    OTHER = "other"


class IssueSpan(Value):
    """Where a review speaks of an issue."""

    issue: Issue
    start: int
    """In `Review.text`, code points."""
    end: int
    quote: str
    """The words of the review."""


class Quote(Value):
    """Words of a review, and where they stand in `Review.text`."""

    start: int
    end: int
    quote: str


class GroundVerdict(StrEnum):
    """May this ground be reported to Amazon?"""

    ELIGIBLE = "eligible"
    HOLD = "hold"
    NOT_ELIGIBLE = "not_eligible"


class RemovalGround(Value):
    """One ground on which Amazon may remove the review or feedback, as judged for this text."""

    ground: str
    """`RC-01` … `RC-16` for product reviews, `FB-01` … `FB-06` for seller feedback."""
    verdict: GroundVerdict
    start: int
    end: int
    quote: str
    reason: str
    """One sentence: why eligible, held, or not."""


class Door(StrEnum):
    """By which door the seller may write to this buyer."""

    CONTACT_TEMPLATE_REFUND = "contact_template_refund"
    CONTACT_TEMPLATE_SUPPORT = "contact_template_support"
    THREAD_REPLY = "thread_reply"
    FEEDBACK_CONTACT = "feedback_contact"
    PUBLIC_REPLY = "public_reply"
    NONE = "none"


class ContactAdvice(Value):
    """Which door exists, why, and what is not known yet."""

    door: Door
    reason: str
    missing: tuple[str, ...] = ()
    """Facts that would change the advice, e.g. `order.seller_of_record`."""
    answer_by: AwareDatetime | None = None
    """Until when a buyer's message wants an answer; None where nothing runs, or its time is not known."""


class Route(StrEnum):
    """What happens next."""

    DRAFT = "draft"
    HUMAN_ONLY = "human_only"
    NO_REPLY = "no_reply"


class Triage(Value):
    """What is wrong, is it dangerous, may we write. Deterministic; every judgement has its words."""

    language: str
    """BCP 47 tag of the review, or `und` when too little text says so."""
    issues: tuple[Issue, ...]
    """In order of first mention, each once."""
    issue_spans: tuple[IssueSpan, ...]
    praise_spans: tuple[Quote, ...] = ()
    wants: tuple[str, ...] = ()
    """What the buyer asks for: `refund`, `replacement`, `answer`."""
    safety: bool
    safety_spans: tuple[Quote, ...] = ()
    injection: bool
    injection_spans: tuple[Quote, ...] = ()
    removal_grounds: tuple[RemovalGround, ...] = ()
    removal_packet: RemovalPacket | None = None
    """For the first eligible ground; None when there is none, which is the usual answer."""
    contact: ContactAdvice
    route: Route
    reasons: tuple[str, ...] = Field(min_length=1)
    """Codes, e.g. `safety_hazard`, `language_not_supported`, `draftable`."""
    urgency: float = Field(default=0.0, ge=0, le=1)
    """For sorting a queue; 1 must not wait."""


# ── drafting ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Origin(StrEnum):
    """Who wrote the draft."""

    MODEL = "model"
    TEMPLATE = "template"


class Usage(Value):
    """What a model call used. None means that the provider did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None


class SentenceKind(StrEnum):
    """What a sentence of a draft does."""

    EMPATHY = "empathy"
    RESTATEMENT = "restatement"
    CLAIM = "claim"
    ACTION = "action"
    QUESTION = "question"
    NOTICE = "notice"
    """How the thread goes on, and the letter's frame: greeting, signature."""


class LinkTo(StrEnum):
    """What a sentence may stand on."""

    REVIEW = "review"
    FACT = "fact"
    REMEDY = "remedy"
    ORDER = "order"


class Link(Value):
    """One thing that a sentence stands on, in the request's own words."""

    to: LinkTo
    number: int | None
    """Place in `seller.facts` or `seller.allowed_remedies`, from 0; None for the review and the order."""
    start: int | None
    """For the review: where the words begin in `Review.text`."""
    end: int | None
    quote: str
    """The words of the review, the fact, the remedy, or the name of the order's field, e.g. `resolved`."""


class Sentence(Value):
    """A sentence of a draft, or two that belong together, with what it stands on."""

    start: int
    """In `Draft.text`, code points."""
    end: int
    kind: SentenceKind
    links: tuple[Link, ...]
    """A restatement, a claim and an action have at least one."""


class Edit(Value):
    """A repair that needed no model: these words became those."""

    rule_id: str
    """Of the finding that it answers."""
    start: int
    """In the text before the repair."""
    before: str
    after: str


class Draft(Value):
    """A reply that nobody has approved yet."""

    text: Text = Field(min_length=1, max_length=MAX_DRAFT_CHARS)
    language: str
    origin: Origin
    content: tuple[ContentRef, ...]
    """Prompt, parts and templates it was made from."""
    prompt: str | None
    """Prompt version, e.g. `reply/v1`; None for a template."""
    model_asked: str | None
    model_answered: str | None
    usage: Usage = Usage()
    failed_tries: tuple[str, ...] = ()
    """Reason codes of the tries that failed before the model answered, in order, e.g. `model_busy`; `given_up` for each candidate that was
    not waited for, of which the price is estimated."""
    attempt: int = Field(ge=0)
    """Number of the attempt that wrote it, from 1; 0 for a template without any attempt."""
    sentences: tuple[Sentence, ...] = ()
    """The whole text, sentence by sentence, each with its proof; empty when its writer gave none, which is a finding."""
    edits: tuple[Edit, ...] = ()
    """Repairs by code, in the order they were made."""


# ── guardrail ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Severity(StrEnum):
    """How bad; `guardrails/decision.yaml` says what follows."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


class Category(StrEnum):
    """What kind of violation."""

    REVIEW_CHANGE_REQUEST = "review_change_request"
    FEEDBACK_CHANGE_PRESSURE = "feedback_change_pressure"
    INCENTIVE_FOR_REVIEW = "incentive_for_review"
    POSITIVE_REVIEW_SOLICITATION = "positive_review_solicitation"
    OFF_PLATFORM_CONTACT = "off_platform_contact"
    EXTERNAL_LINK = "external_link"
    PROMOTION = "promotion"
    PERSONAL_DATA = "personal_data"
    AGGRESSIVE_OR_BLAMING = "aggressive_or_blaming"
    COMPENSATION_IN_PUBLIC = "compensation_in_public"
    EXCESSIVE_CONTACT = "excessive_contact"
    GENERIC_BOILERPLATE = "generic_boilerplate"
    UNSAFE_PROMISE = "unsafe_promise"
    PLACEHOLDER_LEAK = "placeholder_leak"
    WRONG_LANGUAGE = "wrong_language"
    FORMAT = "format"
    UNGROUNDED_CLAIM = "ungrounded_claim"
    OTHER = "other"


class CheckRequest(Value):
    """A text and what the rules may know about its case. None means unknown: rules that need it are skipped, and say so."""

    channel: str
    text: str
    """Checked exactly as given; spans lie in it. Over the size cap it is refused, not cut."""
    language: str | None = None
    """The language that the text must have."""
    resolved: bool = False
    review: str | None = None
    """The buyer's words."""
    facts: tuple[str, ...] | None = None
    remedies: tuple[str, ...] | None = None
    previous_messages: tuple[str, ...] | None = None
    seller_started: bool | None = None
    fulfilled_by: Fulfilment | None = None
    names: tuple[str, ...] = ()
    """Product, brand and signature: proper names that are no other language and no claim."""


class Finding(Value):
    """One thing a rule saw in a draft. Says nothing about what to do."""

    rule_id: str
    category: Category
    severity: Severity
    start: int
    """In the raw text as given, code points; 0 and the text's length when the whole text is meant."""
    end: int
    quote: str
    """`text[start:end]`."""
    message: str
    """One sentence: what is wrong, why."""
    source: str
    """Where the rule comes from, e.g. `A14 A13 T3`."""
    suggestion: str
    """What to write instead."""
    view: str
    """View of the text it was seen in: `raw`, `folded`, `despaced` …"""


class RuleStatus(StrEnum):
    """How a rule ended. Only `passed` is a pass."""

    PASSED = "passed"
    FLAGGED = "flagged"
    ERRORED = "errored"
    SKIPPED = "skipped"


class RuleResult(Value):
    """What one rule of the pack did with this text."""

    rule_id: str
    status: RuleStatus
    reason: str = ""
    """Why it was skipped or errored, e.g. `no facts given`."""
    is_shadow: bool = False
    """True when the rule only watches: its findings are in `GuardrailReport.shadow`."""


class Verdict(StrEnum):
    """The report in one word."""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"


class GuardrailReport(Value):
    """Every rule of the pack exactly once, and all findings."""

    channel: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    """By position, then rule id."""
    results: tuple[RuleResult, ...]
    """In the pack's order."""
    exceptions: tuple[str, ...] = ()
    """Ids of exceptions that let a hit pass, as `rule-id/exception-id`."""
    shadow: tuple[Finding, ...] = ()
    """Findings of rules in shadow mode; they do not touch the verdict."""
    pack_version: str = ""
    """Versions of the packs, e.g. `amazon 1.1.0, house 1.0.0`; empty in records from before packs had one."""
    pack_sha256: str
    engine_version: str
    text_sha256: str

    @property
    def errored(self) -> tuple[str, ...]:
        """Ids of rules that crashed; any makes the draft unfit to be offered."""
        errored = RuleStatus.ERRORED
        return tuple([r.rule_id for r in self.results if r.status is errored])


class RemovalPacket(Value):
    """What may be sent to Amazon about one eligible ground. A person sends it, or nobody."""

    ground: str
    """The ground that it names, e.g. `RC-05`."""
    text: str | None
    """As it may be sent; None when the rules forbid it."""
    verdict: Verdict
    """Of the rules, on the channel `removal_request`."""
    findings: tuple[Finding, ...] = ()


# Its packet has a verdict of the rules, which come later in the flow.
Triage.model_rebuild()


class ProofReport(Value):
    """Whether each sentence of a draft stands on something. Checked from the record alone, without a model."""

    version: int
    """Of the verifier."""
    findings: tuple[Finding, ...]
    """What stands on nothing: `unproven-claim`, `unproven-action`, `unproven-restatement`, `broken-link`, `unread-text`."""
    linked: int
    """Sentences that stand on something."""
    needed: int
    """Sentences that must."""


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Score(Value):
    """One scorer's judgement of a draft."""

    scorer: str
    version: int = Field(ge=1)
    value: float | None = Field(ge=0, le=1)
    """1 is best; None when it cannot be said, and then `reason` says why."""
    reason: str = Field(min_length=1)
    spans: tuple[Span, ...] = ()
    """Where in the draft it was seen; empty when the whole text is meant."""

    @model_validator(mode="after")
    def _finite(self) -> Score:
        if self.value is not None and math.isnan(self.value):
            raise ValueError("a score is a number or None, never NaN")
        return self


class Scorecard(Value):
    """All scores of a draft, by scorer."""

    scores: tuple[Score, ...]

    def value(self, scorer: str) -> float | None:
        """Value of one scorer; None when it could not say or did not run."""
        return next((s.value for s in self.scores if s.scorer == scorer), None)


# ── decision and record ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Action(StrEnum):
    """What happens with a draft."""

    OFFER = "offer"
    REPAIR = "repair"
    ESCALATE = "escalate"
    DECLINE = "decline"


class Decision(Value):
    """What to do, and why."""

    action: Action
    reasons: tuple[str, ...] = Field(min_length=1)
    """Codes, e.g. `clean`, `blocked`, `model_timeout`, `safety_hazard`."""


class Attempt(Value):
    """One try at a draft: what was asked, what came, why it was kept or not."""

    number: int
    """From 1; templates are attempts as well."""
    origin: Origin
    model: str | None
    text: str | None
    """What came out; None when nothing did."""
    error: str | None
    """Reason code of the failure, e.g. `model_down`; None when a text came."""
    detail: str = ""
    """One sentence for people."""
    findings: tuple[Finding, ...] = ()
    decision: Decision | None
    usage: Usage = Usage()
    duration_s: float = Field(ge=0)


class Timing(Value):
    """Seconds spent in one stage."""

    stage: str
    duration_s: float = Field(ge=0)


class Provenance(Value):
    """What an answer was made with; enough to make or judge it again."""

    drafter_version: str
    engine_version: str
    pack_version: str = ""
    """Versions of the packs; empty in records from before packs had one."""
    pack_sha256: str
    content: tuple[ContentRef, ...]
    model_asked: str | None
    model_answered: str | None


class Departure(Value):
    """One question that left this machine."""

    model: str
    endpoint: str
    """Where it was asked: host and port of the operator's own endpoint, or `provider`."""
    sha256: str
    """Of the messages as they left, so that what was sent can be proven without being kept."""
    chars: int


class PrivacyLedger(Value):
    """What of a request left this machine, and what was masked before."""

    masked: dict[str, int]
    """Pieces of data by kind (`name`, `email`, `phone`, `address`, `order_id` …) for which placeholders stood in all that was sent."""
    sent: tuple[Departure, ...]
    """Empty when no remote model was asked."""
    kept_from: tuple[str, ...]
    """Models that were not asked, since the account's texts stay on this machine."""


class HoldingReply(Value):
    """A message that holds the line until the reply is approved. It names the complaint, offers nothing and asks for nothing."""

    text: str
    """The draft's text."""
    draft: Draft
    report: GuardrailReport
    proof: ProofReport
    scorecard: Scorecard


class DraftRecord(Value):
    """One request's whole story. Append-only."""

    schema_version: int = SCHEMA_VERSION
    id: str
    created_at: datetime
    request: DraftRequest
    """As it was asked, with the time that it counts to."""
    recalled: Recalled | None = None
    """What the store added to the request's own contacts; None without a key to ask by, while the store was away, and in records from
    before it was kept apart: there it is among the request's contacts."""
    triage: Triage
    draft: Draft | None
    """None when nothing was written: the action is `decline`, or `escalate` where only a person can write."""
    report: GuardrailReport | None
    proof: ProofReport | None = None
    """None in records from before there were proofs, and without a draft."""
    scorecard: Scorecard | None
    decision: Decision
    holding: HoldingReply | None = None
    """None where none was asked for, or none is fit."""
    attempts: tuple[Attempt, ...]
    timings: tuple[Timing, ...]
    provenance: Provenance
    privacy: PrivacyLedger | None = None
    """None in records from before there were ledgers."""
    deadline_s: float
    duration_s: float
    cost_usd: float | None


class DraftResponse(Value):
    """What the caller gets: a draft with its verdict and its proof."""

    id: str
    """Of the record; `GET /v1/drafts/{id}`."""
    request_id: str | int | None
    """The caller's own id, unchanged."""
    action: Literal["offer", "escalate", "decline"]
    """`offer`: a person may approve this draft. `escalate`: a person must take over; the draft, if any, only holds the line.
    `decline`: nothing is to be written."""
    reasons: tuple[str, ...]
    text: str | None
    """The draft's text."""
    language: str
    channel: str
    origin: Origin | None
    verdict: Verdict | None
    draft: Draft | None
    triage: Triage
    report: GuardrailReport | None
    proof: ProofReport | None
    """Whether each sentence of `draft.sentences` stands on a span of the review, a fact or a remedy."""
    scorecard: Scorecard | None
    holding: HoldingReply | None
    """What can be sent now, where `options.holding` asked for it. None as well where the reply itself only holds the line, where it is
    public (there is only one), where nothing is complained of or left to settle, and where the rules let nothing pass."""
    attempts: tuple[Attempt, ...]
    timings: tuple[Timing, ...]
    provenance: Provenance
    privacy: PrivacyLedger | None
    """What was masked and what left for remote models; None for records from before there were ledgers."""
    is_stored: bool
    """False when the record could not be written; the answer is still valid."""
    warnings: tuple[str, ...]
    """What the caller should know, e.g. fields that were ignored."""
    deadline_s: float
    duration_s: float
    cost_usd: float | None
    """None when a provider did not price a call."""


class HumanVerdict(Value):
    """What a person decided about a draft."""

    record_id: str
    verdict: Literal["approved", "edited", "rejected"]
    final_text: Text | None
    reason: str
    by: str
    at: AwareDatetime


JsonObject = dict[str, Any]
