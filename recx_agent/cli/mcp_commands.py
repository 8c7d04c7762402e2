"""``recx mcp``: the tools as an MCP server."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from recx_agent.cli.options import ColdOption, LanguageOption, WorkspaceOption
from recx_agent.errors import SettingsError, UsageError
from recx_agent.settings import Settings, load_settings


def mcp(
    user: Annotated[
        str | None,
        typer.Option(help="Whom it is for, over stdio; else a user's token in RECX_MCP__TOKEN."),
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Over streamable HTTP, each user with a token.")
    ] = False,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at; serve.host if unset.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="mcp.port if unset; 0: any free one.")
    ] = None,
    allow_cold: ColdOption = False,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Offer the tools to an assistant by MCP, over stdio or HTTP."""
    if http and user is not None:
        raise UsageError("over HTTP each user's token says who asks; leave --user out")
    if not http and (host is not None or port is not None):
        raise UsageError("--host and --port are for --http")
    overrides: dict[str, Any] = {}
    if host is not None:
        overrides["serve"] = {"host": host}
    if port is not None:
        overrides["mcp"] = {"port": port}
    settings = load_settings(workspace, overrides)
    try:
        if http:
            _over_http(settings, language, allow_cold)
        else:
            _over_stdio(settings, user, language, allow_cold)
    except ImportError as error:
        if error.name is None or error.name.startswith("recx_agent"):
            raise
        raise SettingsError(
            f"MCP needs the package {error.name!r}; pip install 'recx-agent[mcp]'"
        ) from error


def _over_stdio(
    settings: Settings, user: str | None, language: str | None, allow_cold: bool
) -> None:
    from recx_agent.serve.mcp.answering import Answering
    from recx_agent.serve.mcp.server import quiet_sdk
    from recx_agent.serve.mcp.stdio import one_user, serve_stdio
    from recx_agent.serve.running import Service, logs

    service = Service.of(settings)
    logs.log_json()
    quiet_sdk()
    token = settings.mcp.token
    who_asks = one_user(service.gate, user, token.get_secret_value() if token else None)
    service.holder.start()
    try:
        serve_stdio(Answering(service, who_asks, language, allow_cold))
    finally:
        service.close()


def _over_http(settings: Settings, language: str | None, allow_cold: bool) -> None:
    from recx_agent.serve.mcp.http import make_app
    from recx_agent.serve.mcp.server import quiet_sdk
    from recx_agent.serve.running import Service, logs
    from recx_agent.serve.running.serving import run_server

    service = Service.of(settings)
    logs.log_json()
    quiet_sdk()
    app = make_app(service, language=language, allow_cold=allow_cold)
    service.holder.start()
    try:
        run_server(app, service, host=settings.serve.host, port=settings.mcp.port)
    finally:
        service.close()


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(mcp)
