"""The examples of docs/feedback.md are run, one after the other, on a few films."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.cli.app import app
from recx_agent.errors import UnclearReason
from recx_agent.settings import UsersSettings

TEXT = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("recx ")
]
TITLES = ["Fargo", "Heat", "Alien", *(f"Film {n}" for n in range(27))]
GENRES = ["Drama", "Horror", "Comedy"]


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each user likes one genre; alice likes dramas."""
    chance = random.Random(0)
    rows = [
        ("alice" if user == 0 else f"u{user}", f"m{item}", 4 + item % 2, 1000 * user + at)
        for user in range(30)
        for at, item in enumerate(chance.sample(range(user % 3, 30, 3), 6))
        if (user, item) != (0, 0)
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
    build.index("films")
    (tmp_path / "new.csv").write_text("user_id,item_id,value\nalice,m20,4\n")
    return tmp_path / "films"


def test_the_examples_run(films: Path) -> None:
    assert len(EXAMPLES) == 2
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/feedback.md", "exec"), names)  # noqa: S102
    with Recx.open(films) as recx:
        assert [e.what for e in recx.feedback_of("alice")] != []
        assert len(recx.added_events("alice")) == 1


def test_the_commands_run(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    from typer.testing import CliRunner

    monkeypatch.setenv("RECX_WORKSPACE", str(films))
    assert len(COMMANDS) == 10
    for line in COMMANDS:
        done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
        if "--about" in line and done.exit_code:
            assert isinstance(done.exception, UnclearReason)
        else:
            assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"


def test_the_settings_are_accepted() -> None:
    import tomllib

    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert UsersSettings(**tomllib.loads(block)["users"]).url is not None
