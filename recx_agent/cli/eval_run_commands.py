"""Commands that run suites and read runs: ``recx eval run``, ``compare``, ``gate``, ``report``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recx_agent.cli.console import err, progress_bar
from recx_agent.cli.console import out as screen
from recx_agent.cli.options import LanguageOption, WorkspaceOption
from recx_agent.errors import SettingsError

RunFolder = Annotated[Path, typer.Argument(help="Folder of a finished run.")]


class ExportFormat(StrEnum):
    """What a run is written as for others."""

    PARQUET = "parquet"
    LM_EVAL = "lm-eval"


def run(
    suite: Annotated[str, typer.Argument(help="quick, full, xrec, worlds, or your own, .toml.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder of the results; finished work there is kept.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="Instead of a workspace: a folder of data to fit one on (MovieLens 100K is put "
            "into an empty one), or XRec's rows.",
        ),
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option("--texts", help="A writer more: name=file of user_id, item_id, text."),
    ] = None,
    users: Annotated[int | None, typer.Option(min=1, help="Users; the suite's if unset.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows of 'xrec', likewise.")] = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=0, help="Trainings more, to see whether causes hang on the seed."),
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Requests at once; llm.concurrency if unset.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Texts scored side by side.")] = 2,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Run a suite: every writer on every case, every scorer on every text; goes on after a kill."""
    from recx_agent.evals.run import load_suite, run_suite
    from recx_agent.evals.run.tables import as_markdown

    chosen = load_suite(suite).with_texts(_named_files(texts or []))
    chosen = chosen.with_cases(users=users, rows=rows, seeds=seeds, language=language)
    with progress_bar() as progress:
        done = run_suite(
            chosen,
            out,
            workspace=workspace,
            data=data,
            concurrency=concurrency,
            threads=threads,
            progress=progress,
        )
    screen.print(as_markdown(done), markup=False, soft_wrap=True)
    if faults := done.results["faults"]:
        err.print(
            f"{len(faults)} times a writer or scorer failed, first: {faults[0]['error']}\n"
            f"All of them are in {done.folder / 'results.json'}; the same command tries again.",
            style="yellow",
            markup=False,
        )


def compare(
    run: RunFolder,
    than: Annotated[Path, typer.Argument(help="The run it is held against; may be the same.")],
    writer: Annotated[
        str | None, typer.Option(help="Of the first run; else writers of equal name.")
    ] = None,
    other: Annotated[str | None, typer.Option(help="Of the second run, for --writer.")] = None,
) -> None:
    """Compare two runs, or two writers of one, case by case."""
    from recx_agent.evals.compare import compare_runs
    from recx_agent.evals.run import read_run

    if other is not None and writer is None:
        raise SettingsError("--other needs --writer: which writer of the first run")
    pairs = None if writer is None else [(writer, other or writer)]
    with progress_bar() as progress:
        found = compare_runs(read_run(run), read_run(than), writers=pairs, progress=progress)
    screen.print(found.as_markdown(), markup=False, soft_wrap=True)


def gate(
    run: RunFolder,
    against: Annotated[Path, typer.Option("--against", help="Folder of the baseline.")],
) -> None:
    """Exit with 1 and say what got worse than a baseline on the same data."""
    from recx_agent.evals.compare import check_gate
    from recx_agent.evals.run import read_run

    with progress_bar() as progress:
        found = check_gate(read_run(run), read_run(against), progress=progress)
    screen.print(found.as_markdown(), markup=False, soft_wrap=True)
    if not found.passed:
        raise typer.Exit(1)


def report(
    run: RunFolder,
    out: Annotated[
        Path | None, typer.Option("--out", help="The page; report.html in the folder if unset.")
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Texts to read, of each writer.")] = 10,
) -> None:
    """Write one HTML page: figures with intervals, verdicts, the worst texts to read."""
    from recx_agent.evals.report import write_report
    from recx_agent.evals.run import read_run

    page = write_report(read_run(run), out or run / "report.html", worst=worst)
    err.print(f"written: {page}", markup=False)


def export(
    run: RunFolder,
    to: Annotated[ExportFormat, typer.Option("--to", help="Which form.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the files; the run's own if unset.")
    ] = None,
) -> None:
    """Write a run as Parquet tables, or as JSON in the form of lm-evaluation-harness."""
    from recx_agent.evals.run import read_run
    from recx_agent.evals.run.export import write_lm_eval, write_parquet

    write = write_parquet if to is ExportFormat.PARQUET else write_lm_eval
    for path in write(read_run(run), out or run):
        err.print(f"written: {path}", markup=False)


def _named_files(entries: list[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for entry in entries:
        name, sign, path = entry.partition("=")
        if not (name.strip() and sign and path.strip()):
            raise SettingsError(f"--texts {entry!r}: write it as name=file, such as xrec=texts.csv")
        if name.strip() in found:
            raise SettingsError(f"--texts {entry!r}: {name.strip()!r} is given twice")
        found[name.strip()] = Path(path.strip())
    return found


def register(app: typer.Typer) -> None:
    """Add the commands to ``recx eval``."""
    for command in (run, compare, gate, report, export):
        app.command()(command)
