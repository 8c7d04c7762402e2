"""Commands that answer: recommend, explain, compare, counterfactual, what-if, profile."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from recx_agent.cli import render, render_tasks
from recx_agent.cli.console import out, print_json
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

if TYPE_CHECKING:
    from recx_agent.schemas import Explanation


class View(StrEnum):
    """What a comparison takes its reasons from."""

    HISTORY = "history"
    ATTRIBUTE = "attribute"


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
        _print_list(results, format)
    elif format is Format.JSON:
        print_json(result)
    else:
        out.print(render.explanation(result))


def _check_candidates(
    item: str | None, chosen: Sequence[str], chosen_by: str | None, exclude: list[str] | None
) -> None:
    if bool(chosen) != (chosen_by is not None):
        raise SettingsError("--candidate or --candidates and --chosen-by go together")
    if chosen and (item is not None or exclude):
        raise SettingsError("candidates of another recommender go without ITEM and --exclude")


def _print_list(results: Sequence[Explanation], format: Format) -> None:
    if format is Format.JSON:
        print_json(results)
    else:
        out.print(render.explanation_list(results))


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
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render.counterfactual(result))


def compare(
    user: UserArgument,
    item: Annotated[str, typer.Argument(help="Item, by id or title.")],
    other: Annotated[str, typer.Argument(help="The other item, by id or title.")],
    view: Annotated[
        View | None,
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
            view=_view(view),
            exclude=exclude or (),
            history=history,
            context=moment,
            language=language,
        )
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render_tasks.comparison(result))


def _view(view: View | None) -> Literal["history", "attribute"] | None:
    return None if view is None else "history" if view is View.HISTORY else "attribute"


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
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render_tasks.what_if(result))


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
    if format is Format.JSON:
        print_json(result)
    else:
        out.print(render_tasks.profile(result))


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(recommend)
    app.command()(explain)
    app.command()(compare)
    app.command()(counterfactual)
    app.command("what-if")(what_if)
    app.command()(profile)
