"""The planted world, to be written to; its model may be of any kind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recx_agent import Recx, build
from tests.unit.conftest import planted_frames


@pytest.fixture
def workspace(planted_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted_workspace, tmp_path / "w"))


@pytest.fixture
def recx(workspace: Path) -> Iterator[Recx]:
    with Recx.open(workspace) as opened:
        yield opened


@pytest.fixture(scope="session")
def als_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with ALS; tests must not change it."""
    interactions, items = planted_frames()
    folder = tmp_path_factory.mktemp("als") / "workspace"
    build.fit(
        folder,
        interactions=interactions,
        items=items,
        data={"scale": (1, 5)},
        recommender="als",
        als={"factors": 8, "iterations": 5},
    )
    build.index(folder)
    return folder


@pytest.fixture(params=["lightfm", "als"])
def any_workspace(
    request: pytest.FixtureRequest, planted_workspace: Path, als_workspace: Path, tmp_path: Path
) -> Path:
    source = planted_workspace if request.param == "lightfm" else als_workspace
    return Path(shutil.copytree(source, tmp_path / "any"))


@pytest.fixture
def any_recx(any_workspace: Path) -> Iterator[Recx]:
    with Recx.open(any_workspace) as opened:
        yield opened


@pytest.fixture
def again(workspace: Path) -> Iterator[Callable[[], Recx]]:
    """Opens the workspace as another process would."""
    opened: list[Recx] = []

    def open_one() -> Recx:
        opened.append(Recx.open(workspace))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
