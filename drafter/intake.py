"""What callers send -> requests. The one door for the command line and the API.

Friendly where the meaning is plain: a bare review is a request, `stars` is `rating`, `resolved` may stand at the top, an unknown field is
left out and named in a warning. Strict in everything else: the first thing that is wrong is said in one sentence, with its field.
"""

from __future__ import annotations

import codecs
import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from drafter.domain import OWN_KEY, CheckRequest, DraftRequest, Remedy, Review, Subject
from drafter.edits import VerdictRequest
from drafter.errors import RequestError
from drafter.languages import UNDETERMINED, read_tag
from drafter.webhooks.request import WebhookRequest

MAX_BODY_BYTES = 256 * 1024
"""Largest request that is read; a review and its facts need a tenth of it."""
MAX_JOB_BYTES = 4 * 1024 * 1024
MAX_JOB_ITEMS = 500
MAX_WARNINGS = 20
"""Unknown fields that are told one by one; whoever sends thousands must not keep others waiting."""
MAX_NAME_CHARS = 60

R = TypeVar("R", bound=BaseModel)

REVIEW_ALIASES = {"stars": "rating", "kind": "subject", "text": "body"}
LIFTED = {
    "resolved": ("order", "resolved"),
    "previous_messages": ("order", "previous_messages"),
    "seller_started": ("order", "seller_started"),
    "language": ("options", "language"),
    "deadline_s": ("options", "deadline_s"),
    "model": ("options", "model"),
    "holding": ("options", "holding"),
    "marketplace": ("review", "marketplace"),
    "fulfilled_by": ("review", "fulfilled_by"),
    "asin": ("product", "asin"),
    "order_id": ("order", "order_id"),
    "buyer_key": ("order", "buyer_key"),
}
"""Fields that callers like to put at the top, and where they belong."""

PATTERNS = {OWN_KEY: "may hold letters, digits and . _ : - only, no spaces, and begins with a letter or a digit"}
"""Patterns in words."""

SENTENCES: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "missing": lambda _value, _ctx: "is required",
    "string_too_short": lambda _value, _ctx: "is empty",
    "string_too_long": lambda _value, ctx: f"is longer than {ctx.get('max_length')} characters",
    "string_type": lambda _value, _ctx: "must be a text",
    "model_type": lambda value, _ctx: f"must be an object, not {_kind(value)}",
    "tuple_type": lambda value, _ctx: f"must be a list, not {_kind(value)}",
    "int_parsing": lambda value, _ctx: f"{_short(value)} is no whole number",
    "less_than_equal": lambda value, ctx: f"{_short(value)} is more than {ctx.get('le')}",
    "greater_than_equal": lambda value, ctx: f"{_short(value)} is less than {ctx.get('ge')}",
    "greater_than": lambda value, ctx: f"{_short(value)} is not more than {ctx.get('gt'):g}",
    "string_pattern_mismatch": lambda _value, ctx: PATTERNS.get(ctx.get("pattern", ""), "holds a character that it may not hold"),
    "extra_forbidden": lambda _value, _ctx: "is no known field",
    "literal_error": lambda value, ctx: f"{_short(value)} is none of {ctx.get('expected')}",
    "enum": lambda value, ctx: f"{_short(value)} is none of {ctx.get('expected')}",
}


@dataclass(frozen=True, slots=True)
class Received(Generic[R]):
    """A request that can be worked on, and what the caller should know about it."""

    request: R
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelFact:
    """What the door must know of a channel."""

    id: str
    subject: Subject
    may_draft: bool = True
    """False where nothing is drafted, only checked."""


