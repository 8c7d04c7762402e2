"""A size that answers requests: data, model and evidence index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.names import CAUSES, FIRST, OPENING, REQUESTS, K
from benchmarks.stopwatch import Stopwatch
from recx_agent.attribution import ItemAttribution, Standing, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.evidence import retrieved_terms
from recx_agent.recommenders.factor_model import FactorModel


class Served:
    """Data and model of a size; the index is opened, and Chroma loaded, when it is needed.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.dataset = Dataset.load(folder / "data")
        self.model = FactorModel.load(folder / "model")
        self.lengths = np.bincount(self.dataset.events.user, minlength=len(self.dataset.users))
        self._index = folder / "evidence"

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        if "retriever" in self.__dict__:
            self.retriever.close()

    @cached_property
    def retriever(self) -> Any:
        """The retriever of this size's index."""
        from recx_agent.retrievers import ChromaRetriever

        return ChromaRetriever(self._index, self.model.fingerprint)

    def warm_up(self, clock: Stopwatch) -> None:
        """Fetch once from every collection: Chroma reads its vectors into memory then."""
        from recx_agent.retrievers import ChromaIndex
        from recx_agent.retrievers.sharding import shard_of

        state = ChromaIndex(self._index).state()
        assert state is not None
        opened: set[int] = set()
        for user, user_id in enumerate(self.dataset.users):
            shard = shard_of(user_id, state.shards)
            if shard not in opened:
                name = FIRST if opened else OPENING
                opened.add(shard)
                ids = [event.id for event in self.dataset.describe_terms(user)]
                clock.time(name, partial(self.retriever.fetch, user_id, ids))

    def user_with(self, length: int, random: np.random.Generator) -> int:
        """Some user with a history of the length nearest to ``length``."""
        off = np.abs(self.lengths - length)
        return int(random.choice(np.flatnonzero(off == off.min())))

    def ask(
        self, clock: Stopwatch, user: int, kinds: Iterable[str] = REQUESTS, suffix: str = ""
    ) -> None:
        """Time some kinds of requests for one user, all about the same candidates."""
        candidates = self.top_k(user)
        works: dict[str, Callable[[], Any]] = {
            "top-k": partial(self.top_k, user),
            "evidence": partial(self.evidence, user, candidates),
            "attribution": partial(self.attribution, user, candidates),
        }
        for kind in kinds:
            clock.time(REQUESTS[kind] + suffix, works[kind])

    def top_k(self, user: int) -> NDArray[np.int32]:
        """The candidates."""
        items, _ = self.model.top_k(self.dataset.history(user), K, self.dataset.seen(user))
        return items

    def evidence(self, user: int, candidates: NDArray[np.int32]) -> NDArray[np.int64]:
        """The strongest of the user's own events for each candidate, by way of the index."""
        ids = [event.id for event in self.dataset.describe_terms(user)]
        found = self.retriever.fetch(self.dataset.users.external(user), ids)
        history = self.dataset.history(user)
        _, terms = retrieved_terms(found, self.model, history, candidates)
        return np.argsort(-terms, axis=1)[:, :CAUSES]

    def attribution(
        self, user: int, candidates: NDArray[np.int32]
    ) -> tuple[list[ItemAttribution], list[list[int | None]]]:
        """Each score taken apart, and the candidates' ranks without their causes."""
        standing = Standing(self.model, self.dataset.history(user), self.dataset.seen(user))
        found = attribute_items(standing, candidates)
        causes = [np.argsort(-a.history_values)[:CAUSES].tolist() for a in found]
        return found, standing.ranks_without_history(candidates, causes)
