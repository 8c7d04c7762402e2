"""The figures that were to be reached, and what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.names import AT_ONCE, EACH, EVIDENCE, OURS, PREDICT, REQUESTS, SUMMED
from benchmarks.plan import MOVIELENS
from benchmarks.sizes import GROWING, USERS, Effort

Records = Mapping[str, Mapping[str, Any]]
"""What each stage gave, by its name."""


@dataclass(frozen=True)
class Run:
    """Everything that was measured.

    Attributes
    ----------
    effort : Effort
    records : mapping
        What each stage gave.
    peaks : mapping
        Most memory of each stage's process, in MB.
    loads : sequence of float
        The machine's load before and after each stage.
    quick : bool
        Whether it only shows that everything works: then nothing is promised.
    """

    effort: Effort
    records: Records
    peaks: Mapping[str, float]
    loads: Sequence[float]
    quick: bool


QUERY_PROMISE, PREDICT_PROMISE = 20.0, 5.0
SERVED_GAP, PREDICT_GAP = 1e-9, 1e-5
"""Largest difference to SHAP over Σ|terms|, in double and in single precision."""


@dataclass(frozen=True)
class Ratio:
    """Two ways timed in turn in one process: how many times as long the first takes.

    ``low`` and ``high``: 10th and 90th percentile over the pairs.
    """

    what: str
    against: str
    where: str
    value: float
    low: float
    high: float
    pairs: int
    least: float | None = None
    lists: str = ""

    @property
    def missed(self) -> bool:
        """Whether less was reached than promised."""
        return self.least is not None and self.value < self.least


def ratios(run: Run) -> list[Ratio]:
    """Every ratio that was measured."""
    records, users = run.records, run.effort.of(USERS)
    spread = f"{users[-1].users:,} users against {users[0].users:,}, {users[0].items:,} items"
    flat = [
        Ratio(what, "itself", spread, **records["flat"]["ratios"][what])
        for what in REQUESTS.values()
    ]
    asked = records["by-query"]
    where = f"{asked['events']:,} events"
    queries = [
        Ratio(way, EVIDENCE, where, **asked["ratios"][way], least=least)
        for way, least in ((EACH, None if run.quick else QUERY_PROMISE), (AT_ONCE, None))
    ]
    return flat + queries + _predicted(run)


def _predicted(run: Run) -> list[Ratio]:
    largest = max(run.effort.of(GROWING), key=lambda size: size.items).name
    found = []
    for name in (largest, MOVIELENS):
        record = run.records[f"by-predict-{name}"]
        for batch in (batch for key, batch in record.items() if key.startswith("batch_")):
            where = f"{record['items']:,} items, {batch['users']} user(s) a call"
            for way in (PREDICT, SUMMED):
                promised = way == PREDICT and name == largest and not run.quick
                told = _told(batch["lists"]) if way == PREDICT else ""
                ratio = batch["ratios"][way]
                least = PREDICT_PROMISE if promised else None
                found.append(Ratio(way, OURS, where, **ratio, least=least, lists=told))
    return found


def _told(lists: Mapping[str, int]) -> str:
    told = f"{lists.get('same', 0)} of {sum(lists.values())} lists the same"
    if lists.get("level"):
        told += f", {lists['level']} but for items level in single precision"
    if lists.get("different"):
        told += f", {lists['different']} DIFFERENT"
    return told


def wrong(records: Records) -> list[str]:
    """What must never be, however fast the machine: other lists, other contributions."""
    problems = []
    for name, record in records.items():
        for batch in (own for key, own in record.items() if key.startswith("batch_")):
            if batch["lists"].get("different"):
                problems.append(f"{name}: {batch['lists']['different']} lists differ")
    for way, most in (("served", SERVED_GAP), ("predict", PREDICT_GAP)):
        gap = records["shapley"][way]["relative"]
        if gap > most:
            problems.append(f"shapley, {way}: a contribution is off by {gap:.2g} of Σ|terms|")
    return problems
