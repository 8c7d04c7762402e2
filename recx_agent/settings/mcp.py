"""The MCP server, beside what holds for every server (:class:`ServeSettings`)."""

from __future__ import annotations

from pydantic import Field, SecretStr

from recx_agent.settings.section import Section


class McpSettings(Section):
    """``recx mcp``."""

    token: SecretStr | None = Field(
        None, description="signed token of the user over stdio; RECX_MCP__TOKEN"
    )
    port: int = Field(8090, ge=0, le=65535, description="over HTTP; 0: any that is free")
    max_sessions: int = Field(1000, ge=1, description="open at once over HTTP; then 503")
    idle_minutes: float = Field(
        30.0, gt=0, le=24 * 60, description="then a session over HTTP is closed"
    )
