"""``recx demo``: the whole way once, on MovieLens 100K."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.rule import Rule

from recx_agent.cli import render
from recx_agent.cli.build_commands import print_report
from recx_agent.cli.console import err, out, progress_bar
from recx_agent.cli.options import WorkspaceOption
from recx_agent.errors import UsageError, WorkspaceEmpty
from recx_agent.workspace import Workspace

if TYPE_CHECKING:
    from recx_agent.recx import Recx
    from recx_agent.schemas import Explanation

FILMS: dict[str, Any] = {
    "data": {"scale": (1, 5), "positive_from": 4, "time_meaning": "record", "merge_doubles": True},
    "wording": {
        "item": "film",
        "domain": "film",
        "attribute_names": {"year": "release year"},
        "by_language": {
            "zh": {"item": "电影", "attribute_names": {"year": "年份", "genre": "类型"}}
        },
    },
}
"""Settings that suit MovieLens."""

SHOWN_USERS = ("1", "13", "405", "655")


def demo(
    users: Annotated[
        list[str] | None, typer.Option("--user", help="Whom to recommend to. Repeatable.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many items each.")] = 5,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the data; fewer is faster.")
    ] = None,
    local: Annotated[Path | None, typer.Option(help="A copy of MovieLens 100K you have.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Fetch MovieLens 100K, train, index, and show explained recommendations."""
    from recx_agent import build
    from recx_agent.datasets.movielens import fetch_ml_100k
    from recx_agent.recx import Recx
    from recx_agent.settings import load_settings

    place = load_settings(workspace).workspace
    overrides = {**FILMS, "model": {"epochs": epochs} if epochs else {}}
    with progress_bar() as progress:
        files = fetch_ml_100k(place / "data" / "ml-100k", local=local, progress=progress)
        report = None
        if not _is_fitted(Workspace(place), files.interactions):
            report = build.fit(
                place,
                interactions=files.interactions,
                items=files.items,
                users=files.users,
                progress=progress,
                **overrides,
            ).report
        build.index(place, progress=progress)
    if report:
        print_report(report)
    with Recx.open(place) as recx:
        told = []
        for user in users or SHOWN_USERS:
            out.print(Rule(f"user {user}", align="left"))
            told.append(recx.explain_list(user, k))
            out.print(render.explanation_list(told[-1]))
        _print_writers(recx, told)
    err.print(files.terms, markup=False)
    err.print(f"\nTry: recx explain 405 Fargo -w {place}", markup=False)
    err.print(f"     recx what-if 405 --mute genre=Horror -w {place}", markup=False)


def _print_writers(recx: Recx, told: Sequence[Sequence[Explanation]]) -> None:
    """Whose words they were, where a language model was asked."""
    llm = recx.settings.llm
    if llm.base_url is None and not llm.in_process:
        return
    verdicts = Counter(one.verdict for shown in told for one in shown)
    faults = Counter(one.fault for shown in told for one in shown if one.fault)
    listed = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    err.print(f"texts: {listed}", markup=False)
    for fault, count in faults.items():
        err.print(f"the language model did not answer {count} times: {fault}", markup=False)


def _is_fitted(place: Workspace, interactions: Path) -> bool:
    """Whether the demo's own data are in force; another's workspace is left alone."""
    try:
        version = place.current()
    except WorkspaceEmpty:
        return False
    if str(interactions) in version.notes.get("sources", ()):
        return True
    raise UsageError(f"{place.root} holds other data; give the demo a folder of its own with -w")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(demo)
