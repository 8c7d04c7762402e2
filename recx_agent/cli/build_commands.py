"""Commands that make a workspace: data, fit, index, model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from recx_agent.cli.console import err, out, progress_bar
from recx_agent.cli.options import WorkspaceOption, parse_map, parse_scale
from recx_agent.errors import UsageError

if TYPE_CHECKING:
    from recx_agent.datasets.report import ImportReport

# A file that cannot be read is told by the reader, with the remedy.
DataFile = Annotated[Path | None, typer.Option(help="CSV or Parquet file.", readable=False)]


class Recommender(StrEnum):
    """Which model is trained."""

    LIGHTFM = "lightfm"
    ALS = "als"


model_app = typer.Typer(help="The saved versions of data and model.", no_args_is_help=True)


def data(
    name: Annotated[str, typer.Argument(help="Data set; 'ml-100k' is the one there is.")],
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Folder for the files; data/NAME if unset.")
    ] = None,
    local: Annotated[
        Path | None, typer.Option(help="A copy you have: a folder or the zip file.")
    ] = None,
) -> None:
    """Fetch a public data set as plain CSV files, and print its terms."""
    from recx_agent.datasets.movielens import fetch_ml_100k

    if name != "ml-100k":
        raise UsageError(f"no data set {name!r}; there is 'ml-100k'")
    with progress_bar() as progress:
        found = fetch_ml_100k(out_dir or Path("data") / name, local=local, progress=progress)
    out.print(f"interactions  {found.interactions}\nitems         {found.items}")
    out.print(f"users         {found.users}\nfrom          {found.source}\n", markup=False)
    out.print(found.terms, markup=False)


def fit(
    interactions: DataFile = None,
    items: DataFile = None,
    users: DataFile = None,
    map: Annotated[
        list[str] | None,
        typer.Option(help="ours=theirs, such as user_id=who. Repeatable."),
    ] = None,
    scale: Annotated[str | None, typer.Option(help="lowest:highest value, such as 1:5.")] = None,
    positive_from: Annotated[
        float | None, typer.Option(help="Values from here on are positive.")
    ] = None,
    event_type: Annotated[
        str | None, typer.Option(help="Event type where the file has none.")
    ] = None,
    item_noun: Annotated[
        str | None, typer.Option(help="What an item is called in text, such as 'book'.")
    ] = None,
    max_bad_rows: Annotated[
        int | None, typer.Option(min=0, help="Bad rows dropped before the import fails.")
    ] = None,
    recommender: Annotated[
        Recommender | None, typer.Option(help="Which model; 'lightfm' if unset.")
    ] = None,
    item_factors: Annotated[
        Path | None,
        typer.Option(help="Take these instead of training: Spark ALS model or Parquet file."),
    ] = None,
    item_factor_ids: Annotated[
        Path | None, typer.Option(help="File with 'id' (of the factors) and 'item_id'.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=0, help="Passes over the data.")] = None,
    update: Annotated[
        bool,
        typer.Option("--update", help="Add the rows to what is fitted; --epochs 0 folds in."),
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Read interactions and items, and train a recommender on them."""
    from recx_agent import build

    data: dict[str, Any] = {
        "map": parse_map(map) or None,
        "scale": parse_scale(scale),
        "positive_from": positive_from,
        "default_event_type": event_type,
        "max_bad_rows": max_bad_rows,
    }
    overrides: dict[str, Any] = {
        "interactions": interactions,
        "items": items,
        "users": users,
        "data": _given(data),
        "wording": _given({"item": item_noun}),
    }
    chosen: dict[str, Any] = {
        "recommender": recommender.value if recommender else None,
        "item_factors": item_factors,
        "item_factor_ids": item_factor_ids,
    }
    if update and _given(chosen):
        raise UsageError(
            "an update goes on from the model there is; leave --recommender, --item-factors "
            "and --item-factor-ids out, or fit anew"
        )
    with progress_bar() as progress:
        if update:
            more: dict[str, Any] = _given({"epochs": epochs})
            fitted = build.update(workspace, progress=progress, **more, **overrides)
        else:
            fitted = build.fit(
                workspace,
                progress=progress,
                model=_given({"epochs": epochs}),
                als=_given({"iterations": epochs}),
                **_given(chosen),
                **overrides,
            )
    print_report(fitted.report)
    for remark in fitted.remarks:
        err.print(remark, markup=False)
    err.print(f"version {fitted.version.name} is in force; next: recx index", markup=False)


def print_report(report: ImportReport) -> None:
    """What was read, and what was dropped, on stderr."""
    for line in report.summary():
        err.print(line, markup=False)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build it from nothing, whatever there is.")
    ] = False,
    clean: Annotated[
        Path | None,
        typer.Option(
            help="Only clean this folder of a stopped Chroma server of what was deleted from it."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Bring the evidence index up to date with the version in force, and repair it."""
    from recx_agent import build

    if clean is not None:
        build.clean_server(clean)
        err.print(f"{clean} holds nothing of what was deleted any more", markup=False)
        return
    with progress_bar() as progress:
        count = build.index(workspace, progress=progress, rebuild=rebuild)
    err.print(f"{count:,} events in the evidence index")


@model_app.command("list")
def list_versions(workspace: WorkspaceOption = None) -> None:
    """List the saved versions."""
    from recx_agent.settings import load_settings
    from recx_agent.workspace import Workspace

    table = Table(box=None, pad_edge=False)
    for heading in ("", "version", "made", "how"):
        table.add_column(heading)
    for version in Workspace(load_settings(workspace).workspace).versions():
        mark = "→" if version.current else ""
        table.add_row(mark, version.name, version.notes["made"], version.notes["how"])
    out.print(table)


@model_app.command()
def rollback(
    version: Annotated[
        str | None, typer.Argument(help="Version; the one before the current if unset.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Put an earlier version in force."""
    from recx_agent.erasure import complete_pending
    from recx_agent.settings import load_settings
    from recx_agent.workspace import Workspace

    settings = load_settings(workspace)
    place = Workspace(settings.workspace)
    with place.writing():
        complete_pending(place, settings)
        now = place.switch(version)
    err.print(f"version {now.name} is in force; run 'recx index' if its evidence is not indexed")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(data)
    app.command()(fit)
    app.command()(index)
    app.add_typer(model_app, name="model")
