"""``recx explain-batch``: explanations of many pairs into one file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recx_agent.cli.console import err, progress_bar
from recx_agent.cli.options import (
    CountOption,
    LanguageOption,
    NoLlmOption,
    WorkspaceOption,
    llm_overrides,
)
from recx_agent.errors import UsageError

if TYPE_CHECKING:
    from recx_agent.batch import Group, Summary
    from recx_agent.recx import Recx


def explain_batch(
    out: Annotated[Path, typer.Option(help="File to write: .jsonl or .parquet.")],
    users: Annotated[
        Path | None,
        typer.Option(help="Users: one id a line (.txt), or a column user_id (CSV, Parquet)."),
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Pairs: columns user_id and item_id (CSV, Parquet).")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="So many users, always the same ones.")
    ] = None,
    k: CountOption = 10,
    language: LanguageOption = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Written side by side; llm.concurrency if unset.")
    ] = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds to wait for a model that does not answer; then templates write."
        ),
    ] = 300.0,
    force: Annotated[bool, typer.Option("--force", help="Begin anew, whatever is there.")] = False,
    no_llm: NoLlmOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Explain the top lists of users, or pairs; the same command goes on after a kill."""
    from recx_agent.recx import Recx

    if sum(given is not None for given in (users, pairs, sample)) != 1:
        raise UsageError("give one of --users, --pairs and --sample")
    with Recx.open(workspace, **llm_overrides(no_llm)) as recx, progress_bar() as progress:
        summary = recx.explain_batch(
            _groups(recx, users, pairs, sample),
            out,
            k,
            language=language,
            concurrency=concurrency,
            wait=wait,
            force=force,
            progress=progress,
        )
    _tell(summary, out)


def _groups(recx: Recx, users: Path | None, pairs: Path | None, sample: int | None) -> list[Group]:
    from recx_agent import batch

    if users is not None:
        return batch.read_users(users)
    if pairs is not None:
        return batch.read_pairs(pairs)
    assert sample is not None
    return batch.of_sample(recx.dataset.users, sample)


def _tell(summary: Summary, out: Path) -> None:
    if summary.there_before:
        err.print(f"{summary.there_before:,} lines were there before")
    written = summary.verdicts.total()
    err.print(f"{written:,} explanations{_listed(summary.verdicts)} in {out}", markup=False)
    if summary.faults:
        err.print(f"faults of the language model{_listed(summary.faults)}", markup=False)
    if summary.errors:
        err.print(f"{summary.errors.total():,} pairs with errors{_listed(summary.errors)}")


def _listed(counts: Counter[str]) -> str:
    return ": " + ", ".join(f"{n:,} {name}" for name, n in counts.most_common()) if counts else ""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explain-batch")(explain_batch)
