"""`GuardedRoute`: a route that takes the request and its caller, and nothing else that FastAPI would have to find out.

What is asked thousands of times a second goes from the router to its function directly; it is described as any other route is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from drafter.api.identity import Needs


class GuardedRoute(APIRoute):
    """For an endpoint `(request, principal: Annotated[Principal, Depends(Needs(…))])` that answers with a response of its own."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        (needs,) = (dependency.call for dependency in self.dependant.dependencies)
        if not isinstance(needs, Needs):
            raise TypeError(f"{path} must be guarded by Needs, and by nothing else")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive, send)
            response = await endpoint(request, await needs(request))
            await response(scope, receive, send)

        self.app = app
