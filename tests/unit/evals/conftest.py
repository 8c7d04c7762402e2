from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from recx_agent.datasets import Catalogue, Dataset, Events, IdMap
from recx_agent.evals.run import Run
from recx_agent.evals.scorers import registry
from tests.unit.evals import worlds

Row = tuple[int, int, float, int]
MakeDataset = Callable[..., Dataset]


def build(rows: Iterable[Row], n_users: int, n_items: int, groups: int = 2) -> Dataset:
    """A data set of (user, item, rating, time); ratings from 4 on are positive."""
    user, item, value, time = (np.array(column) for column in zip(*rows, strict=True))
    n = len(user)
    events = Events.sorted(
        user=user.astype(np.int32),
        item=item.astype(np.int32),
        kind=np.zeros(n, np.int16),
        value=value.astype(np.float32),
        time=time.astype(np.int64),
        positive=value >= 4,
        row=np.arange(n),
        source=np.zeros(n, np.int16),
        kinds=("rating",),
        sources=("planted",),
        n_users=n_users,
    )
    ids = IdMap([str(i) for i in range(n_items)])
    genre = tuple((f"g{i * groups // n_items}",) for i in range(n_items))
    titles = tuple(f"Item {i}" for i in range(n_items))
    catalogue = Catalogue(ids, titles, {"genre": genre}, ("genre",))
    return Dataset(IdMap([str(u) for u in range(n_users)]), catalogue, events, (1.0, 5.0))


@pytest.fixture(scope="session")
def make_dataset() -> MakeDataset:
    return build


@pytest.fixture(scope="session")
def halves() -> Dataset:
    """Two halves of users, each of which likes items of its own half of the catalogue.

    Every user rates 14 items, one of them low, at times that interleave with the others'.
    """
    random = np.random.default_rng(5)
    n_users, n_items = 40, 40
    rows: list[Row] = []
    for user in range(n_users):
        half = user % 2
        items = half * n_items // 2 + random.permutation(n_items // 2)[:14]
        for place, item in enumerate(items):
            rating = 2.0 if place == 3 else 5.0
            rows.append((user, int(item), rating, 1000 * place + user))
    return build(rows, n_users, n_items)


@pytest.fixture
def known_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The family ``judges``, as if it had come with the package."""
    monkeypatch.setitem(registry.BUILT_IN, "judges", "tests.unit.evals.judges:make_scorers")


@pytest.fixture(scope="session")
def finished(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing went wrong with; tests must not change it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.BUILT_IN, "judges", "tests.unit.evals.judges:make_scorers")
        return worlds.run(planted_workspace, tmp_path_factory.mktemp("finished"))
