"""Commands that measure: ``recx eval ranking``, ``faithfulness``, ``cold-items``, ``xrec``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recx_agent.cli import eval_run_commands
from recx_agent.cli.console import out as screen
from recx_agent.cli.console import progress_bar
from recx_agent.cli.options import LanguageOption, WorkspaceOption

eval_app = typer.Typer(
    help="Measure offline: run suites of writers and scorers, rankings, causes, cold items.",
    no_args_is_help=True,
)

DataFolder = Annotated[
    Path, typer.Option("--data", help="Folder of the data; MovieLens 100K is put in an empty one.")
]
OutFolder = Annotated[
    Path, typer.Option("--out", help="Folder of the results; finished work there is kept.")
]
Quick = Annotated[bool, typer.Option("--quick", help="Few passes: shows that it works.")]


@eval_app.command()
def ranking(
    data: DataFolder = Path("data/ml-100k"),
    out: OutFolder = Path("results/ranking"),
    trials: Annotated[
        int | None, typer.Option(min=1, help="Configurations tried for each model.")
    ] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Refits of what was chosen.")] = None,
    quick: Quick = False,
) -> None:
    """Compare models on the same splits, searched with equal budgets."""
    from recx_agent.evals.ranking.command import ranking as compare

    with progress_bar() as progress:
        report = compare(data, out, trials=trials, seeds=seeds, quick=quick, progress=progress)
    screen.print(report.as_markdown(), markup=False)


@eval_app.command()
def faithfulness(
    data: DataFolder = Path("data/ml-100k"),
    out: OutFolder = Path("results/faithfulness"),
    quick: Quick = False,
) -> None:
    """Measure what taking causes away does to ranks, and whether causes hang on the seed."""
    from recx_agent.evals.faithfulness import run_faithfulness
    from recx_agent.evals.folder import read_folder

    with progress_bar() as progress:
        report = run_faithfulness(read_folder(data), out, quick=quick, progress=progress)
    screen.print(report.as_markdown(), markup=False)


@eval_app.command("cold-items")
def cold_items(
    data: DataFolder = Path("data/ml-100k"),
    out: OutFolder = Path("results/cold-items"),
    splits: Annotated[
        int | None, typer.Option(min=1, max=10, help="Tenths of the items held out in turn.")
    ] = None,
    quick: Quick = False,
) -> None:
    """Hold items out whole and measure whether those who like them are found."""
    from recx_agent.evals.cold_items import run_cold_items
    from recx_agent.evals.folder import read_folder

    with progress_bar() as progress:
        report = run_cold_items(
            read_folder(data), out, splits=splits, quick=quick, progress=progress
        )
    screen.print(report.as_markdown(), markup=False)


@eval_app.command()
def terms(
    data: DataFolder = Path("data/ml-100k"),
    out: OutFolder = Path("results/terms"),
    seeds: Annotated[
        int | None, typer.Option(min=2, help="Fits with and without the terms.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="In which hours are told, such as America/Chicago.")
    ] = None,
    quick: Quick = False,
) -> None:
    """Measure what low ratings and the context do to the ranking."""
    from recx_agent.evals.folder import read_folder
    from recx_agent.evals.terms import run_terms

    with progress_bar() as progress:
        report = run_terms(
            read_folder(data),
            out,
            seeds=seeds,
            time_zone=time_zone,
            quick=quick,
            progress=progress,
        )
    screen.print(report.as_markdown(), markup=False)


@eval_app.command()
def xrec(
    data: Annotated[
        Path | None, typer.Option("--data", help="XRec's rows as JSONL (.gz); else RECX_XREC.")
    ] = None,
    out: OutFolder = Path("results/xrec"),
    rows: Annotated[int, typer.Option(min=2, help="Rows of the sample.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    best_of: Annotated[
        int, typer.Option(min=1, max=16, help="Also choose among so many drafts of a model.")
    ] = 1,
    discriminator: Annotated[
        Path | None, typer.Option(help="Folder of a trained discriminator that chooses.")
    ] = None,
) -> None:
    """Hold explanations from given texts beside XRec's, and print thirty of ours."""
    from recx_agent.cli.discriminator_commands import explanations_file
    from recx_agent.evals.xrec import run_xrec

    with progress_bar() as progress:
        report = run_xrec(
            explanations_file(data),
            out,
            rows=rows,
            seed=seed,
            best_of=best_of,
            discriminator=discriminator,
            progress=progress,
        )
    screen.print(report.as_markdown(), markup=False, soft_wrap=True)
    screen.print(report.for_reading(), markup=False, soft_wrap=True)


@eval_app.command()
def writing(
    out: OutFolder = Path("results/writing"),
    users: Annotated[int, typer.Option(min=1, help="Users, with the first item of each.")] = 300,
    timed: Annotated[int, typer.Option(min=1, help="Of them, so many timed.")] = 64,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Requests at once; llm.concurrency if unset.")
    ] = None,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure whose words a language model's explanations are, how true, and how fast."""
    from recx_agent.evals.writing import run_writing
    from recx_agent.recx import Recx

    with Recx.open(workspace) as recx, progress_bar() as progress:
        report = run_writing(
            recx,
            out,
            users=users,
            timed=timed,
            concurrency=concurrency,
            language=language,
            progress=progress,
        )
    screen.print(report.as_markdown(), markup=False)


@eval_app.command()
def meta(
    out: OutFolder = Path("results/meta"),
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of the CSV files that --workspace was fitted on."),
    ] = None,
    users: Annotated[
        int, typer.Option(min=1, help="Users whose template texts are true texts.")
    ] = 60,
    times: Annotated[int, typer.Option(min=1, help="Faults of each operator and language.")] = 40,
    workspace: WorkspaceOption = None,
) -> None:
    """Plant faults into true texts: what the scorers find, and what they call untrue wrongly.

    Without --data only the texts written by hand are used.
    """
    from recx_agent.evals.meta import run_meta
    from recx_agent.evals.meta.films import template_texts

    with progress_bar() as progress:
        texts = [
            template_texts(
                workspace,
                folder / "interactions.csv",
                folder / "items.csv",
                users=users,
                progress=progress,
            )
            for folder in [data]
            if folder is not None
        ]
        report = run_meta(out, texts, times=times, progress=progress)
    screen.print(report.as_markdown(), markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    eval_run_commands.register(eval_app)
    app.add_typer(eval_app, name="eval")
