"""What a ranking comparison found: rows, differences, choices; as JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from recx_agent.evals.intervals import Interval
from recx_agent.evals.tables import markdown_table, write_whole

RESULTS_FILE = "results.json"
MARKDOWN_FILE = "ranking.md"

LABELS = {
    "popularity": "popularity",
    "implicit_als": "implicit ALS",
    "ease_flat": "EASE",
    "ease_recency": "EASE, recency when serving",
    "lightfm_identity": "LightFM: user identity + item identity + attributes",
    "ours_flat": "ours: LightFM over history, all weights equal",
    "ours_recency": "**ours: LightFM over history, recency when serving**",
    "ours_two_runs": "ours, two runs served as one",
}

DEFINITIONS = {
    "recall": "hits / min(k, held-out items of the user)",
    "ndcg": "binary gains, discount 1/log2(rank + 1), over the best list there could be",
    "positive": "what the data set's own rule calls positive (MovieLens: rating of 4 or 5)",
    "seen": "items of the user's own events in the training part, low ratings included, and "
    "items of equal title and attributes",
    "ties": "equal scores are ordered by item",
    "interval": "95 % bootstrap percentile interval over users; the mean over seeds is "
    "taken first, by user",
    "choice": "NDCG on a validation split: the same split, applied to the training part",
}


@dataclass(frozen=True)
class Row:
    """One model's mean of one metric on one split, over ``n`` users."""

    split: str
    model: str
    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Difference:
    """The mean difference by user of a model and another: ``model - against``."""

    split: str
    model: str
    against: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    reading: str


_Line = TypeVar("_Line", Row, Difference)


def reading_of(difference: Interval) -> str:
    """Put the interval of a difference into plain words."""
    if not difference.clear_of_zero:
        return "means nothing"
    return "better" if difference.value > 0 else "worse"


@dataclass(frozen=True)
class RankingReport:
    """Everything a comparison found.

    Attributes
    ----------
    rows : tuple of Row
    differences : tuple of Difference
        Each model against ``ours_recency``.
    choices : tuple of mapping
        Split, model, configuration, its validation NDCG, trials.
    setup : mapping
        Data fingerprint, budget, seeds, users, versions, definitions.
    """

    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    choices: tuple[Mapping[str, Any], ...]
    setup: Mapping[str, Any]

    def row(self, split: str, model: str, metric: str) -> Row:
        """One row; ``KeyError`` if there is none."""
        return _only(self.rows, split, model, metric)

    def difference(self, split: str, model: str, metric: str) -> Difference:
        """One difference; ``KeyError`` if there is none."""
        return _only(self.differences, split, model, metric)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "setup": dict(self.setup),
            "rows": [asdict(row) for row in self.rows],
            "differences": [asdict(row) for row in self.differences],
            "choices": [dict(choice) for choice in self.choices],
        }

    def as_markdown(self) -> str:
        """Write a table a split, the chosen configurations, and what the words mean."""
        k = self.setup["k"]
        parts = ["# Ranking\n"]
        if self.setup["quick"]:
            parts.append("**A quick run: few passes, few trials. The figures mean nothing.**\n")
        parts.append(
            f"{self.setup['budget']} configurations tried for each model, {self.setup['seeds']} "
            "seed(s) of the chosen one. In brackets: 95 % bootstrap intervals over users.\n"
        )
        for split, facts in self.setup["splits"].items():
            parts.append(
                f"## {split}\n\n{_sentence(facts['description'])}; {facts['users']} users, "
                f"{facts['held_out']} held-out items.\n"
            )
            heads = [f"Recall@{k}", f"NDCG@{k}", f"NDCG@{k} less ours with recency", ""]
            parts.append(markdown_table(["model", *heads], list(self._lines(split))))
        parts.append("## Chosen on validation\n")
        parts.append(markdown_table(["split", "model", "NDCG", "trials", "values"], self._chosen()))
        parts.append("## Definitions\n")
        parts += [f"- {name}: {text}" for name, text in self.setup["definitions"].items()]
        return "\n".join(parts) + "\n"

    def _lines(self, split: str) -> Iterable[list[str]]:
        models = dict.fromkeys(row.model for row in self.rows if row.split == split)
        for model in models:
            cells = [LABELS.get(model, model)]
            for metric in ("recall", "ndcg"):
                row = self.row(split, model, metric)
                cells.append(f"{row.value:.4f} [{row.low:.4f}, {row.high:.4f}]")
            try:
                gap = self.difference(split, model, "ndcg")
            except KeyError:
                cells += ["", ""]
            else:
                cells.append(f"{gap.value:+.4f} [{gap.low:+.4f}, {gap.high:+.4f}]")
                cells.append(gap.reading)
            yield cells

    def _chosen(self) -> list[list[str]]:
        return [
            [
                choice["split"],
                choice["model"],
                "" if choice["validation"] is None else f"{choice['validation']:.4f}",
                str(choice["trials"]),
                ", ".join(f"{n} {v:g}" for n, v in choice["config"].items()),
            ]
            for choice in self.choices
            if choice["config"]
        ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _only(rows: Sequence[_Line], split: str, model: str, metric: str) -> _Line:
    for row in rows:
        if (row.split, row.model, row.metric) == (split, model, metric):
            return row
    raise KeyError((split, model, metric))


def write_report(report: RankingReport, out: Path) -> list[Path]:
    """Write ``results.json`` and ``ranking.md`` into ``out``; return their paths."""
    text = json.dumps(report.as_json(), indent=1, ensure_ascii=False, allow_nan=False)
    return [
        write_whole(out / RESULTS_FILE, text + "\n"),
        write_whole(out / MARKDOWN_FILE, report.as_markdown()),
    ]
