"""The MCP server, beside what holds for every server (:class:`ServeSettings`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from recx_agent.settings.section import Section
from recx_agent.settings.serve import LOOPBACK
from recx_agent.settings.urls import http_url


class McpSettings(Section):
    """``recx mcp``."""

    token: SecretStr | None = Field(
        None, description="signed token of the user over stdio; RECX_MCP__TOKEN"
    )
    port: int = Field(8090, ge=0, le=65535, description="over HTTP; 0: any that is free")
    url: str | None = Field(
        None,
        description="what clients call the server, such as https://recx.example/mcp: tells them "
        "to get tokens from serve.tokens.issuer (RFC 9728)",
    )
    max_sessions: int = Field(1000, ge=1, description="open at once over HTTP; then 503")
    idle_minutes: float = Field(
        30.0, gt=0, le=24 * 60, description="then a session over HTTP is closed"
    )

    @field_validator("url")
    @classmethod
    def _reached_safely(cls, url: str | None) -> str | None:
        if url is None:
            return None
        checked = http_url(url, "this MCP server")
        parts = urlsplit(checked)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("tokens are not sent without TLS: write it with https://")
        return checked
