"""Which data sets are made, and how much is asked of each."""

from __future__ import annotations

from dataclasses import dataclass

GROWING = "everything grows"
USERS = "users alone grow"


@dataclass(frozen=True)
class Size:
    """One data set.

    Attributes
    ----------
    series : str
        ``GROWING``: users, catalogue and histories grow together, as in the MovieLens
        family. ``USERS``: the catalogue and the lengths of histories stay.
    events, users, items : int
    """

    series: str
    events: int
    users: int
    items: int

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.series.split()[0]}-{self.events}"

    def __str__(self) -> str:
        return f"{self.events:,} events, {self.users:,} users, {self.items:,} items"


@dataclass(frozen=True)
class Effort:
    """How much is done.

    Attributes
    ----------
    sizes : tuple of Size
    epochs : int
        Of each fit of made-up data.
    requests : int
        Users asked about in each size.
    rounds : int
        Rounds in which all sizes of ``USERS`` are asked in turn.
    queried : int
        Events of the collection that filtered queries are asked of; a size of ``USERS``.
    query_rounds : int
    predict_rounds : int
    batch : int
        Users of one call of ``LightFM.predict``, beside calls for one user.
    movielens_epochs : int or None
        ``None``: the default of the settings.
    shap_users : int
    """

    sizes: tuple[Size, ...]
    epochs: int
    requests: int
    rounds: int
    queried: int
    query_rounds: int
    predict_rounds: int
    batch: int
    movielens_epochs: int | None
    shap_users: int

    def of(self, series: str) -> tuple[Size, ...]:
        """The sizes of one series, smallest first."""
        return tuple(size for size in self.sizes if size.series == series)


FULL = Effort(
    sizes=(
        Size(GROWING, 10_000, 200, 1_000),
        Size(GROWING, 100_000, 1_000, 4_500),
        Size(GROWING, 1_000_000, 5_000, 20_000),
        Size(USERS, 10_000, 200, 5_000),
        Size(USERS, 100_000, 2_000, 5_000),
        Size(USERS, 1_000_000, 20_000, 5_000),
    ),
    epochs=3,
    requests=300,
    rounds=300,
    queried=100_000,
    query_rounds=30,
    predict_rounds=100,
    batch=16,
    movielens_epochs=None,
    shap_users=100,
)

QUICK = Effort(
    sizes=(
        Size(GROWING, 1_000, 40, 300),
        Size(GROWING, 10_000, 200, 1_000),
        Size(USERS, 1_000, 20, 1_000),
        Size(USERS, 10_000, 200, 1_000),
    ),
    epochs=1,
    requests=20,
    rounds=20,
    queried=10_000,
    query_rounds=5,
    predict_rounds=10,
    batch=4,
    movielens_epochs=2,
    shap_users=5,
)
