"""Commands for what a user may ask: hide an item, see what is known, be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recx_agent.cli.console import err, out, print_json, progress_bar
from recx_agent.cli.options import Format, FormatOption, UserArgument, WorkspaceOption
from recx_agent.errors import UsageError
from recx_agent.schemas import Forgotten

HiddenArgument = Annotated[str, typer.Argument(help="Item, by id or title.")]


def hide(user: UserArgument, item: HiddenArgument, workspace: WorkspaceOption = None) -> None:
    """Hide an item of a user's history: it weighs nothing and is no evidence."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        new = recx.hide(user, item)
    err.print(f"{item} {'is hidden' if new else 'was hidden already'}", markup=False)


def unhide(user: UserArgument, item: HiddenArgument, workspace: WorkspaceOption = None) -> None:
    """Undo 'recx hide'."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        changed = recx.unhide(user, item)
    words = "is not hidden any more" if changed else "was not hidden"
    err.print(f"{item} {words}", markup=False)


def hidden(
    user: UserArgument, format: FormatOption = Format.TEXT, workspace: WorkspaceOption = None
) -> None:
    """List the items a user has hidden."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        found = recx.hidden(user)
    if format is Format.JSON:
        print_json(found)
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("title", "id", "since"):
        table.add_column(heading)
    for entry in found:
        table.add_row(Text(entry.title), Text(entry.item_id), entry.since)
    out.print(table if found else "nothing is hidden")


def forget(
    user: Annotated[str | None, typer.Argument(help="Id of the user.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    refit: Annotated[
        bool,
        typer.Option(
            "--refit", help="Train anew at once, and remove versions trained with the user."
        ),
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Let an erased user come back with the next fit.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="After a backup was restored: all who were erased.")
    ] = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Erase a user from everything, and keep him from coming back."""
    from recx_agent import erasure

    if refit + lift + again > 1:
        raise UsageError("of --refit, --lift and --again only one can be given")
    if again:
        if user is not None:
            raise UsageError("--again is for everyone who was erased; leave the user out")
        with progress_bar() as progress:
            count = erasure.forget_again(workspace, progress)
        err.print(f"{count:,} users who were there again are erased")
        return
    if user is None:
        raise UsageError("which user? give the id: recx forget USER")
    if lift:
        erasure.lift(workspace, user)
        err.print(f"user {user} may come back with the next fit", markup=False)
        return
    if not yes:
        more = ", and remove every version trained with him" if refit else ""
        question = f"Erase user {user!r} from every version, the evidence index and his feedback"
        typer.confirm(f"{question}{more}? This cannot be undone", abort=True, err=True)
    with progress_bar() as progress:
        result = erasure.forget(workspace, user, progress, refit=refit)
    if format is Format.JSON:
        print_json(result)
    else:
        _print_forgotten(result)


def _print_forgotten(result: Forgotten) -> None:
    if result.already_erased:
        out.print(f"user {result.user_id} was erased already, {result.since}", markup=False)
    else:
        out.print(f"user {result.user_id} is erased", markup=False)
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(justify="right")
        for entry in result.erased:
            table.add_row(f"{entry.records:,}", f"records from: {entry.place}")
        out.print(table)
    if result.refitted_as:
        out.print(f"fitted anew as version {result.refitted_as}", markup=False)
    out.print("what remains, by design:")
    for entry_ in result.remains:
        out.print(f"  {entry_.kind}: {entry_.what}", markup=False, soft_wrap=True)


def export(
    user: UserArgument,
    file: Annotated[
        Path | None, typer.Option("--out", help="JSON file to write; stdout if unset.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    vectors: Annotated[
        bool, typer.Option("--vectors", help="With the evidence index's vectors.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write everything that is known of a user as one JSON document."""
    from recx_agent.export import export_user, write_export

    result = export_user(workspace, user, vectors=vectors)
    if file is None:
        print_json(result)
        return
    write_export(file, result, force=force)
    err.print(f"{len(result.events):,} events and more in {file}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(hide)
    app.command()(unhide)
    app.command()(hidden)
    app.command()(forget)
    app.command()(export)
