"""``recx audit``: how texts of a language model came about, for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from recx_agent.cli import audit_render
from recx_agent.cli.console import err, out, print_as, print_json
from recx_agent.cli.options import Format, FormatOption, WorkspaceOption

if TYPE_CHECKING:
    from recx_agent.schemas import AuditRecord

AuditArgument = Annotated[str, typer.Argument(help="The audit id of an explanation.")]

audit_app = typer.Typer(
    help="How texts of a language model came about: prompts, drafts, verdicts.",
    no_args_is_help=True,
)


@audit_app.command()
def show(
    audit_id: AuditArgument,
    prompts: Annotated[
        bool, typer.Option("--prompts", help="With the messages that the model was sent.")
    ] = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Show every step on the way to one text."""
    from recx_agent.audit import find_record

    record = find_record(workspace, audit_id)
    print_as(format, record, partial(audit_render.record, prompts=prompts))


@audit_app.command()
def replay(audit_id: AuditArgument, workspace: WorkspaceOption = None) -> None:
    """Judge the recorded drafts again without a model; exit 1 if something else comes out."""
    from recx_agent.audit import find_record, replay_record

    record = find_record(workspace, audit_id)
    replayed = replay_record(record)
    out.print(audit_render.replayed(record, replayed))
    if not replayed.same:
        raise typer.Exit(1)


@audit_app.command("list")
def list_(
    user: Annotated[str | None, typer.Option("--user", help="Of this user alone.")] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="How many, at most.")] = 20,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """List the records made last."""
    from recx_agent.audit import newest_records

    found = newest_records(workspace, count, user)
    if format is Format.JSON:
        print_json(found)
    elif found:
        out.print(_table(found))
    else:
        err.print("no audit records: none of a language model's texts, or all too old")


@audit_app.command()
def prune(workspace: WorkspaceOption = None) -> None:
    """Remove the records that are older than kept.audit_days."""
    from recx_agent.audit import prune_records

    err.print(f"{prune_records(workspace):,} records removed")


def _table(records: Sequence[AuditRecord]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True, min_width=24)
    table.add_column("made", no_wrap=True)
    for heading in ("verdict", "user", "item"):
        table.add_column(heading)
    for record in records:
        table.add_row(
            record.audit_id,
            record.made[:19],
            record.verdict,
            Text(record.user_id),
            Text(str(record.plan["item_title"])),
        )
    return table


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(audit_app, name="audit")
