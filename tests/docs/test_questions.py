"""The examples of docs/questions.md are run on a few films."""

from __future__ import annotations

import random
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recx_agent import build
from recx_agent.cli.app import app

TEXT = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("recx ")
]
TITLES = ["Cinderella", "Toy Story", "Braveheart", *(f"Film {n}" for n in range(27))]
GENRES = ["Drama", "Horror", "Comedy"]


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each user likes one genre; user 405 liked Cinderella."""
    chance = random.Random(0)
    rows = [
        ("405" if user == 0 else f"u{user}", f"m{item}", 4 + item % 2, 1000 * user + at)
        for user in range(30)
        for at, item in enumerate([*chance.sample(range(user % 3, 30, 3), 6), user % 3])
    ]
    items = {
        "item_id": [f"m{n}" for n in range(30)],
        "title": TITLES,
        "genre": [GENRES[n % 3] for n in range(30)],
    }
    monkeypatch.chdir(tmp_path)
    build.fit(
        "films",
        interactions=pd.DataFrame(rows, columns=["user_id", "item_id", "value", "timestamp"]),
        items=pd.DataFrame(items),
        data={"scale": (1, 5)},
        model={"components": 8, "runs": 1, "epochs": 10},
    )
    monkeypatch.setenv("RECX_WORKSPACE", str(tmp_path / "films"))
    return tmp_path / "films"


def test_the_example_runs_without_an_index(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = EXAMPLES
    exec(compile(example, "docs/questions.md", "exec"), {})  # noqa: S102
    assert len(capsys.readouterr().out.splitlines()) >= 6


def test_the_commands_run(films: Path) -> None:
    assert len(COMMANDS) == 5
    for line in COMMANDS:
        done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
        assert "[" in done.output  # the ids of evidence, or JSON
