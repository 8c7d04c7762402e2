"""What every request passes before a route sees it, and every answer on its way out."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recx_agent.errors import (
    NoJson,
    NotSignedIn,
    RecxError,
    RequestTooLarge,
    ServingError,
    TooManyRequests,
    UnfitRequest,
    WrongHost,
)
from recx_agent.serve.chat.faults import fault_response, is_chat
from recx_agent.serve.rest.answers import USER_FIELDS, error_response
from recx_agent.serve.rest.problems import kind_of
from recx_agent.serve.running import Service, logs
from recx_agent.serve.running.meters import method_of
from recx_agent.settings import LOOPBACK

_OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_BODY_SECONDS = 20.0
"""As long a body may take to come; whoever sends it byte by byte holds nothing for longer."""
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Frame:
    """Outermost: a number for the request, headers, a line in the log, no fault let through.

    Parameters
    ----------
    app : ASGI application
    service : Service
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        request_id = state["request_id"] = str(uuid.uuid4())
        began, status = time.perf_counter(), 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        meters = self._service.meters
        meters.in_flight.inc()
        with self._service.watch.request("request", Headers(scope=scope)) as span:
            try:
                await self._app(scope, receive, framed)
            except Exception as error:  # noqa: BLE001 - nothing of a bug of ours is shown
                if status:
                    logs.fault("fault", error, request_id=request_id)
                else:
                    await error_response(error, request_id)(scope, receive, framed)
            finally:
                meters.in_flight.dec()
                self._note(scope, status, time.perf_counter() - began, span)

    def _note(self, scope: Scope, status: int, seconds: float, span: Any) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = method_of(scope)
        if span is not None:
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                    "recx.request_id": scope["state"]["request_id"],
                }
            )
        self._service.meters.answered(method, route, status, seconds)
        if self._service.settings.serve.access_log:
            caller = scope["state"].get("caller")
            logs.event(
                "request",
                request_id=scope["state"]["request_id"],
                method=method,
                route=route,
                status=status,
                ms=round(1000 * seconds, 1),
                caller=None if caller is None else caller.key_id,
            )


class Guard:
    """Looks at host, origin, credential, rate, size and type; then the body is there as a whole.

    Parameters
    ----------
    app : ASGI application
    service : Service
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        serve = service.settings.serve
        self._hosts = frozenset(serve.hosts) or (LOOPBACK if serve.local_user else frozenset())
        self._origins = frozenset(serve.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            headers = Headers(scope=scope)
            self._check_names(headers)
            if scope["path"] not in _OPEN and not self._is_open_page(scope["path"]):
                await self._let_in(scope, headers)
            self._check_query(scope)
            body = await self._body(scope, headers, receive)
        except RecxError as error:
            self._note(scope, error)
            told = fault_response if is_chat(scope["path"]) else error_response
            await told(error, scope["state"]["request_id"])(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    def _is_open_page(self, path: str) -> bool:
        return path == "/metrics" and self._service.settings.serve.open_metrics

    def _check_names(self, headers: Headers) -> None:
        """The host, so that no other name is bound to us; an origin, where strangers get in."""
        if self._hosts and _host(headers.get("host", "")) not in self._hosts:
            raise WrongHost("this server is not called so; the operator sets serve.hosts")
        origin = headers.get("origin")
        local = self._service.settings.serve.local_user is not None
        if local and origin is not None and origin not in self._origins:
            if (urlsplit(origin).hostname or "") not in LOOPBACK:
                raise WrongHost("no page of another site may ask; the operator sets cors_origins")

    async def _let_in(self, scope: Scope, headers: Headers) -> None:
        service = self._service
        try:
            caller = service.gate.caller(headers.get("authorization"), headers.get("x-api-key"))
        except NotSignedIn:
            address = (scope.get("client") or ("",))[0]
            await service.limits.refused(service.gate.pseudonyms.of_address(address))
            raise
        scope["state"]["caller"] = caller
        await service.limits.check(caller.key_id)

    def _check_query(self, scope: Scope) -> None:
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        named = sorted({name for name, _ in query if name.lower() in USER_FIELDS})
        if named:
            told = "who it is about is told by the credential alone; leave it out"
            logs.event(
                "user_named",
                level=logging.WARNING,
                request_id=scope["state"]["request_id"],
                what="query",
            )
            raise UnfitRequest(tuple((f"query.{name}", told) for name in named))

    async def _body(self, scope: Scope, headers: Headers, receive: Receive) -> bytes:
        limit = self._service.settings.serve.max_body_bytes
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length[:12]) > limit:
            raise RequestTooLarge(limit)
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _whole(receive, limit)
        except TimeoutError:
            raise ServingError("the body did not come in time; send it at once") from None
        if scope["method"] in _WITH_BODY and body:
            sent = headers.get("content-type", "")
            if sent.partition(";")[0].strip().lower() != "application/json":
                raise NoJson(sent.encode("ascii", "replace").decode())
        return body

    def _note(self, scope: Scope, error: RecxError) -> None:
        self._service.meters.refused.labels(kind_of(error).name).inc()
        if isinstance(error, NotSignedIn | TooManyRequests | WrongHost):
            logs.event(
                "refused",
                level=logging.WARNING,
                request_id=scope["state"]["request_id"],
                reason=kind_of(error).name,
            )


async def _whole(receive: Receive, limit: int) -> bytes:
    """The body; not a byte more than the limit is kept of it."""
    pieces, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":  # the client is gone
            return b""
        piece = message.get("body", b"")
        length += len(piece)
        if length > limit:
            raise RequestTooLarge(limit)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then what comes."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _host(text: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{text}").hostname or "").lower()
    except ValueError:
        return ""
