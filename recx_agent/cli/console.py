"""Where the command line writes: results to stdout, everything else to stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from pydantic import BaseModel
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from recx_agent.cli.options import Format
from recx_agent.protocols import Progress as ProgressCall

Answer = TypeVar("Answer", bound=BaseModel | Sequence[BaseModel])

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STAGES = {
    "fit": "training",
    "witness": "training witnesses",
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


def print_as(format: Format, content: Answer, words: Callable[[Answer], RenderableType]) -> None:
    """An answer on stdout: as JSON, or in words."""
    if format is Format.JSON:
        print_json(content)
    else:
        out.print(words(content))