def parse_json(raw: bytes, *, max_bytes: int = MAX_BODY_BYTES) -> Any:
    """Value of a JSON text.

    Raises:
        RequestError: too large, not UTF-8, or not JSON.
    """
    if len(raw) > max_bytes:
        raise RequestError(f"{len(raw)} bytes are more than {max_bytes}; send one request at a time", code="too_large")
    try:
        return _JSON.decode(raw.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as exc:
        raise RequestError(f"not UTF-8 at byte {exc.start}; send UTF-8", code="not_utf8") from exc
    except json.JSONDecodeError as exc:
        raise RequestError(f"not JSON: {exc.msg} at line {exc.lineno}, column {exc.colno}", code="not_json") from exc
    except RecursionError as exc:
        raise RequestError("nested too deeply", code="not_json") from exc
    except ValueError as exc:
        raise RequestError(f"not JSON that can be read: {str(exc)[:80]}", code="not_json") from exc


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
"""Made once: `json.loads` makes one for each text that it is told to be strict with."""


def read_id(value: Any) -> str | int | None:
    """The caller's own id.

    Raises:
        RequestError: it is neither a text nor a whole number.
    """
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return value.encode("utf-8", "replace").decode("utf-8")[:200] if isinstance(value, str) else value
    raise RequestError("must be a text or a whole number", code="invalid", field="id")


def receive_draft_request(value: Any, channels: Mapping[str, ChannelFact]) -> Received[DraftRequest]:
    """A request for a draft, from a full request or a bare review.

    Raises:
        RequestError: something is wrong or missing; names the field.
    """
    body = _lift(_object(value))
    warnings: list[str] = []
    known = _known_fields(DraftRequest, body, "", warnings)
    review = known.get("review")
    if isinstance(review, dict):
        _agree_on_channel(known, review, channels)
    elif "review" not in known:
        raise RequestError('is required; {"body": "…"} alone is enough', code="invalid", field="review")
    known["id"] = read_id(known.get("id"))
    if isinstance(options := known.get("options"), dict):
        _agree_on_language(options)
    request = _validate(DraftRequest, known)
    _known_channel(request.channel, channels)
    if not channels[request.channel].may_draft:
        writable = ", ".join(sorted(channel.id for channel in channels.values() if channel.may_draft))
        message = f"nothing is drafted for {request.channel}, its texts are only checked; use one of {writable}"
        raise RequestError(message, code="channel_takes_no_draft", field="channel")
    if not request.review.body.strip():
        raise RequestError("is empty; send what the buyer wrote", code="invalid", field="review.body")
    return Received(request, (*warnings, *warn_of_remedies(request)))


def warn_of_remedies(request: DraftRequest) -> Iterator[str]:
    """A sentence for each remedy in the seller's own words: it may be meant so, and it may be a name mistyped."""
    known = [remedy.value for remedy in Remedy]
    for number, words in enumerate(request.seller.allowed_remedies):
        if Remedy.named(words) is None:
            near = difflib.get_close_matches(words[:MAX_NAME_CHARS].casefold().replace(" ", "_"), known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            path = f"seller.allowed_remedies.{number}"
            yield f"{path}: {_short(words)} is no known remedy, so that no template offers it; {hint}known are {', '.join(known)}"


def receive_job(value: Any, receive: Callable[[Any], Received[DraftRequest]]) -> tuple[Received[DraftRequest], ...]:
    """The requests of a job.

    Args:
        receive: Receives each as it would be received alone.

    Raises:
        RequestError: something is wrong or missing; names the item and its field.
    """
    items = _object(value).get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_JOB_ITEMS:
        raise RequestError(f"must be a list of 1 to {MAX_JOB_ITEMS} requests", code="invalid", field="items")
    received = []
    for number, item in enumerate(items):
        try:
            received.append(receive(item))
        except RequestError as exc:
            field = f"items.{number}.{exc.field}" if exc.field else f"items.{number}"
            raise RequestError(str(exc).removeprefix(f"{exc.field}: "), code=exc.code, field=field) from exc
    return tuple(received)


def receive_webhook(value: Any) -> WebhookRequest:
    """An address that wants to be told, and of what.

    Raises:
        RequestError: something is wrong or missing; names the field.
    """
    return _validate(WebhookRequest, _object(value))


def receive_check_request(value: Any, channels: Mapping[str, ChannelFact]) -> Received[CheckRequest]:
    """A request to check a text.

    Raises:
        RequestError: something is wrong or missing; names the field.
    """
    body = {key: item for key, item in _object(value).items() if key != "id"}
    if isinstance(body.get("review"), dict):
        review = _review_fields(body["review"])
        body["review"] = "\n".join(str(review[key]) for key in ("title", "body") if review.get(key))
    warnings: list[str] = []
    request = _validate(CheckRequest, _known_fields(CheckRequest, body, "", warnings))
    _known_channel(request.channel, channels)
    if not any(character.isprintable() and not character.isspace() for character in request.text):
        raise RequestError("is empty; send the text to check", code="invalid", field="text")
    return Received(request, tuple(warnings))


def receive_verdict_request(value: Any) -> VerdictRequest:
    """What a person says about a draft.

    Raises:
        RequestError: something is wrong, missing or does not go together; names the field.
    """
    request = _validate(VerdictRequest, _object(value))
    if not request.by.strip():
        raise RequestError("is empty; say who decided", code="invalid", field="by")
    if request.verdict == "rejected" and not request.reason.strip():
        raise RequestError("is empty; say why, so that prompts can be mended", code="invalid", field="reason")
    has_text = bool(request.final_text and request.final_text.strip())
    if has_text != (request.verdict == "edited"):
        message = "is empty; send the text as it will be sent" if not has_text else f"belongs to edited, not to {request.verdict}"
        raise RequestError(message, code="invalid", field="final_text")
    return request


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RequestError(f"a JSON object is needed, not {_kind(value)}", code="invalid")
    return value


def _lift(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same request with every field where it belongs."""
    if "review" in value:
        body = dict(value)
    else:
        own = {key: value[key] for key in value if key in DraftRequest.model_fields or key in LIFTED}
        review = {key: item for key, item in value.items() if key in Review.model_fields or key in REVIEW_ALIASES}
        rest = {key: item for key, item in value.items() if key not in own and key not in review}
        body = {**own, **rest, "review": review} if review else {**own, **rest}
    if isinstance(body.get("review"), str):
        body["review"] = {"body": body["review"]}
    if isinstance(body.get("review"), dict):
        body["review"] = _review_fields(body["review"])
    for name, (part, field) in LIFTED.items():
        if name in body and isinstance(body.get(part, {}), dict):
            body[part] = {field: body.pop(name), **(body.get(part) or {})}
    return body


def _review_fields(review: Mapping[str, Any]) -> dict[str, Any]:
    """The review under its own field names; a name of its own wins over an alias."""
    renamed = {REVIEW_ALIASES.get(key, key): item for key, item in review.items() if key in REVIEW_ALIASES}
    return {**renamed, **{key: item for key, item in review.items() if key not in REVIEW_ALIASES and key != "id"}}


def _known_fields(model: type[BaseModel], value: Mapping[str, Any], path: str, warnings: list[str]) -> dict[str, Any]:
    """What the model knows of `value`; the rest becomes warnings."""
    known: dict[str, Any] = {}
    for key, item in value.items():
        field = model.model_fields.get(key)
        if field is None:
            if len(warnings) >= MAX_WARNINGS:
                continue
            names = {*model.model_fields, *((*LIFTED, *Review.model_fields) if model is DraftRequest else ())}
            near = difflib.get_close_matches(key[:MAX_NAME_CHARS], sorted(names), n=1, cutoff=0.75)
            warnings.append(f"{path}{_short(key)} is no known field and was ignored" + (f"; did you mean {near[0]}?" if near else ""))
            continue
        inner = field.annotation
        is_model = isinstance(inner, type) and issubclass(inner, BaseModel) and isinstance(item, dict)
        known[key] = _known_fields(inner, item, f"{path}{key}.", warnings) if is_model else item  # type: ignore[arg-type]
    return known


def _agree_on_channel(known: dict[str, Any], review: dict[str, Any], channels: Mapping[str, ChannelFact]) -> None:
    """Fill in what follows: the channel from the subject, or the subject from the channel."""
    channel = known.get("channel")
    if channel is None and review.get("subject") == Subject.SELLER_FEEDBACK:
        known["channel"] = "feedback_contact"
    elif isinstance(channel, str) and channel in channels and review.get("subject") is None:
        review["subject"] = channels[channel].subject


def _agree_on_language(options: dict[str, Any]) -> None:
    """Leaves a tag there as it is compared; one of no language in particular is no wish.

    Raises:
        RequestError: what stands there is no tag.
    """
    asked = options.get("language")
    if not isinstance(asked, str) or not asked.strip():
        return
    tag = read_tag(asked)
    if tag is None:
        message = f"{_short(asked)} is no language tag; send one such as en, de or pt-BR, or leave it out for the review's own language"
        raise RequestError(message, code="invalid", field="options.language")
    options["language"] = None if tag.lower() == UNDETERMINED else tag


def _known_channel(channel: str, channels: Mapping[str, ChannelFact]) -> None:
    if channel not in channels:
        message = f"{_short(channel)} is no channel; use one of {', '.join(sorted(channels))}"
        raise RequestError(message, code="unknown_channel", field="channel")


def say_what_is_wrong(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors in our words where we have some; a pattern or a name in its words stays as it is written."""
    say = SENTENCES.get(error["type"])
    if say:
        return say(error.get("input"), error.get("ctx") or {})
    words: str = error["msg"]
    return words[:1].lower() + words[1:]


def _validate(model: type[R], value: Mapping[str, Any]) -> R:
    try:
        return model.model_validate(value)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        message = say_what_is_wrong(first)
        field = ".".join(str(part) for part in first["loc"])
        # The cause would repeat the buyer's text.
        raise RequestError(message, code="invalid", field=field or None) from None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 40 else text[:37] + "…"


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", dict: "an object", type(None): "null", bool: "a boolean"}.get(type(value), "a number")
