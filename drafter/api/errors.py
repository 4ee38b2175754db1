"""Errors -> problems on the wire. Errors know nothing of HTTP; `problem.CODES` does, and a test walks the tree so that none is unmapped."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from drafter.api.problem import CODES, Problem, problem, respond
from drafter.errors import AccessError, DrafterError, ModelBusy, RequestError, StoreError
from drafter.intake import say_what_is_wrong
from drafter.logs import Log

log = Log("api")

OF_HTTP = {404: "not_found", 405: "method_not_allowed"}
"""Codes of what the router itself refuses."""

STORE_RETRY_S = 2.0
"""When to ask again after the store could not be reached."""


def problem_of(error: DrafterError) -> Problem:
    """What the caller is told of an error."""
    if isinstance(error, RequestError):
        return problem(error.code, str(error), field=error.field)
    if isinstance(error, AccessError):
        return problem(error.code, str(error))
    return problem(error.reason, str(error))


def retry_after_s(error: DrafterError) -> float | None:
    """Seconds after which asking again may help; None when it will not."""
    if isinstance(error, AccessError | ModelBusy):
        return error.retry_after_s
    if isinstance(error, RequestError):
        return 1.0 if error.code == "idempotency_in_flight" else None
    return STORE_RETRY_S if isinstance(error, StoreError) else None


def add_error_handlers(app: FastAPI) -> None:
    """Lets every error leave as a problem; what is no error of ours is the edge's."""
    app.add_exception_handler(DrafterError, _on_drafter_error)
    app.add_exception_handler(RequestValidationError, _on_wrong_parameter)
    app.add_exception_handler(HTTPException, _on_http_error)


async def _on_drafter_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DrafterError):
        raise error
    found = problem_of(error)
    if found.status >= 500:
        log.error("request.failed", reason=error.reason)
    return respond(found, retry_after_s=retry_after_s(error))


async def _on_wrong_parameter(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    field = str(first["loc"][-1])
    return respond(problem("invalid_parameter", f"{field}: {say_what_is_wrong(first)}", field=field))


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    found = problem(OF_HTTP[error.status_code]) if error.status_code in OF_HTTP else problem("invalid_parameter", str(error.detail))
    assert found.code in CODES
    path: str = request.scope["path"]
    if found.status == 404 and path.endswith("/") and methods_of(request, path.rstrip("/")):
        found = problem(found.code, "paths end without a slash; ask again without it")
    headers = {"allow": ", ".join(sorted(methods_of(request, path)))} if found.status == 405 else error.headers
    return respond(found, headers=headers)


def methods_of(request: Request, path: str) -> set[str]:
    """The methods that a path has; HEAD wherever there is GET. The router names those of the first route that it finds only."""
    routes = (*request.app.routes, *(route for router in request.app.state.routers for route in router.routes))
    scope = {**request.scope, "path": path}
    found = {method for route in routes if route.matches(scope)[0] is not Match.NONE for method in getattr(route, "methods", None) or ()}
    return found | {"HEAD"} if "GET" in found else found
