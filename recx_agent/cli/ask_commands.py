"""Commands that answer: recommend, explain, what-if, profile."""

from __future__ import annotations

from typing import Annotated

import typer

from recx_agent.cli import render
from recx_agent.cli.console import out, print_json
from recx_agent.cli.options import (
    ColdOption,
    CountOption,
    ExcludeOption,
    Format,
    FormatOption,
    HistoryOption,
    UserArgument,
    WorkspaceOption,
)

AnyItems = Annotated[list[str] | None, typer.Option(help="Item, by id or title. Repeatable.")]


def recommend(
    user: UserArgument,
    k: CountOption = 10,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    allow_cold: ColdOption = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Recommend the best items a user does not know."""
    from recx_agent.recx import Recx

    result = Recx.open(workspace).recommend(
        user, k, exclude=exclude or (), history=history, allow_cold=allow_cold
    )
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render.recommendations(result))


def explain(
    user: UserArgument,
    item: Annotated[
        str | None, typer.Argument(help="Item, by id or title; the whole top list without it.")
    ] = None,
    k: CountOption = 10,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    allow_cold: ColdOption = False,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Explain one item, or the user's top list, with evidence for every sentence."""
    from recx_agent.recx import Recx

    recx = Recx.open(workspace)
    if item is None:
        results = recx.explain_list(
            user, k, exclude=exclude or (), history=history, allow_cold=allow_cold
        )
        if format is Format.JSON:
            print_json(results)
        else:
            out.print(render.explanation_list(results))
        return
    result = recx.explain(
        user, item, k, exclude=exclude or (), history=history, allow_cold=allow_cold
    )
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render.explanation(result))


def what_if(
    user: UserArgument,
    remove: AnyItems = None,
    add: AnyItems = None,
    mute: Annotated[
        list[str] | None, typer.Option(help="Attribute left out of every score. Repeatable.")
    ] = None,
    exclude: ExcludeOption = None,
    k: CountOption = 10,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Rank anew as if the history or the rules were different; nothing is saved."""
    from recx_agent.recx import Recx

    result = Recx.open(workspace).what_if(
        user,
        remove=remove or (),
        add=add or (),
        mute=mute or (),
        exclude=exclude or (),
        k=k,
    )
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render.what_if(result))


def profile(
    user: UserArgument,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Show what the recommender knows of a user."""
    from recx_agent.recx import Recx

    result = Recx.open(workspace).profile(user)
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render.profile(result))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(recommend)
    app.command()(explain)
    app.command("what-if")(what_if)
    app.command()(profile)
