"""Errors -> problems on the wire. Errors know nothing of HTTP; this table does, and a test walks the tree so that none is unmapped."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from drafter.api.problem import MEDIA_TYPE, Problem
from drafter.errors import (
    ContentError,
    DrafterError,
    ModelBusy,
    ModelDenied,
    ModelDown,
    ModelError,
    ModelMalformed,
    ModelMisused,
    ModelRefused,
    ModelTimeout,
    RequestError,
    SettingsError,
    StoreError,
    WeightsError,
)
from drafter.logs import Log

log = Log("api")

STATUS: dict[type[DrafterError], tuple[int, str]] = {
    DrafterError: (500, "Internal error"),
    ContentError: (500, "A content file is wrong"),
    SettingsError: (500, "A setting is wrong"),
    RequestError: (422, "The request cannot be worked on"),
    ModelError: (502, "The model failed"),
    ModelBusy: (503, "The model is busy"),
    ModelTimeout: (504, "The model was too slow"),
    ModelDown: (502, "The model is down"),
    ModelRefused: (502, "The model refused"),
    ModelMalformed: (502, "The model's answer is unreadable"),
    ModelDenied: (502, "The model's provider denied us"),
    ModelMisused: (502, "The model cannot take this request"),
    WeightsError: (503, "The embedded model is not there"),
    StoreError: (503, "Records cannot be reached"),
}

REQUEST_STATUS = {"too_large": 413, "not_json": 400, "not_utf8": 400, "not_found": 404, "wrong_media_type": 415}
"""Codes of `RequestError` that are not about the payload's meaning."""


def status_of(error: DrafterError) -> tuple[int, str]:
    """HTTP status and title of an error, by its nearest class in the table."""
    for cls in type(error).__mro__:
        if cls in STATUS:
            status, title = STATUS[cls]
            return (REQUEST_STATUS.get(error.code, status), title) if isinstance(error, RequestError) else (status, title)
    raise AssertionError("DrafterError itself is in the table")


def add_error_handlers(app: FastAPI) -> None:
    """Let every error leave as a problem."""
    app.add_exception_handler(DrafterError, _on_drafter_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)


async def _on_drafter_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DrafterError):
        raise error
    status, title = status_of(error)
    if isinstance(error, RequestError):
        return _respond(Problem(title=title, status=status, code=error.code, detail=str(error), field=error.field))
    log.error("request.failed", reason=error.reason)
    return _respond(Problem(title=title, status=status, code=error.reason, detail=str(error)))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    codes = {404: "not_found", 405: "method_not_allowed"}
    problem = Problem(
        title=str(error.detail), status=error.status_code, code=codes.get(error.status_code, "http"), detail=str(error.detail)
    )
    return _respond(problem, headers=dict(error.headers or {}))


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    """The last handler: says that it was our fault, and nothing of what was in the request."""
    log.error("request.crashed", path=request.url.path, exception=type(error).__name__)
    return _respond(
        Problem(title="Internal error", status=500, code="internal", detail="Something broke on our side; the request was not at fault.")
    )


def _respond(problem: Problem, *, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(problem.model_dump(mode="json"), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)
