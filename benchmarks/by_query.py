"""Stage: evidence by id against filtered vector queries on one collection, user by user."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.names import AT_ONCE, CAUSES, EACH, EVIDENCE
from benchmarks.serving import Served
from benchmarks.stopwatch import Stopwatch
from recx_agent.cli.console import progress_bar

WRITTEN_AT_ONCE = 5000


def compare(work: Path, name: str, rounds: int) -> dict[str, Any]:
    """Time the ways in turn, for the same users and candidates and over the same events."""
    clock = Stopwatch()
    with (
        threadpool_limits(1),
        Served(work / name) as served,
        tempfile.TemporaryDirectory(dir=work) as folder,
    ):
        plain = PlainCollection(folder, served)
        served.warm_up(Stopwatch())
        for user in np.random.default_rng(3).choice(served.lengths.size, rounds).tolist():
            candidates = served.top_k(user)
            user_id = served.dataset.users.external(user)
            clock.time(EVIDENCE, partial(served.evidence, user, candidates))
            clock.time(EACH, partial(plain.ask_each, user_id, candidates))
            clock.time(AT_ONCE, partial(plain.ask_at_once, user_id, candidates))
        plain.client.close()
        return {
            "latency": clock.summary(),
            "ratios": {way: clock.ratio(way, EVIDENCE) for way in (EACH, AT_ONCE)},
            "events": len(served.dataset.events),
        }


class PlainCollection:
    """All events in one collection, as one would put them there without further thought."""

    def __init__(self, folder: str, served: Served) -> None:
        self.client: Any = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
        self.collection = self.client.create_collection(
            "events", configuration={"hnsw": {"space": "ip"}}, embedding_function=None
        )
        self._items = served.model.item_factors.astype(np.float32)
        events, users = served.dataset.events, served.dataset.users
        with progress_bar() as progress:
            for at in range(0, len(events), WRITTEN_AT_ONCE):
                here = slice(at, min(at + WRITTEN_AT_ONCE, len(events)))
                self.collection.add(
                    ids=[str(position) for position in range(here.start, here.stop)],
                    embeddings=served.model.history_factors[events.item[here]],
                    metadatas=[{"user_id": users.external(u)} for u in events.user[here].tolist()],
                )
                progress("the plain collection", here.stop, len(events))

    def ask_each(self, user_id: str, candidates: NDArray[np.int32]) -> None:
        """One query a candidate."""
        for candidate in candidates.tolist():
            self._ask(user_id, self._items[candidate][None, :])

    def ask_at_once(self, user_id: str, candidates: NDArray[np.int32]) -> None:
        """One query with the vectors of all candidates."""
        self._ask(user_id, self._items[candidates])

    def _ask(self, user_id: str, vectors: NDArray[np.float32]) -> None:
        self.collection.query(
            query_embeddings=vectors,
            n_results=CAUSES,
            where={"user_id": user_id},
            include=["metadatas", "distances"],
        )
