"""MovieLens 100K, fitted and indexed once for all end-to-end tests, and its raw files."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from filelock import FileLock

import recx_agent
from recx_agent import Recx, build, retrievers
from recx_agent.cli.demo import FILMS
from recx_agent.datasets.movielens import MovieLens, fetch_ml_100k
from recx_agent.errors import UsageError
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.terms import LISTED, RankWithout

WHEEL = "recbole==1.2.1"
WHEEL_SHA256 = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"
MEMBERS = ("ml-100k.inter", "ml-100k.item")

Ranks = dict[str, tuple[int | None, int | None]]


@pytest.fixture(scope="session")
def cache() -> Path:
    """A folder outside the repository that outlives a run; the data's terms forbid sharing it."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "recx-agent-tests"


@pytest.fixture(scope="session")
def films(cache: Path) -> MovieLens:
    return fetch_ml_100k(cache / "ml-100k")


@pytest.fixture(scope="session")
def film_workspace(films: MovieLens, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as ``recx demo`` makes it; tests must not change it.

    It takes a minute and more, so it is fitted once for a state of the code: another worker, and
    the tests with vLLM, get a copy of what that made.
    """
    fitted = cache / "fitted" / _state_of_code()
    fitted.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(fitted.parent / "lock"):
        if not fitted.is_dir():
            for older in (one for one in fitted.parent.iterdir() if one.is_dir()):
                shutil.rmtree(older)
            half_made = fitted.with_suffix(".new")
            build.fit(
                half_made,
                interactions=films.interactions,
                items=films.items,
                users=films.users,
                **FILMS,
            )
            build.index(half_made)
            half_made.rename(fitted)
        workspace = tmp_path_factory.mktemp("films") / "workspace"
        return Path(shutil.copytree(fitted, workspace))


def _state_of_code() -> str:
    """Digest of all that a fitted workspace hangs on."""
    digest = hashlib.sha256()
    for package in (recx_agent, retrievers):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    for library in ("chromadb", "implicit", "lightfm-next", "numpy", "scipy"):
        digest.update(version(library).encode())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def recx(film_workspace: Path) -> Recx:
    return Recx.open(film_workspace)


@pytest.fixture(scope="session")
def raw(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The files as they lie in the wheel, read without recx_agent."""
    folder = cache / "recbole"
    wheel = folder / "recbole-1.2.1-py3-none-any.whl"
    if not wheel.is_file() or hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--quiet"]
        command += ["--disable-pip-version-check", "--dest", str(folder), WHEEL]
        subprocess.run(command, check=True, timeout=300)
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == WHEEL_SHA256
    here = tmp_path_factory.mktemp("raw")
    with zipfile.ZipFile(wheel) as archive:
        for name in MEMBERS:
            (here / name).write_bytes(archive.read(f"recbole/dataset_example/ml-100k/{name}"))
    return Raw.of_atomic(*(here / name for name in MEMBERS))


@pytest.fixture(scope="session")
def rank_without(recx: Recx) -> RankWithout:
    """Ranks by ``what_if``, asked once for each thing removed."""
    asked: dict[tuple[str, tuple[str, ...], int], Ranks] = {}

    def ranks(user: str, removed: tuple[str, ...], k: int) -> Ranks:
        if (user, removed, k) not in asked:
            muted = removed if "=" in removed[0] else ()
            # The wheel lists some films twice; the workspace holds each once.
            gone = () if muted else tuple(r for r in removed if r in recx.dataset.catalogue.ids)
            try:
                moved = recx.what_if(user, remove=gone, mute=muted, k=k).moved
            except UsageError:  # nothing of this user's: there is no rank without it
                moved = ()
            asked[user, removed, k] = {m.item_id: (m.rank_before, m.rank_after) for m in moved}
        return asked[user, removed, k]

    def rank_without(
        user: str, removed: tuple[str, ...], item: str
    ) -> tuple[int | None, int | None]:
        found = ranks(user, removed, LISTED).get(item)
        return found or ranks(user, removed, 10_000).get(item, (None, None))

    return rank_without


@pytest.fixture(scope="session")
def users(raw: Raw) -> list[str]:
    liking = [user for user, own in raw.ratings.items() if max(own.values()) >= raw.scale.liked]
    return random.Random(20240).sample(sorted(liking), 300)
