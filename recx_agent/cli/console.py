"""Where the command line writes: results to stdout, everything else to stderr."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from recx_agent.protocols import Progress as ProgressCall

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STAGES = {
    "fit": "training",
    "index": "indexing evidence",
    "read": "reading",
    "download": "fetching",
    "explain": "explaining",
    "wait": "seconds waited for the language model",
}


@contextmanager
def progress_bar() -> Iterator[ProgressCall]:
    """A bar on stderr for each stage that reports itself."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=not err.is_terminal,
    )
    tasks = {}
    with bar:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


def print_json(content: BaseModel | Sequence[BaseModel]) -> None:
    """One JSON document on stdout, and nothing else."""
    if isinstance(content, BaseModel):
        text = content.model_dump_json(indent=2)
    else:
        text = "[" + ",\n".join(entry.model_dump_json(indent=2) for entry in content) + "]"
    out.file.write(text + "\n")
