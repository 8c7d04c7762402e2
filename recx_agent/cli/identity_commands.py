"""Commands for who may ask the servers: users' tokens and API keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from recx_agent.cli.console import err, out
from recx_agent.cli.options import UserArgument, WorkspaceOption
from recx_agent.errors import SettingsError
from recx_agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from recx_agent.api_keys import KeyFile

ScopeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scope", help="recommend, feedback, own-data, users, operate, audit. Repeatable."
    ),
]
keys = typer.Typer(help="API keys of programs.", no_args_is_help=True)


def token(
    user: UserArgument,
    scope: ScopeOption = None,
    minutes: Annotated[float, typer.Option(min=0.1, help="As long it is good.")] = 60,
    workspace: WorkspaceOption = None,
) -> None:
    """Print a user's token, signed with serve.tokens.secret; all about himself if no scope."""
    settings = load_settings(workspace)
    try:
        from recx_agent.serve.identity import USER_SCOPES, Tokens
    except ImportError as error:
        if error.name is None or error.name.startswith("recx_agent"):
            raise
        raise SettingsError(
            f"this needs the package {error.name!r}; pip install 'recx-agent[serve]'"
        ) from error
    lifetime = timedelta(minutes=minutes)
    minted = Tokens(settings.serve.tokens).mint(user, scope or USER_SCOPES, lifetime)
    out.file.write(minted + "\n")


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Whose it is, such as web-shop.")],
    scope: ScopeOption = None,
    user: Annotated[
        str | None, typer.Option(help="The user it stands for; else it stands for none.")
    ] = None,
    days: Annotated[float | None, typer.Option(min=0.01, help="As long it is good.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make an API key, and print it: it cannot be shown again."""
    ring = _ring(load_settings(workspace))
    lifetime = None if days is None else timedelta(days=days)
    key = ring.add(name, scope or (), user_id=user, lifetime=lifetime)
    out.file.write(key + "\n")
    err.print("keep it: it is not kept here", markup=False)


@keys.command("list")
def list_keys(workspace: WorkspaceOption = None) -> None:
    """List the keys, without what is secret of them."""
    found = _ring(load_settings(workspace)).keys()
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "id", "scopes", "user", "made", "expires"):
        table.add_column(heading)
    for key in found:
        table.add_row(
            Text(key.name),
            key.id,
            ", ".join(key.scopes),
            Text(key.user_id or ""),
            key.made[:10],
            (key.expires or "")[:10] + (" (over)" if key.expired else ""),
        )
    out.print(table if found else "no keys")


@keys.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="As 'recx keys list' shows it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Remove a key: whoever uses it is refused from now on."""
    _ring(load_settings(workspace)).remove(name)
    err.print(f"removed: {name}", markup=False)


def _ring(settings: Settings) -> KeyFile:
    from recx_agent.api_keys import KeyFile, keys_file

    return KeyFile(keys_file(settings))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(token)
    app.add_typer(keys, name="keys")
