"""``recx serve``: the REST service."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from recx_agent.cli.options import NoLlmOption, WorkspaceOption, llm_overrides
from recx_agent.errors import SettingsError
from recx_agent.settings import Settings, load_settings


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen at; serve.host if unset.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="serve.port if unset; 0: any free one.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(help="Whoever brings no credential is this user; at 127.0.0.1 alone."),
    ] = None,
    no_llm: NoLlmOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Serve the REST API and the chat endpoint; SIGHUP reloads the workspace."""
    given: dict[str, Any] = {"host": host, "port": port, "local_user": user}
    overrides: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
    settings = load_settings(
        workspace, {**llm_overrides(no_llm), **({"serve": overrides} if overrides else {})}
    )
    try:
        _serve(settings)
    except ImportError as error:
        if error.name is None or error.name.startswith("recx_agent"):
            raise
        raise SettingsError(
            f"the service needs the package {error.name!r}; pip install 'recx-agent[serve]'"
        ) from error


def _serve(settings: Settings) -> None:
    from recx_agent.serve.chat.router import make_chat_router
    from recx_agent.serve.rest.app import make_app
    from recx_agent.serve.running import Service, logs
    from recx_agent.serve.running.serving import run_server

    service = Service.of(settings)
    logs.log_json()
    service.holder.start()
    try:
        app = make_app(service, routers=[make_chat_router(service)])
        run_server(app, service, host=settings.serve.host, port=settings.serve.port)
    finally:
        service.close()


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)
