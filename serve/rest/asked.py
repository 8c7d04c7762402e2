"""What a route is handed: who asks, what he may, and the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer

from recx_agent.serve.identity import Caller, Scope
from recx_agent.serve.running import Service
from recx_agent.serve.running.service import Ask

Result = TypeVar("Result")

# For the document alone: the door has looked at both before.
_SCHEMES = [
    Depends(
        HTTPBearer(
            auto_error=False,
            scheme_name="user token",
            description="A user's token (JWT), or an API key.",
        )
    ),
    Depends(
        APIKeyHeader(
            name="X-API-Key",
            auto_error=False,
            scheme_name="API key",
            description="Of a program; beside the token of the user it asks for, or alone.",
        )
    ),
]
SIGNED_IN: list[Any] = _SCHEMES
"""Dependencies of every route that asks for a credential."""


@dataclass(frozen=True)
class Asked:
    """A request that was let in.

    Attributes
    ----------
    caller : Caller
    service : Service
    """

    caller: Caller
    service: Service

    @property
    def user_id(self) -> str:
        """Whom it is about.

        Raises
        ------
        Forbidden
            The credential stands for no user.
        """
        return self.caller.user()

    async def ask(self, ask: Ask[Result], *, deadline_ms: float | None = None) -> Result:
        """Ask the core; see :meth:`recx_agent.serve.running.Service.ask`."""
        return await self.service.ask(ask, deadline_ms=deadline_ms)


def service_of(request: Request) -> Service:
    """The service of the application."""
    service: Service = request.app.state.service
    return service


def asked(request: Request) -> Asked:
    """A request that was let in, whatever its scopes."""
    return Asked(request.scope["state"]["caller"], service_of(request))


def allowed(scope: Scope) -> Callable[[Request], Awaitable[Asked]]:
    """A dependency: the request, if its credential has the scope.

    Raises
    ------
    Forbidden
        When a request has not.
    """

    async def dependency(request: Request) -> Asked:
        found = asked(request)
        found.caller.require(scope)
        return found

    return dependency


ToRecommend = Annotated[Asked, Depends(allowed("recommend"))]
"""A request whose credential has the scope ``recommend``."""
ToFeedback = Annotated[Asked, Depends(allowed("feedback"))]
ToOperate = Annotated[Asked, Depends(allowed("operate"))]
Anyone = Annotated[Asked, Depends(asked)]
ServiceDep = Annotated[Service, Depends(service_of)]
