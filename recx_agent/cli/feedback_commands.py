"""Commands for what users say and do: feedback and new events."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recx_agent.cli.console import err, out, print_json
from recx_agent.cli.options import (
    CountOption,
    Format,
    FormatOption,
    UserArgument,
    WorkspaceOption,
)
from recx_agent.errors import UsageError

feedback = typer.Typer(
    help="What users say of items and attributes; it counts with the next answer.",
    no_args_is_help=True,
)
events = typer.Typer(
    help="What users did since the data were fitted; it counts with the next answer.",
    no_args_is_help=True,
)
UndoneOption = Annotated[bool, typer.Option("--undone", help="With what was undone.")]


class Kind(StrEnum):
    """What can be said."""

    MUTE = "mute"
    LIKE = "like"
    DISLIKE = "dislike"
    EXCLUDE = "exclude"


@feedback.command("add")
def add_feedback(
    user: UserArgument,
    kind: Annotated[Kind, typer.Argument(help="mute: weighs nothing; exclude: may not come.")],
    what: Annotated[
        str | None, typer.Argument(help="Item by id or title, or attribute as name=value.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(help="Instead: an item; what is told as its reason is meant.")
    ] = None,
    k: CountOption = 10,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Keep what a user says of an item or an attribute."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        given = recx.feedback(user, kind.value, what, about=about, k=k)
    if format is Format.JSON:
        print_json(given)
        return
    said = given.feedback
    label = said.label or said.what
    words = "is in force" if given.is_new else "was in force already"
    out.print(f"{said.kind} {label}: {words} ({said.id})", markup=False)
    if given.remaining is not None:
        out.print(
            f"it weighs no more; of the top {given.k}, {given.remaining} have it still "
            "('exclude' keeps them out)",
            markup=False,
        )


@feedback.command("list")
def list_feedback(
    user: UserArgument,
    undone: UndoneOption = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """List what a user said, oldest first."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        found = recx.feedback_of(user, undone=undone)
    if format is Format.JSON:
        print_json(found)
        return
    table = _table("id", "kind", "what", "title", "since", "undone")
    for one in found:
        table.add_row(
            one.id,
            one.kind,
            Text(one.what),
            Text(one.label),
            _minute(one.since),
            _minute(one.undone),
        )
    out.print(table if found else "no feedback")


@feedback.command("undo")
def undo_feedback(
    user: UserArgument,
    id: Annotated[str | None, typer.Argument(help="As 'recx feedback list' shows it.")] = None,
    last: Annotated[bool, typer.Option("--last", help="What was said last.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Undo feedback."""
    from recx_agent.recx import Recx

    if last == (id is not None):
        raise UsageError("which feedback? give its id, or --last")
    with Recx.open(workspace) as recx:
        undone = recx.undo_feedback(user, id)
    err.print(f"undone: {undone.kind} {undone.label or undone.what}", markup=False)


@events.command("add")
def add_events(
    file: Annotated[Path, typer.Argument(help="CSV, TSV or Parquet, as for 'recx fit'.")],
    user: Annotated[
        str | None, typer.Option(help="Whose they are; else each row names its user.")
    ] = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Add what users did: all rows, or none."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        added = recx.add_events(file, user_id=user)
    if format is Format.JSON:
        print_json(added)
        return
    out.print(f"{added.added:,} events of {added.users:,} users added", markup=False)
    if added.already_present:
        out.print(f"{added.already_present:,} were there already")
    for note in added.notes:
        err.print(note, markup=False)


@events.command("list")
def list_events(
    user: UserArgument,
    undone: UndoneOption = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """List a user's added events in the order they came."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        found = recx.added_events(user, undone=undone)
    if format is Format.JSON:
        print_json(found)
        return
    table = _table("id", "event", "value", "item", "title", "time", "undone")
    for one in found:
        table.add_row(
            one.id,
            Text(one.event_type),
            "" if one.value is None else f"{one.value:g}",
            Text(one.item_id or ""),
            Text(one.title or one.text or ""),
            _minute(one.time),
            _minute(one.undone),
        )
    out.print(table if found else "no added events")


@events.command("undo")
def undo_event(
    user: UserArgument,
    id: Annotated[str, typer.Argument(help="As 'recx events list' shows it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Take an added event back."""
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx:
        recx.undo_event(user, id)
    err.print("taken back", markup=False)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading == "id")
    return table


def _minute(moment: str | None) -> str:
    return (moment or "")[:16].replace("T", " ")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(feedback, name="feedback")
    app.add_typer(events, name="events")
