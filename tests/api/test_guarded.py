"""A route that is called directly asks for the caller's key as any other, and is described as any other."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, Request, Response

from drafter.api.guarded import GuardedRoute
from drafter.api.identity import Needs
from drafter.errands import Principal
from drafter.store.keys import Scope


def test_a_route_that_asks_for_no_key_is_refused() -> None:
    """Nothing could be served by it to whoever comes."""
    router = APIRouter(route_class=GuardedRoute)

    async def endpoint(request: Request) -> Response:
        return Response()

    with pytest.raises(ValueError, match="not enough values"):
        router.add_api_route("/v1/nothing", endpoint)


def test_what_it_needs_is_known_to_the_description() -> None:
    """From the same declaration as everywhere."""
    router = APIRouter(route_class=GuardedRoute)

    async def endpoint(request: Request, _principal: Annotated[Principal, Depends(Needs(Scope.CHECK))]) -> Response:
        return Response()

    router.add_api_route("/v1/nothing", endpoint)
    (route,) = router.routes
    assert isinstance(route, GuardedRoute)
    assert [dependency.call for dependency in route.dependant.dependencies] == [Needs(Scope.CHECK)]
