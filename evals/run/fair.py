"""Figures by groups of users: rows of the worst group and of the largest gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import SettingsError
from recx_agent.evals.groups import Grouped, by_group
from recx_agent.evals.reduce import Figure
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.grouping import FairSpec, Grouping
from recx_agent.evals.run.ranked import Rankings
from recx_agent.evals.run.ranked_rows import FAIR, Bounds, user_metrics
from recx_agent.evals.run.scoring import Judged
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import AnyScorer, Better, is_group
from recx_agent.protocols import Progress

STAGE = "groups of users"


@dataclass(frozen=True)
class Measured:
    """Single values that a figure is the mean of, and whose they are."""

    writer: str
    family: str
    metric: str
    better: Better
    bounds: Bounds
    values: NDArray[np.float64]
    users: Sequence[str]


@dataclass(frozen=True)
class Told:
    """One figure by one way to group."""

    measured: Measured
    by: str
    grouped: Grouped

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, of every group."""
        found = self.grouped
        return {
            "writer": self.measured.writer,
            "family": self.measured.family,
            "metric": self.measured.metric,
            "by": self.by,
            "better": self.measured.better,
            "groups": [{"group": name, **_plain(figure)} for name, figure in found.groups.items()],
            "left_out": dict(found.left_out),
            "ungrouped": found.ungrouped,
            "worst": None
            if found.worst_figure is None
            else {"group": found.worst, **_plain(found.worst_figure)},
            "gap": None if found.gap is None else _plain(found.gap),
            "gap_by_chance": None if found.chance is None else found.chance._asdict(),
        }

    def rows(self) -> list[Row]:
        """The worst group, the largest gap, and the gap that chance would give."""
        found, own = self.grouped, self.measured
        rows = []
        if own.better != "neither":
            note = found.worst or self._why_none()
            rows.append(self._row("worst", own.better, found.worst_figure, note))
        note = self._why_none() if found.chance is None else f"p = {found.chance.p:.2g}"
        rows.append(self._row("gap", "lower", found.gap, note))
        if found.gap is not None and found.chance is not None:
            by_chance = found.gap._replace(
                value=found.chance.value, low=found.chance.low, high=found.chance.high
            )
            rows.append(self._row("gap_by_chance", "neither", by_chance, ""))
        return rows

    def _why_none(self) -> str:
        return f"{len(self.grouped.groups)} group(s) of enough users"

    def _row(self, what: str, better: Better, figure: Figure | None, note: str) -> Row:
        return Row.of(
            figure,
            writer=self.measured.writer,
            family=FAIR,
            metric=f"{self.measured.metric}/{self.by.replace(' ', '_')}/{what}",
            better=better,
            note=note,
        )


def told_by_group(
    spec: FairSpec,
    groupings: Mapping[str, Grouping],
    samples: Sequence[Sample],
    scorers: Sequence[AnyScorer],
    judged: Judged,
    rankings: Rankings,
    *,
    progress: Progress,
) -> list[Told]:
    """Every figure asked for, by every way to group.

    Only means are told apart: what judges all texts at once (distinct-n, coverage) hangs on how
    many there are, so that groups of unlike size would differ without any difference.
    """
    chosen = [
        one
        for one in (*_of_texts(samples, scorers, judged), *_of_lists(rankings))
        if len(one.values) and _is_asked(spec, one.family, one.metric, one.better)
    ]
    found = []
    total = len(chosen) * len(groupings)
    for measured in chosen:
        for by, group_of in groupings.items():
            grouped = by_group(
                measured.values,
                measured.users,
                group_of,
                better=measured.better,
                bounds=measured.bounds,
                least=spec.least,
            )
            found.append(Told(measured, by, grouped))
            progress(STAGE, len(found), total)
    return found


def check_metrics(
    spec: FairSpec, scorers: Sequence[AnyScorer], lengths: Sequence[int], recommends: bool
) -> None:
    """See that what is to be told apart is there, before anything is written.

    Raises
    ------
    SettingsError
        A metric is none of the run's, or no mean.
    """
    means = {one.name: one.family for one in scorers if not is_group(one)}
    if recommends:
        means |= dict.fromkeys(user_metrics(lengths), "recommendation")
    for name in spec.metrics:
        if name in means or name in {f"{family}.{one}" for one, family in means.items()}:
            continue
        if any(name in (one.name, f"{one.family}.{one.name}") for one in scorers):
            raise SettingsError(
                f"[fair] metrics: {name!r} is no mean over samples, and would differ between "
                "groups that differ in nothing but their size; leave it out"
            )
        raise SettingsError(
            f"[fair] metrics: nothing measures {name!r} here; there is {', '.join(means)}"
        )


def _is_asked(spec: FairSpec, family: str, metric: str, better: Better) -> bool:
    if spec.metrics:
        return metric in spec.metrics or f"{family}.{metric}" in spec.metrics
    return better != "neither"


def _of_texts(
    samples: Sequence[Sample], scorers: Sequence[AnyScorer], judged: Judged
) -> Iterator[Measured]:
    user_of = {(one.writer, one.key): one.user_id for one in samples}
    about = {one.name: one for one in scorers}
    for (writer, name), scores in judged.scores.items():
        known = {key: one.value for key, one in scores.items() if one.value is not None}
        yield Measured(
            writer=writer,
            family=about[name].family,
            metric=name,
            better=about[name].better,
            bounds=(about[name].low, about[name].high),
            values=np.array(list(known.values()), dtype=np.float64),
            users=[user_of[writer, key] for key in known],
        )


def _of_lists(rankings: Rankings) -> Iterator[Measured]:
    about, users = user_metrics(rankings.lengths), rankings.users
    for (name, metric), values in rankings.values.items():
        known = np.flatnonzero(~np.isnan(values))
        yield Measured(
            writer=name,
            family="recommendation",
            metric=metric,
            better=about[metric].better,
            bounds=(about[metric].low, about[metric].high),
            values=values[known],
            users=[users[at] for at in known],
        )


def _plain(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("value", "low", "high", "n", "users")}
