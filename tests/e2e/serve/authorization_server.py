"""An authorization server on the loopback, for clients that are sent to one.

The routes, registration and PKCE are the SDK's; whoever asks is signed in as one user, and
gets a token that is good for the resource he asked for (RFC 8707) and nowhere else.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import jwt
import uvicorn
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    construct_redirect_uri,
)
from mcp.server.auth.routes import create_auth_routes
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from starlette.applications import Starlette

MINUTES = 5


class SignsIn(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Signs everybody in as one user, without asking him.

    Parameters
    ----------
    user_id : str
    secret : str
        Which the resource verifies tokens with.

    Attributes
    ----------
    asked : list of AuthorizationParams
        What clients wanted.
    """

    def __init__(self, user_id: str, secret: str) -> None:
        self.issuer = ""
        self.asked: list[AuthorizationParams] = []
        self._user_id, self._secret = user_id, secret
        self._clients: dict[str | None, OAuthClientInformationFull] = {}
        self._codes: dict[str, AuthorizationCode] = {}

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self._clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self._clients[client_info.client_id] = client_info

    async def authorize(
        self, client: OAuthClientInformationFull, params: AuthorizationParams
    ) -> str:
        self.asked.append(params)
        code = secrets.token_urlsafe(24)
        self._codes[code] = AuthorizationCode(
            code=code,
            scopes=params.scopes or [],
            expires_at=time.time() + 60 * MINUTES,
            client_id=client.client_id or "",
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        return construct_redirect_uri(str(params.redirect_uri), code=code, state=params.state)

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self._codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        del self._codes[authorization_code.code]
        scope = " ".join(authorization_code.scopes)
        claims = {
            "iss": self.issuer,
            "sub": self._user_id,
            "aud": authorization_code.resource,
            "exp": time.time() + 60 * MINUTES,
            "scope": scope,
        }
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        return OAuthToken(access_token=token, expires_in=60 * MINUTES, scope=scope)

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        return None

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        raise NotImplementedError

    async def load_access_token(self, token: str) -> AccessToken | None:
        return None

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        raise NotImplementedError


@contextmanager
def authorization_server(signs_in: SignsIn) -> Iterator[str]:
    """Run it in a thread; gives its issuer, as clients have to write it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        signs_in.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # Keeps the issuer as it is written; a slash at its end would make it another one.
        settings = AuthSettings.model_validate(
            {"issuer_url": signs_in.issuer, "resource_server_url": None}
        )
        routes = create_auth_routes(
            signs_in,
            issuer_url=settings.issuer_url,
            client_registration_options=ClientRegistrationOptions(enabled=True),
        )
        config = uvicorn.Config(Starlette(routes=routes), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        # Connections wait in the listener until it takes them.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield signs_in.issuer
        finally:
            server.should_exit = True
            thread.join()
