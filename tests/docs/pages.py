"""What a page of the docs holds to be run, and a few films to run it on."""

from __future__ import annotations

import random
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from typer.testing import CliRunner, Result

from recx_agent import build
from recx_agent.cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
GENRES = ["Drama", "Horror", "Comedy"]


class Page:
    """A page by its name; its code by language."""

    def __init__(self, name: str) -> None:
        self.name = f"docs/{name}"
        self.text = (DOCS / name).read_text(encoding="utf-8")

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)

    @property
    def commands(self) -> list[str]:
        """Lines of its shell blocks that call ``recx``."""
        lines = [line for block in self.blocks("sh") for line in block.splitlines()]
        return [line for line in lines if line.startswith("recx ")]

    def run_examples(self) -> dict[str, Any]:
        """Run its Python blocks one after the other; the names that they leave."""
        names: dict[str, Any] = {}
        for example in self.blocks("python"):
            exec(compile(example, self.name, "exec"), names)  # noqa: S102
        return names


def run(command: str) -> Result:
    """A ``recx`` command as it stands in a page."""
    return CliRunner().invoke(app, shlex.split(command, comments=True)[1:])


def fit_films(folder: Path, reader: str, titles: Sequence[str]) -> None:
    """A workspace of thirty films of three genres, of which each user likes one.

    ``reader`` likes dramas, and the first film; ``titles`` are those of the first films.
    """
    chance = random.Random(0)
    rows = [
        (reader if user == 0 else f"u{user}", f"m{item}", 4 + item % 2, 1000 * user + at)
        for user in range(30)
        for at, item in enumerate([*chance.sample(range(user % 3, 30, 3), 6), user % 3])
    ]
    items = {
        "item_id": [f"m{n}" for n in range(30)],
        "title": [*titles, *(f"Film {n}" for n in range(30 - len(titles)))],
        "genre": [GENRES[n % 3] for n in range(30)],
    }
    build.fit(
        folder,
        interactions=pd.DataFrame(rows, columns=["user_id", "item_id", "value", "timestamp"]),
        items=pd.DataFrame(items),
        data={"scale": (1, 5)},
        model={"components": 8, "runs": 1, "epochs": 10},
    )
