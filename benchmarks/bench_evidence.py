"""How long evidence takes: one user's events from the index, ranked for ten candidates.

A data set with power-law popularity is made up and indexed in a temporary folder. The
same run measures the plain way, one filtered vector query for each candidate, and the
attribution of the ten items with the rank without each of their causes::

    python benchmarks/bench_evidence.py --json evidence.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import scipy.sparse as sp
from chromadb.config import Settings
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Catalogue, Dataset, Events, IdMap
from recx_agent.evidence import retrieved_terms
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.sharding import shard_of

CANDIDATES, CAUSES = 10, 6
WRITTEN_AT_ONCE = 5000


def make_dataset(users: int, items: int, events: int, random: np.random.Generator) -> Dataset:
    """Make up events: long-tailed activity of users, power-law popularity of items."""
    activity = random.lognormal(sigma=1.0, size=users)
    counts = 1 + random.multinomial(events - users, activity / activity.sum())
    counts = np.minimum(counts, items // 2)
    popularity = (1 + np.arange(items)) ** -0.8
    # The largest of weighted random keys are a weighted draw without replacement.
    chosen = [np.argpartition(random.exponential(size=items) / popularity, n)[:n] for n in counts]
    item = np.concatenate(chosen).astype(np.int32)
    n = len(item)
    events_ = Events.sorted(
        user=np.repeat(np.arange(users, dtype=np.int32), counts),
        item=item,
        kind=np.zeros(n, dtype=np.int16),
        value=random.integers(4, 6, n).astype(np.float32),
        time=random.integers(1_000_000_000, 1_700_000_000, n),
        positive=np.ones(n, dtype=bool),
        row=np.arange(n, dtype=np.int64),
        source=np.zeros(n, dtype=np.int16),
        kinds=("rating",),
        sources=("ratings.csv",),
        n_users=users,
    )
    ids = IdMap([f"item-{i}" for i in range(items)])
    catalogue = Catalogue(ids, tuple(f"The Long and Winding Title No. {i}" for i in range(items)))
    return Dataset(IdMap([f"user-{u}" for u in range(users)]), catalogue, events_, (1.0, 5.0))


def make_model(items: int, dimensions: int, random: np.random.Generator) -> FactorModel:
    """Random factors; every item has itself and three of fifty attribute values as features."""
    values = [Feature("attribute", "genre", str(n)) for n in range(50)]
    features = [Feature("identity", "item", f"item-{i}") for i in range(items)] + values
    own = sp.eye_array(items, dtype=np.float32)
    genres = sp.csr_array(
        (
            np.ones(3 * items, dtype=np.float32),
            (np.repeat(np.arange(items), 3), random.integers(0, 50, 3 * items)),
        ),
        shape=(items, 50),
    )

    def factors(n: int) -> NDArray[np.float32]:
        return (random.normal(size=(n, dimensions)) / 10).astype(np.float32)

    return FactorModel.of(
        history_factors=factors(items),
        feature_factors=factors(len(features)),
        feature_biases=random.normal(size=len(features)).astype(np.float32),
        item_features=sp.csr_matrix(sp.hstack([own, genres])),
        features=tuple(features),
        half_life=8.0,
    )


@dataclass(frozen=True)
class Case:
    """One user and the ten items that are explained."""

    user: int
    user_id: str
    candidates: NDArray[np.int32]


def cases(dataset: Dataset, model: FactorModel, users: NDArray[np.int64]) -> Iterator[Case]:
    """Recommend ten items to each user."""
    for user in users.tolist():
        seen = dataset.seen(user)
        candidates, _ = model.top_k(dataset.history(user), CANDIDATES, seen)
        yield Case(user, dataset.users.external(user), candidates)


class Stopwatch:
    """Durations in milliseconds, by name."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        """Do ``work``, note how long it took, and give what it returned."""
        start = time.perf_counter()
        result = work()
        self.taken.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        return result

    def summary(self) -> dict[str, dict[str, float]]:
        """Count, median, 95th percentile and maximum of each name."""
        return {
            name: {
                "n": len(taken),
                "p50_ms": float(np.percentile(taken, 50)),
                "p95_ms": float(np.percentile(taken, 95)),
                "max_ms": max(taken),
            }
            for name, taken in self.taken.items()
        }


COLD = "open a collection, first fetch"
FETCH, RANK, EVIDENCE = "fetch one user's events", "rank for 10 candidates", "evidence (both)"
DESCRIBE, QUERY = "describe one user's events", "a filtered query for each candidate"
ATTRIBUTE, WITHOUT, ATTRIBUTION = (
    "attribute 10 items",
    f"ranks without each of {CAUSES} causes",
    "attribution (both)",
)


def measure_evidence(
    clock: Stopwatch, dataset: Dataset, model: FactorModel, retriever: ChromaRetriever, case: Case
) -> None:
    """Fetch and rank: the promise is 10 ms."""
    ids = [e.id for e in clock.time(DESCRIBE, lambda: dataset.describe_positives(case.user))]
    history = dataset.history(case.user)
    weight = dict(zip(history.items.tolist(), model.weights(history.ages), strict=True))

    def rank(found: Any) -> Any:
        weights = np.array([weight[event.item] for event in found.events])
        _, terms = retrieved_terms(found, weights, model.item_factors[case.candidates])
        return np.argsort(-terms, axis=1)[:, :CAUSES]

    found = clock.time(FETCH, lambda: retriever.fetch(case.user_id, ids))
    clock.time(RANK, lambda: rank(found))
    clock.taken.setdefault(EVIDENCE, []).append(clock.taken[FETCH][-1] + clock.taken[RANK][-1])


def warm_up(clock: Stopwatch, dataset: Dataset, retriever: ChromaRetriever, shards: int) -> None:
    """Fetch once from every collection: Chroma reads its vectors into memory then."""
    opened: set[int] = set()
    for user, user_id in enumerate(dataset.users):
        shard = shard_of(user_id, shards)
        if shard not in opened:
            opened.add(shard)
            ids = [event.id for event in dataset.describe_positives(user)]
            clock.time(COLD, partial(retriever.fetch, user_id, ids))


def measure_attribution(clock: Stopwatch, dataset: Dataset, model: FactorModel, case: Case) -> None:
    """Take ten scores apart and rank the items without each cause: the promise is 5 ms."""
    history, seen = dataset.history(case.user), dataset.seen(case.user)

    def attribute() -> Any:
        standing = Standing(model, history, seen)
        return standing, attribute_items(standing, case.candidates.tolist())

    standing, found = clock.time(ATTRIBUTE, attribute)
    causes = [np.argsort(-a.history_values)[:CAUSES].tolist() for a in found]
    clock.time(WITHOUT, lambda: standing.ranks_without_history(case.candidates, causes))
    both = clock.taken[ATTRIBUTE][-1] + clock.taken[WITHOUT][-1]
    clock.taken.setdefault(ATTRIBUTION, []).append(both)


def one_collection(folder: Path, dataset: Dataset, model: FactorModel, events: int) -> Any:
    """Put some users' events into one collection, as one would without further thought."""
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "events", configuration={"hnsw": {"space": "ip"}}, embedding_function=None
    )
    item, user = dataset.events.item[:events], dataset.events.user[:events]
    for at in range(0, len(item), WRITTEN_AT_ONCE):
        here = slice(at, at + WRITTEN_AT_ONCE)
        collection.add(
            ids=[str(position) for position in range(at, at + len(item[here]))],
            embeddings=model.history_factors[item[here]],
            metadatas=[{"user_id": dataset.users.external(u)} for u in user[here].tolist()],
        )
    return client, collection


