"""Stages: what one request costs, in each size and in all sizes in turn."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.names import REQUESTS
from benchmarks.process import memory_mb
from benchmarks.serving import Served
from benchmarks.stopwatch import Stopwatch


def requests(work: Path, name: str, kind: str, users: int) -> dict[str, Any]:
    """Ask about some users of one size: one kind of request, and nothing else."""
    clock = Stopwatch()
    with threadpool_limits(1), Served(work / name) as served:
        loaded = memory_mb("VmRSS")
        if kind == "evidence":
            served.warm_up(clock)
        chosen = np.random.default_rng(1).choice(served.lengths.size, users)
        served.ask(Stopwatch(), int(chosen[0]), (kind,))
        for user in chosen.tolist():
            served.ask(clock, user, (kind,))
        return {
            "latency": clock.summary(),
            "history": _spread(served.lengths),
            "asked_history": _spread(served.lengths[chosen]),
            "loaded_mb": loaded,
        }


def flat(work: Path, names: tuple[str, ...], rounds: int) -> dict[str, Any]:
    """Ask all sizes in turn, in each round about users with histories of like length."""
    clock = Stopwatch()
    random = np.random.default_rng(2)
    with threadpool_limits(1), ExitStack() as stack:
        served = [stack.enter_context(Served(work / name)) for name in names]
        for one in served:
            one.warm_up(Stopwatch())
            one.ask(Stopwatch(), 0)
        wanted = random.choice(served[-1].lengths, rounds)
        lengths: dict[str, list[int]] = {name: [] for name in names}
        for length in wanted.tolist():
            for place in random.permutation(len(names)).tolist():
                user = served[place].user_with(length, random)
                lengths[names[place]].append(int(served[place].lengths[user]))
                served[place].ask(clock, user, suffix=f", {names[place]}")
    pairs = {
        what: clock.ratio(f"{what}, {names[-1]}", f"{what}, {names[0]}")
        for what in REQUESTS.values()
    }
    medians = {name: float(np.median(own)) for name, own in lengths.items()}
    return {"latency": clock.summary(), "ratios": pairs, "median_history": medians}


def _spread(lengths: NDArray[np.int64]) -> dict[str, float]:
    p50, p95 = np.percentile(lengths, [50, 95])
    return {"p50": float(p50), "p95": float(p95), "max": float(lengths.max())}
