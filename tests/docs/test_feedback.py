"""The examples of docs/feedback.md are run, one after the other, on a few films."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from recx_agent import Recx, build
from recx_agent.errors import UnclearReason
from recx_agent.settings import UsersSettings
from tests.docs.pages import Page, fit_films, run

PAGE = Page("feedback.md")


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    (tmp_path / "new.csv").write_text("user_id,item_id,value\nalice,m20,4\n")
    return tmp_path / "films"


def test_the_examples_run(films: Path) -> None:
    assert len(PAGE.blocks("python")) == 2
    PAGE.run_examples()
    with Recx.open(films) as recx:
        assert [e.what for e in recx.feedback_of("alice")] != []
        assert len(recx.added_events("alice")) == 1


def test_the_commands_run(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECX_WORKSPACE", str(films))
    assert len(PAGE.commands) == 10
    for line in PAGE.commands:
        done = run(line)
        if "--about" in line and done.exit_code:
            assert isinstance(done.exception, UnclearReason)
        else:
            assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"


def test_the_settings_are_accepted() -> None:
    (block,) = PAGE.blocks("toml")
    assert UsersSettings(**tomllib.loads(block)["users"]).url is not None
