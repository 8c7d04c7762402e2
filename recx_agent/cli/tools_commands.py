"""Commands for what assistants call."""

from __future__ import annotations

import json

import typer

from recx_agent.cli.console import out

tools = typer.Typer(help="What assistants can call.", no_args_is_help=True)


@tools.callback()
def _group() -> None:
    """Keep ``schema`` a command of the group while it is the only one."""


@tools.command()
def schema() -> None:
    """Print the tools as OpenAI function tools, in JSON; needs no workspace."""
    from recx_agent.factory import tool_schemas

    out.file.write(json.dumps(tool_schemas(), ensure_ascii=False, indent=2) + "\n")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(tools, name="tools")
