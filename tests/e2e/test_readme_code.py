"""The Python of the README, run against MovieLens as the README has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def test_the_python_of_the_readme_runs(
    film_workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "recx-workspace").symlink_to(film_workspace)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, str(README), "exec"), {})
    shown = capsys.readouterr().out
    assert shown.startswith("1 ")
    assert "“Toy Story”" in shown
    assert "H1 cause" in shown
    assert "rank_after" in shown