def measure_queries(clock: Stopwatch, model: FactorModel, collection: Any, case: Case) -> None:
    """Ask for the nearest events of the user once for each candidate."""

    def ask() -> None:
        for candidate in case.candidates.tolist():
            collection.query(
                query_embeddings=model.item_factors[candidate][None, :],
                n_results=CAUSES,
                where={"user_id": case.user_id},
                include=["metadatas", "distances"],
            )

    clock.time(QUERY, ask)


def run(options: argparse.Namespace, folder: Path, console: Console) -> dict[str, Any]:
    """Measure everything; return what is written as JSON."""
    random = np.random.default_rng(options.seed)
    dataset = make_dataset(options.users, options.items, options.events, random)
    model = make_model(options.items, options.dimensions, random)
    clock = Stopwatch()
    load_before = os.getloadavg()[0]
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("building the index", total=len(dataset.events))
        start = time.perf_counter()
        index = ChromaIndex(folder / "evidence")
        index.build(dataset, model, lambda _, done, total: bar.update(task, completed=done))
        seconds = time.perf_counter() - start
    state = index.state()
    assert state is not None
    with ChromaRetriever(folder / "evidence", model.fingerprint) as retriever:
        warm_up(clock, dataset, retriever, state.shards)
        chosen = random.choice(options.users, options.sampled_users, replace=False)
        for case in cases(dataset, model, chosen):
            measure_evidence(clock, dataset, model, retriever, case)
            measure_attribution(clock, dataset, model, case)
    events = min(options.reference_events, len(dataset.events))
    client, collection = one_collection(folder / "reference", dataset, model, events)
    known = int(dataset.events.user[events - 1])  # the last user may be there in part
    sampled = random.choice(known, min(options.reference_users, known), replace=False)
    for case in cases(dataset, model, sampled):
        measure_queries(clock, model, collection, case)
    client.close()
    size = sum(path.stat().st_size for path in (folder / "evidence").rglob("*") if path.is_file())
    lengths = np.bincount(dataset.events.user, minlength=options.users)
    return {
        "options": {k: v for k, v in vars(options).items() if k != "json"},
        "machine": {
            "cores": os.cpu_count(),
            "load_before": load_before,
            "load_after": os.getloadavg()[0],
            "python": platform.python_version(),
            "chromadb": version("chromadb"),
            "numpy": version("numpy"),
        },
        "events": len(dataset.events),
        "events_of_a_user": {
            "p50": float(np.percentile(lengths, 50)),
            "p95": float(np.percentile(lengths, 95)),
            "max": int(lengths.max()),
        },
        "build": {
            "seconds": seconds,
            "events_per_second": len(dataset.events) / seconds,
            "bytes": size,
            **asdict(state),
        },
        "reference_events": events,
        "latency": clock.summary(),
    }


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures as a table."""
    build, lengths, latency = result["build"], result["events_of_a_user"], result["latency"]
    machine = result["machine"]
    console.print(
        f"{result['events']:,} events, {result['options']['users']:,} users with "
        f"{lengths['p50']:.0f} (median), {lengths['p95']:.0f} (95th percentile), "
        f"{lengths['max']:,} (most) events; index in {build['collections']} collections: "
        f"{build['seconds']:.0f} s, {build['events_per_second']:,.0f} events/s, "
        f"{build['bytes'] / 1e6:.0f} MB; {machine['cores']} cores, load "
        f"{machine['load_before']:.1f} before, {machine['load_after']:.1f} after"
    )
    table = Table("what", "p50 ms", "p95 ms", "max ms", "promise")
    for name in (COLD, DESCRIBE, FETCH, RANK, EVIDENCE, QUERY, ATTRIBUTE, WITHOUT, ATTRIBUTION):
        told = latency[name]
        promise = {EVIDENCE: "10 ms", ATTRIBUTION: "5 ms"}.get(name, "")
        figures = (f"{told[key]:,.1f}" for key in ("p50_ms", "p95_ms", "max_ms"))
        table.add_row(name, *figures, promise)
    console.print(table)
    ratio = latency[QUERY]["p50_ms"] / latency[EVIDENCE]["p50_ms"]
    console.print(
        f"The filtered queries, in one collection of {result['reference_events']:,} events, "
        f"take {ratio:.0f} times as long as the evidence from the whole index."
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--users", type=int, default=6_000)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--dimensions", type=int, default=128)
    parser.add_argument("--sampled-users", type=int, default=300)
    parser.add_argument(
        "--reference-events",
        type=int,
        default=25_000,
        help="events in the one collection that the filtered queries are asked of",
    )
    parser.add_argument("--reference-users", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="evidence-latency-") as folder:
        result = run(options, Path(folder), console)
    show(result, console)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
