"""MovieLens 100K, fitted and indexed once for all end-to-end tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recx_agent import Recx, build
from recx_agent.cli.demo import FILMS
from recx_agent.datasets.movielens import MovieLens, fetch_ml_100k


@pytest.fixture(scope="session")
def cache() -> Path:
    """A folder outside the repository that outlives a run; the data's terms forbid sharing it."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "recx-agent-tests"


@pytest.fixture(scope="session")
def films(cache: Path) -> MovieLens:
    return fetch_ml_100k(cache / "ml-100k")


@pytest.fixture(scope="session")
def film_workspace(films: MovieLens, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as ``recx demo`` makes it; tests must not change it."""
    workspace = tmp_path_factory.mktemp("films") / "workspace"
    build.fit(
        workspace,
        interactions=films.interactions,
        items=films.items,
        users=films.users,
        **FILMS,
    )
    build.index(workspace)
    return workspace


@pytest.fixture(scope="session")
def recx(film_workspace: Path) -> Recx:
    return Recx.open(film_workspace)
