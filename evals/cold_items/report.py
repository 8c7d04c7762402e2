"""What the held-out items came to: rows, paired differences; as JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.intervals import LEVEL, RESAMPLES, bootstrap_mean
from recx_agent.evals.ranking.metrics import METRICS
from recx_agent.evals.ranking.report import reading_of
from recx_agent.evals.tables import markdown_table, write_whole

RESULTS_FILE = "results.json"
MARKDOWN_FILE = "cold-items.md"

OURS = "ours"
CHANCE = "chance"
LABELS = {
    OURS: "**ours: attributes alone, no identity**",
    "ours_identity": "ours, with the identity it was given in training",
    "attribute_profile": "likeness of attributes (TF-IDF, cosine)",
    "attribute_popularity": "mean popularity of the items that share its attributes",
    CHANCE: "its popularity in training: 0 for all, so any order; worked out",
    "oracle_popularity": "*oracle*: its popularity in the held-out events",
}
"""Rankers in the order they are told, and what they are called."""

DEFINITIONS = {
    "candidates": "the held-out items alone, less those whose twin (equal title and attributes) "
    "the user has met",
    "liked": "what the data set's own rule calls positive (MovieLens: rating of 4 or 5)",
    "users": "those who like a held-out item and something else too; the history is all that is "
    "left of theirs, later events included",
    "recall": "hits / min(k, held-out items the user likes)",
    "ndcg": "binary gains, discount 1/log2(rank + 1), over the best list there could be",
    "chance": "the expected value of a random order, user by user; nothing is drawn. The "
    "popularity of the catalogue's numbering is not let in: MovieLens numbers known films first",
    "interval": "95 % bootstrap percentile interval over users; a user's mean over the splits "
    "is taken first",
}


@dataclass(frozen=True)
class Row:
    """One ranker's mean of one metric over ``n`` users; ``splits`` are the splits' means."""

    model: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    splits: tuple[float, ...]


@dataclass(frozen=True)
class Difference:
    """The mean difference by user: ``model - against``."""

    model: str
    against: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    reading: str


@dataclass(frozen=True)
class ColdReport:
    """Rows, differences to ours, and how they came about."""

    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    setup: Mapping[str, Any]

    def row(self, model: str, metric: str) -> Row:
        """One row; ``KeyError`` if there is none."""
        return {(row.model, row.metric): row for row in self.rows}[model, metric]

    def difference(self, model: str, metric: str) -> Difference:
        """One difference; ``KeyError`` if there is none."""
        return {(row.model, row.metric): row for row in self.differences}[model, metric]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "setup": dict(self.setup),
            "rows": [asdict(row) for row in self.rows],
            "differences": [asdict(row) for row in self.differences],
        }

    def as_markdown(self) -> str:
        """One table, and what the words mean."""
        setup, k = self.setup, self.setup["k"]
        parts = ["# Items nobody has met\n"]
        if setup["quick"]:
            parts.append("**A quick run with few epochs. The figures mean nothing.**\n")
        users = self.row(OURS, "recall").n
        parts.append(
            f"{setup['splits']} of {setup['parts']} disjoint random parts of the items, each held "
            f"out whole in turn (about {np.mean(setup['cold_items']):.0f} items): all their events "
            f"are removed, their attributes stay. {users} users, "
            f"{sum(setup['held_out'])} held-out items they like. In brackets: 95 % bootstrap "
            "intervals over users.\n"
        )
        heads = [f"Recall@{k}", "in the splits", f"NDCG@{k}", f"Recall@{k} less ours", ""]
        parts.append(markdown_table(["order", *heads], [self._line(model) for model in LABELS]))
        parts += [f"- {name}: {text}" for name, text in DEFINITIONS.items()]
        return "\n".join(parts) + "\n"

    def _line(self, model: str) -> list[str]:
        recall, ndcg = self.row(model, "recall"), self.row(model, "ndcg")
        cells = [
            LABELS[model],
            _with_interval(recall),
            f"{min(recall.splits):.3f} to {max(recall.splits):.3f}",
            _with_interval(ndcg),
        ]
        if model == OURS:
            return [*cells, "", ""]
        gap = self.difference(model, "recall")
        return [*cells, f"{gap.value:+.4f} [{gap.low:+.4f}, {gap.high:+.4f}]", gap.reading]


def _with_interval(row: Row) -> str:
    return f"{row.value:.4f} [{row.low:.4f}, {row.high:.4f}]"


def make_report(
    values: Mapping[str, Mapping[str, NDArray[np.float64]]],
    splits: Mapping[str, Mapping[str, Sequence[float]]],
    setup: Mapping[str, Any],
) -> ColdReport:
    """Reduce values by user to means with intervals.

    Parameters
    ----------
    values : mapping
        Ranker and metric to one value a user, the users in one order.
    splits : mapping
        Ranker and metric to the mean of each split.
    setup : mapping
        How they came about.
    """
    rows = [
        Row(model, metric, *bootstrap_mean(values[model][metric]), tuple(splits[model][metric]))
        for model in LABELS
        for metric in METRICS
    ]
    differences = []
    for model in LABELS:
        for metric in METRICS if model != OURS else ():
            gap = bootstrap_mean(values[model][metric] - values[OURS][metric])
            differences.append(Difference(model, OURS, metric, *gap, reading_of(gap)))
    whole = {
        **setup,
        "bootstrap": {"resamples": RESAMPLES, "level": LEVEL},
        "labels": LABELS,
        "definitions": DEFINITIONS,
    }
    return ColdReport(tuple(rows), tuple(differences), whole)


def write_report(report: ColdReport, out: Path) -> None:
    """Write ``results.json`` and ``cold-items.md`` into ``out``."""
    text = json.dumps(report.as_json(), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(out / RESULTS_FILE, text + "\n")
    write_whole(out / MARKDOWN_FILE, report.as_markdown())
