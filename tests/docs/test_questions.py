"""The examples of docs/questions.md are run on a few films."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Page, fit_films, run

PAGE = Page("questions.md")


@pytest.fixture(autouse=True)
def _films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECX_WORKSPACE", str(tmp_path / "films"))
    fit_films(Path("films"), "405", ["Cinderella", "Toy Story", "Braveheart"])


def test_the_example_runs_without_an_index(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PAGE.blocks("python")) == 1
    PAGE.run_examples()
    assert len(capsys.readouterr().out.splitlines()) >= 6


def test_the_commands_run() -> None:
    assert len(PAGE.commands) == 5
    for line in PAGE.commands:
        done = run(line)
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
        assert "[" in done.output  # the ids of evidence, or JSON
