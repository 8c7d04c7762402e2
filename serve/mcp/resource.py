"""Tells clients where tokens are to be had: OAuth 2.0 Protected Resource Metadata (RFC 9728)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from mcp.server.auth.settings import AuthSettings
from pydantic import ValidationError
from starlette.routing import Route

from recx_agent.errors import SettingsError
from recx_agent.serve.mcp.offers import offers
from recx_agent.settings import Settings


@dataclass(frozen=True)
class ProtectedResource:
    """The server as its clients know it, and who signs tokens for it.

    Attributes
    ----------
    host : str
        The name it is called by.
    metadata_url : str
        Where the metadata are, as every refusal tells.
    scopes : tuple of str
        What the tools need.
    routes : tuple of Route
        The metadata, for anybody, with or without a credential.
    """

    host: str
    metadata_url: str
    scopes: tuple[str, ...]
    routes: tuple[Route, ...]

    def has(self, path: str) -> bool:
        """Whether the metadata are at this path."""
        return any(route.path == path for route in self.routes)


def resource_of(settings: Settings) -> ProtectedResource | None:
    """The resource of the settings; ``None`` unless ``mcp.url`` says what clients call it.

    Raises
    ------
    SettingsError
        ``serve.tokens.issuer`` is no address at which tokens are to be had.
    """
    url, issuer = settings.mcp.url, settings.serve.tokens.issuer
    if url is None:
        return None
    try:
        # Keeps both as they are written: clients compare them letter by letter.
        named = AuthSettings.model_validate(
            {
                "issuer_url": issuer,
                "resource_server_url": url,
                # Not the SDK's to check: tokens must name serve.tokens.audience.
                "validate_token_resource": False,
            }
        )
    except ValidationError as error:
        raise SettingsError(
            "mcp.url has clients told where tokens are to be had, and serve.tokens.issuer is "
            f"{issuer!r}: set it to the address of your authorization server, such as "
            "https://login.example, or leave mcp.url out"
        ) from error
    assert named.resource_server_url is not None
    scopes = tuple(dict.fromkeys(offer.scope for offer in offers().values()))
    routes = create_protected_resource_routes(
        resource_url=named.resource_server_url,
        authorization_servers=[named.issuer_url],
        scopes_supported=list(scopes),
        resource_name="recx-agent",
    )
    return ProtectedResource(
        host=(urlsplit(url).hostname or "").lower(),
        metadata_url=str(build_resource_metadata_url(named.resource_server_url)),
        scopes=scopes,
        routes=tuple(routes),
    )
