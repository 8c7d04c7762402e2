"""The examples of docs/tools.md are run, one after the other, on a few films."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent import build
from recx_agent.tools import TOOLS, USER_KEY

TEXT = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
TITLES = ["Fargo", "Heat", "Alien", *(f"Film {n}" for n in range(27))]
GENRES = ["Drama", "Horror", "Comedy"]


@pytest.fixture
def _films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each user likes one genre; alice likes dramas."""
    chance = random.Random(0)
    rows = [
        ("alice" if user == 0 else f"u{user}", f"m{item}", 4 + item % 2, 1000 * user + at)
        for user in range(30)
        for at, item in enumerate(chance.sample(range(user % 3, 30, 3), 6))
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


@pytest.mark.usefixtures("_films")
def test_the_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(EXAMPLES) == 3
    names: dict[str, Any] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/tools.md", "exec"), names)  # noqa: S102
    said = capsys.readouterr().out
    assert "Suggestions, best first:" in said
    assert names["message"].artifact["text"] == names["message"].content
    assert names["taste"].name == "describe_my_taste"
    assert names["answer"].error is None
    assert "the closest are 'Alien'" in said and "UnknownItem" in said


def test_every_tool_and_argument_is_listed() -> None:
    for spec in TOOLS:
        (row,) = re.findall(rf"^\| `{spec.name}` .*$", TEXT, re.MULTILINE)
        assert [name for name in spec.arguments.model_fields if f"`{name}`" not in row] == []
    assert f'"{USER_KEY}"' in TEXT
