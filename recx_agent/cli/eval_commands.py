"""Commands that measure: ``recx eval ranking`` and ``recx eval faithfulness``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recx_agent.cli.console import out as screen
from recx_agent.cli.console import progress_bar

eval_app = typer.Typer(help="Measure ranking and faithfulness offline.", no_args_is_help=True)

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


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(eval_app, name="eval")
