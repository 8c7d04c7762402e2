"""Commands that answer: recommend, explain, compare, counterfactual, what-if, profile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from recx_agent.cli import render, render_tasks
from recx_agent.cli.console import print_as
from recx_agent.cli.options import (
    ColdOption,
    ContextOption,
    CountOption,
    DeadlineOption,
    ExcludeOption,
    Format,
    FormatOption,
    HistoryOption,
    LanguageOption,
    NoLlmOption,
    UserArgument,
    WorkspaceOption,
    llm_overrides,
    parse_context,
    read_candidates,
)
from recx_agent.errors import SettingsError

AnyItems = Annotated[list[str] | None, typer.Option(help="Item, by id or title. Repeatable.")]


def recommend(
    user: UserArgument,
    k: CountOption = 10,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    allow_cold: ColdOption = False,
    context: ContextOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Recommend the best items a user does not know."""
    from recx_agent.recx import Recx

    moment = parse_context(context)
    with Recx.open(workspace) as recx:
        result = recx.recommend(
            user, k, exclude=exclude or (), history=history, allow_cold=allow_cold, context=moment
        )
    print_as(format, result, render.recommendations)


def explain(
    user: UserArgument,
    item: Annotated[
        str | None, typer.Argument(help="Item, by id or title; the whole top list without it.")
    ] = None,
    k: CountOption = 10,
    candidate: Annotated[
        list[str] | None,
        typer.Option(help="Item that another recommender chose, by id or title. Repeatable."),
    ] = None,
    candidates: Annotated[
        Path | None, typer.Option(help="File of such items, one a line; '-' reads stdin.")
    ] = None,
    chosen_by: Annotated[
        str | None, typer.Option(help="Name of the recommender that chose the candidates.")
    ] = None,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    allow_cold: ColdOption = False,
    context: ContextOption = None,
    language: LanguageOption = None,
    no_llm: NoLlmOption = False,
    deadline_ms: DeadlineOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Explain one item, the user's top list, or what another recommender chose."""
    from recx_agent.recx import Recx

    moment = parse_context(context)
    chosen = [*(candidate or ()), *(read_candidates(candidates) if candidates else ())]
    _check_candidates(item, chosen, chosen_by, exclude)
    with Recx.open(workspace, **llm_overrides(no_llm, deadline_ms)) as recx:
        if chosen_by is not None:
            results = recx.explain_candidates(
                user,
                chosen,
                chosen_by,
                k,
                history=history,
                allow_cold=allow_cold,
                context=moment,
                language=language,
            )
        elif item is None:
            results = recx.explain_list(
                user,
                k,
                exclude=exclude or (),
                history=history,
                allow_cold=allow_cold,
                context=moment,
                language=language,
            )
        else:
            result = recx.explain(
                user,
                item,
                k,
                exclude=exclude or (),
                history=history,
                allow_cold=allow_cold,
                context=moment,
                language=language,
            )
    if item is None:
        print_as(format, results, render.explanation_list)
    else:
        print_as(format, result, render.explanation)


def _check_candidates(
    item: str | None, chosen: Sequence[str], chosen_by: str | None, exclude: list[str] | None
) -> None:
    if bool(chosen) != (chosen_by is not None):
        raise SettingsError("--candidate or --candidates and --chosen-by go together")
    if chosen and (item is not None or exclude):
        raise SettingsError("candidates of another recommender go without ITEM and --exclude")


def counterfactual(
    user: UserArgument,
    item: Annotated[str, typer.Argument(help="Item of the top list, by id or title.")],
    k: CountOption = 10,
    budget: Annotated[int, typer.Option(min=1, help="History items taken away at most.")] = 5,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    context: ContextOption = None,
    language: LanguageOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Find history items without which an item would not be in the top list."""
    from recx_agent.recx import Recx

    moment = parse_context(context)
    with Recx.open(workspace) as recx:
        result = recx.counterfactual(
            user,
            item,
            k,
            budget,
            exclude=exclude or (),
            history=history,
            context=moment,
            language=language,
        )
    print_as(format, result, render.counterfactual)


def compare(
    user: UserArgument,
    item: Annotated[str, typer.Argument(help="Item, by id or title.")],
    other: Annotated[str, typer.Argument(help="The other item, by id or title.")],
    view: Annotated[
        Literal["history", "attribute"] | None,
        typer.Option(help="Terms that the text tells; where unset, what has a reason."),
    ] = None,
    exclude: ExcludeOption = None,
    history: HistoryOption = None,
    context: ContextOption = None,
    language: LanguageOption = None,
    no_llm: NoLlmOption = False,
    deadline_ms: DeadlineOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Say why one item and not another: the difference of their scores, term by term."""
    from recx_agent.recx import Recx

    moment = parse_context(context)
    with Recx.open(workspace, **llm_overrides(no_llm, deadline_ms)) as recx:
        result = recx.compare(
            user,
            item,
            other,
            view=view,
            exclude=exclude or (),
            history=history,
            context=moment,
            language=language,
        )
    print_as(format, result, render_tasks.comparison)


def what_if(
    user: UserArgument,
    remove: AnyItems = None,
    add: AnyItems = None,
    mute: Annotated[
        list[str] | None, typer.Option(help="Attribute left out of every score. Repeatable.")
    ] = None,
    exclude: ExcludeOption = None,
    k: CountOption = 10,
    context: ContextOption = None,
    language: LanguageOption = None,
    no_llm: NoLlmOption = False,
    deadline_ms: DeadlineOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Rank anew as if the history or the rules were different; nothing is saved."""
    from recx_agent.recx import Recx

    moment = parse_context(context)
    with Recx.open(workspace, **llm_overrides(no_llm, deadline_ms)) as recx:
        result = recx.what_if(
            user,
            remove=remove or (),
            add=add or (),
            mute=mute or (),
            exclude=exclude or (),
            k=k,
            context=moment,
            language=language,
        )
    print_as(format, result, render_tasks.what_if)


def profile(
    user: UserArgument,
    language: LanguageOption = None,
    no_llm: NoLlmOption = False,
    deadline_ms: DeadlineOption = None,
    format: FormatOption = Format.TEXT,
    workspace: WorkspaceOption = None,
) -> None:
    """Show what the recommender knows of a user."""
    from recx_agent.recx import Recx

    with Recx.open(workspace, **llm_overrides(no_llm, deadline_ms)) as recx:
        result = recx.profile(user, language=language)
    print_as(format, result, render_tasks.profile)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(recommend)
    app.command()(explain)
    app.command()(compare)
    app.command()(counterfactual)
    app.command("what-if")(what_if)
    app.command()(profile)
