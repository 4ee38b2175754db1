"""What people decided about drafts, and lists of reviews, as cases: a draft that was edited or rejected is the best case there is.

Keys of orders and buyers are left out, and what looks like contact data is cut from the review; whoever commits the lines reads them first.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from drafter.domain import DraftRequest
from drafter.drafting.sanitise import sanitise
from drafter.errors import RequestError
from drafter.evals.sets import EvalCase, Expectation
from drafter.evals.verdicts import read_verdicts

MAX_CHARS = 6_000
COLUMNS = ("id", "title", "body", "rating", "channel", "product", "tags", "action", "mentions")
"""Of a CSV file; only `body` is needed."""


def cases_of_verdicts(lines: Iterable[Mapping[str, Any]], *, licence: str) -> Iterator[EvalCase]:
    """A case for each record whose last verdict is no plain approval; lines as `drafter db export` writes them.

    Raises:
        RequestError: a line is something else.
    """
    for record, verdict in read_verdicts(lines):
        if verdict.verdict == "approved":
            continue
        expect = Expectation(action=record.decision.action.value)
        tags = ("harvested", verdict.verdict, record.triage.language)
        note = f"{verdict.reason}" + (f"; sent as: {verdict.final_text}" if verdict.final_text else "")
        origin = f"record {record.id}"
        yield EvalCase(
            id=record.id, request=_scrub(record.request), expect=expect, tags=tags, origin=origin, licence=licence, note=note[:2000]
        )


def cases_of_csv(text: str, *, origin: str, licence: str) -> Iterator[EvalCase]:
    """A case for each row; `tags` and `mentions` are separated by semicolons.

    Raises:
        RequestError: a column is unknown, or a row has a wrong value.
    """
    reader = csv.DictReader(StringIO(text))
    unknown = set(reader.fieldnames or ()) - set(COLUMNS)
    if unknown or "body" not in (reader.fieldnames or ()):
        message = f"unknown column {min(unknown)!r}" if unknown else "no column 'body'"
        raise RequestError(f"{message}; columns are {', '.join(COLUMNS)}", code="invalid", field="header")
    for number, row in enumerate(reader, start=2):
        try:
            yield _case_of_row({key: value for key, value in row.items() if value}, origin=origin, licence=licence)
        except (KeyError, ValueError) as exc:
            raise RequestError(str(exc).splitlines()[0], code="invalid", field=f"line {number}") from exc


def _case_of_row(row: Mapping[str, str], *, origin: str, licence: str) -> EvalCase:
    review = {"title": row.get("title", ""), "body": row["body"], "rating": int(row["rating"]) if "rating" in row else None}
    request = {"review": review, "product": {"title": row.get("product", "")}}
    if "channel" in row:
        request["channel"] = row["channel"]
    name = row.get("id") or hashlib.sha256(row["body"].encode()).hexdigest()[:12]
    return EvalCase(
        id=name,
        request=_scrub(DraftRequest.model_validate(request)),
        expect=Expectation(action=row.get("action", "offer"), mentions=_split(row.get("mentions", ""))),
        tags=_split(row.get("tags", "")),
        origin=origin,
        licence=licence,
    )


def _scrub(request: DraftRequest) -> DraftRequest:
    """The request without keys, and its review without contact data."""
    order = request.order.model_copy(update={"order_id": None, "buyer_key": None})
    body = sanitise(request.review.body, (), max_chars=MAX_CHARS)
    review = request.review.model_copy(update={"body": body or request.review.body[:MAX_CHARS]})
    return request.model_copy(update={"id": None, "order": order, "review": review})


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(";") if word.strip())
