"""Who asks over HTTP: checked before anything of a request is read."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from mcp.server import ServerRequestContext
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from recx_agent.errors import Forbidden, NotSignedIn, ServingError, WrongHost
from recx_agent.serve.identity import Caller
from recx_agent.serve.mcp.resource import ProtectedResource
from recx_agent.serve.rest.problems import MEDIA_TYPE, headers_of, kind_of, problem_of
from recx_agent.serve.running import Service, logs


class SignedIn(AuthenticatedUser):
    """The caller, for the SDK too: it lets nobody else into a session that he has opened."""

    def __init__(self, caller: Caller) -> None:
        scopes = sorted(caller.scopes)
        principal = AccessToken(
            token="", client_id=caller.key_id, scopes=scopes, subject=caller.user()
        )
        super().__init__(principal)
        self.caller = caller


def who_asks(context: ServerRequestContext[Any, Any]) -> Caller:
    """The caller whose request brought this very message, not the one who opened the session."""
    request = context.request
    user = None if request is None else request.scope.get("user")
    if not isinstance(user, SignedIn):
        raise NotSignedIn("no credential came with the request")
    return user.caller


@dataclass(frozen=True)
class Entrance:
    """Lets a request through that is meant for this server and signed in.

    Without a credential come where tokens are to be had, and ``/metrics`` if the operator has
    opened it.

    A page in a browser can neither have another name point to this server (``Host``, DNS
    rebinding) nor ask from another place (``Origin``) unless the settings name them.

    Parameters
    ----------
    app : ASGI application
    service : Service
    hosts : collection of str
        Names the server is called by, without port, in lower case.
    origins : collection of str
        Web pages that may ask; programs send no ``Origin``.
    metrics : str
        Path of what Prometheus reads, which is no user's.
    resource : ProtectedResource or None
    """

    app: ASGIApp
    service: Service
    hosts: Collection[str]
    origins: Collection[str]
    metrics: str
    resource: ProtectedResource | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request with problem details, or hand it on with its caller."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.resource is not None and self.resource.has(scope["path"]):
            await self.app(scope, receive, send)  # the same for everybody, from any page
            return
        request_id, headers = str(uuid.uuid4()), Headers(scope=scope)
        try:
            self._check_names(headers)
            await self._let_in(headers, scope)
            await self.app(scope, receive, send)
        except ServingError as refused:
            reason = type(refused).__name__
            logs.event("refused", level=logging.WARNING, request_id=request_id, reason=reason)
            self.service.meters.refused.labels(kind_of(refused).name).inc()
            resource = None if scope["path"] == self.metrics else self.resource
            challenge = _challenge(refused, headers, resource)
            await _refusal(refused, request_id, challenge)(scope, receive, send)

    def _check_names(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self.hosts:
            raise WrongHost("this server is not called so; the operator sets serve.hosts")
        if any(origin not in self.origins for origin in headers.getlist("origin")):
            raise Forbidden("pages of this origin may not ask; the operator sets cors_origins")

    async def _let_in(self, headers: Headers, scope: Scope) -> None:
        if scope["path"] != self.metrics:
            caller = await self._caller(headers, scope)
            caller.require("recommend")
            scope["user"] = SignedIn(caller)
        elif not self.service.settings.serve.open_metrics:
            scope.setdefault("state", {})["caller"] = await self._caller(headers, scope)

    async def _caller(self, headers: Headers, scope: Scope) -> Caller:
        service = self.service
        try:
            caller = service.gate.caller(_one(headers, "authorization"), _one(headers, "x-api-key"))
        except NotSignedIn:
            address = (scope.get("client") or ("",))[0]
            await service.limits.refused(service.gate.pseudonyms.of_address(address))
            raise
        await service.limits.check(caller.key_id)
        return caller


def _one(headers: Headers, name: str) -> str | None:
    found = headers.getlist(name)
    if len(found) > 1:
        raise NotSignedIn(f"the header {name} came more than once")
    return found[0] if found else None


def host_name(header: str) -> str:
    """The name in a ``Host`` header, without its port, in lower case."""
    name, _, port = header.rpartition(":")
    bare = name if name and port.isdigit() else header
    return bare.lower().strip("[]")


def _challenge(
    refused: ServingError, headers: Headers, resource: ProtectedResource | None
) -> dict[str, str]:
    """What a client is to bring (RFC 6750, section 3), and where it gets that (RFC 9728)."""
    told = 'Bearer realm="recx-agent"'
    if isinstance(refused, NotSignedIn):
        if "authorization" in headers or "x-api-key" in headers:
            told += ', error="invalid_token"'
        if resource is not None:
            told += f', scope="{" ".join(resource.scopes)}"'
    elif isinstance(refused, Forbidden) and refused.scope is not None:
        told += f', error="insufficient_scope", scope="{refused.scope}"'
    else:
        return {}
    if resource is not None:
        told += f', resource_metadata="{resource.metadata_url}"'
    return {"WWW-Authenticate": told}


def _refusal(refused: ServingError, request_id: str, challenge: dict[str, str]) -> Response:
    problem = problem_of(refused, request_id)
    headers = {"Cache-Control": "no-store", **headers_of(refused), **challenge}
    content = problem.model_dump_json(exclude_none=True)
    return Response(content, problem.status, headers, MEDIA_TYPE)
