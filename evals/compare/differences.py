"""Paired differences of figures: the same cases, one less the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from recx_agent.errors import DataError, SettingsError
from recx_agent.evals.compare.lists import is_of_lists, list_difference
from recx_agent.evals.intervals import LEVEL
from recx_agent.evals.reduce import Figure, jackknife_over, paired
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.folder import Run
from recx_agent.evals.run.ranked_rows import DISPARITY
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import (
    Better,
    GroupScorer,
    Score,
    Sources,
    is_group,
    judges,
    scorers_of,
)
from recx_agent.evals.tables import markdown_table
from recx_agent.protocols import Progress, no_progress

Reading = Literal["better", "worse", "different", "no difference shown", "not comparable"]
STAGE = "comparing"
_NO_GROUPS = "a run does not keep who is in which group"
_NO_HISTORIES = "a run does not keep the histories"
_NOT_RANKED = "there are no lists"
_NAMED = 4
"""Figures that a remark names."""


@dataclass(frozen=True)
class Difference:
    """One figure of one writer less that of another, on the cases that both have.

    Attributes
    ----------
    writer, other : str
        ``writer`` less ``other``; often the same name in two runs.
    metric : str
    better : str
        Which direction is good.
    figure : Figure or None
        ``None`` where nothing can be paired.
    """

    writer: str
    other: str
    metric: str
    better: Better
    figure: Figure | None

    @property
    def reading(self) -> Reading:
        """What the interval says."""
        if self.figure is None:
            return "not comparable"
        if not self.figure.clear_of_zero:
            return "no difference shown"
        if self.better == "neither":
            return "different"
        return "better" if (self.figure.value > 0) == (self.better == "higher") else "worse"


@dataclass(frozen=True)
class Comparison:
    """All differences, and what is to be known before they are read.

    Attributes
    ----------
    differences : tuple of Difference
    remarks : tuple of str
        What the two do not share: data, model, scorers.
    level : float
        Of each interval by itself.
    """

    differences: tuple[Difference, ...]
    remarks: tuple[str, ...]
    level: float

    def as_markdown(self) -> str:
        """One table, and the remarks."""
        lines = [
            [
                one.writer if one.writer == one.other else f"{one.writer} less {one.other}",
                one.metric,
                _told(one.figure),
                "" if one.figure is None else str(one.figure.n),
                one.reading,
            ]
            for one in self.differences
        ]
        table = markdown_table(["writer", "metric", "difference", "n", ""], lines)
        directed = [one for one in self.differences if one.better != "neither" and one.figure]
        chance = (1 - self.level) * len(directed)
        parts = [
            table,
            f"Intervals: {self.level:.2%} each, over users. Of {len(directed)} figures with a "
            f"direction, {chance:.1f} are clear of 0 by chance alone.",
            *self.remarks,
        ]
        return "\n".join(parts) + "\n"


def compare_runs(
    run: Run,
    than: Run,
    *,
    writers: Sequence[tuple[str, str]] | None = None,
    level: float = LEVEL,
    progress: Progress = no_progress,
) -> Comparison:
    """``run`` less ``than``, figure by figure.

    Means are compared on the cases that both scored, those of recommenders on the users that
    both were ranked for. What is no mean (distinct-n, coverage and exposure of lists) is computed
    anew for both on the cases or users that both have; users are left out of both together. What
    cannot be paired is named in the remarks.

    Parameters
    ----------
    run, than : Run
        Two runs, or one run twice with ``writers``.
    writers : sequence of (str, str), optional
        Which writer or recommender of ``run`` with which of ``than``; those of equal name if
        not given.
    level : float
        Of each interval.
    progress : callable

    Raises
    ------
    DataError
        There is no such writer, or the two have no case in common.
    """
    pairs = list(writers or [(name, name) for name in run.names if name in than.names])
    _check(run, than, pairs)
    users = {sample.key: sample.user_id for sample in [*run.samples, *than.samples]}
    samples, others = _by_writer(run.samples), _by_writer(than.samples)
    remarks, groups = _remarks(run, than), _group_scorers(run)
    metrics = {pair: _shared(run, than, *pair) for pair in pairs}
    found: list[Difference] = []
    total = sum(map(len, metrics.values()))
    for (writer, other), own in metrics.items():
        for metric, better in own.items():
            if writer in run.recommenders and is_of_lists(metric):
                figure = list_difference(run, than, writer, other, metric, level)
            elif writer in run.recommenders:
                one, two = run.ranked[writer, metric], than.ranked[other, metric]
                figure = paired(one, two, {user: user for user in one}, level=level)
            elif metric in groups:
                figure = _group_difference(
                    groups[metric], samples.get(writer, {}), others.get(other, {}), level
                )
            else:
                scores = _values(run.scores.get((writer, metric), {}))
                figure = paired(
                    scores, _values(than.scores.get((other, metric), {})), users, level=level
                )
            found.append(Difference(writer, other, metric, better, figure))
            progress(STAGE, len(found), total)
    return Comparison(tuple(found), remarks, level)


def comparable(run: Run) -> list[Row]:
    """Rows that have single values, lists or texts behind them, so that two runs can be paired."""
    return [row for row in run.rows if not _why_not(run, row)]


def _why_not(run: Run, row: Row) -> str:
    """Why a row cannot be paired; empty where it can."""
    if row.writer in run.recommenders and is_of_lists(row.metric):
        return "" if row.writer in run.lists else _NOT_RANKED
    if row.family == "fair":
        return _NO_HISTORIES if row.metric.startswith(DISPARITY) else _NO_GROUPS
    if row.writer in run.recommenders and (row.writer, row.metric) not in run.ranked:
        return _NOT_RANKED
    return ""


def _shared(run: Run, than: Run, writer: str, other: str) -> dict[str, Better]:
    """Metrics of both, with their direction."""
    known = {row.metric for row in comparable(than) if row.writer == other}
    return {
        row.metric: row.better
        for row in comparable(run)
        if row.writer == writer and row.metric in known
    }


def _check(run: Run, than: Run, pairs: Sequence[tuple[str, str]]) -> None:
    if not pairs:
        raise DataError(
            f"no writer or recommender of it is in {than.folder}",
            source=run.folder,
            remedy="name a pair of them",
        )
    for writer, other in pairs:
        for name, one in ((writer, run), (other, than)):
            if name not in one.names:
                raise DataError(
                    f"no writer {name!r}; there are {', '.join(one.names)}",
                    source=one.folder,
                    remedy="name one of these",
                )
        if (writer in run.recommenders) != (other in than.recommenders):
            raise DataError(
                f"of {writer!r} and {other!r} only one is a recommender",
                source=run.folder,
                remedy="compare writers with writers",
            )
        if not _measured_for(run, writer) & _measured_for(than, other):
            raise DataError(
                f"{writer!r} has no case in common with {other!r} of {than.folder}",
                source=run.folder,
                remedy="run both suites on the same data",
            )


def _measured_for(run: Run, name: str) -> set[str]:
    """Cases of a writer, or users of a recommender."""
    if name in run.recommenders:
        return {user for (one, _), own in run.ranked.items() if one == name for user in own}
    return {sample.key for sample in run.samples if sample.writer == name}


def _remarks(run: Run, than: Run) -> tuple[str, ...]:
    """What the runs do not share."""
    found = []
    for name, words in (("fingerprint", "data"), ("model", "recommender")):
        one, other = run.log["data"].get(name), than.log["data"].get(name)
        if one != other:
            found.append(f"The {words} are not the same: {one} and {other}.")
    codes = [{one["name"]: one["code"] for one in r.log["scorers"]} for r in (run, than)]
    changed = [name for name in codes[0] if codes[1].get(name, codes[0][name]) != codes[0][name]]
    if changed:
        found.append(
            f"Scorers have changed in between ({', '.join(changed)}): "
            "run the older suite again to compare texts and not scorers."
        )
    return (*found, *_left_out(run, than))


def _left_out(run: Run, than: Run) -> Iterator[str]:
    """Figures that both runs have and that are not compared, each sort with the reason."""
    there = {row.metric for row in than.rows}
    sorts: dict[str, list[str]] = {}
    for row in run.rows:
        if row.metric in there and (why := _why_not(run, row)):
            sorts.setdefault(why, []).append(row.metric)
    for why, metrics in sorts.items():
        names = list(dict.fromkeys(metrics))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"Not compared, for {why}: {', '.join(names[:_NAMED])}{more}."


def _group_scorers(run: Run) -> Mapping[str, GroupScorer]:
    """Those of the run that judge all samples at once; without what cannot be had here."""
    names = [
        f"{one['family']}.{one['name']}"
        for one in run.log["scorers"]
        if one["judges"] != "one sample"
    ]
    found: dict[str, GroupScorer] = {}
    for name in names:
        try:
            (scorer,) = scorers_of([name], Sources.of_log(run.log["sources"]))
        except SettingsError:
            continue  # its figure is then not comparable, which is told
        if is_group(scorer):
            found[scorer.name] = scorer
    return found


def _group_difference(
    scorer: GroupScorer,
    ours: Mapping[str, Sample],
    theirs: Mapping[str, Sample],
    level: float,
) -> Figure | None:
    asked = [key for key in ours if key in theirs and judges(scorer, ours[key])]
    both = [(ours[key], theirs[key]) for key in asked]

    def less(pairs: Sequence[tuple[Sample, Sample]]) -> float | None:
        one = scorer.value([first for first, _ in pairs])
        other = scorer.value([second for _, second in pairs])
        return None if one is None or other is None else one - other

    return jackknife_over(both, [first.user_id for first, _ in both], less, level=level)


def _by_writer(samples: Sequence[Sample]) -> dict[str, dict[str, Sample]]:
    found: dict[str, dict[str, Sample]] = {}
    for sample in samples:
        found.setdefault(sample.writer, {})[sample.key] = sample
    return found


def _values(scores: Mapping[str, Score]) -> dict[str, float]:
    return {key: one.value for key, one in scores.items() if one.value is not None}


def _told(figure: Figure | None) -> str:
    if figure is None:
        return ""
    if figure.low is None:
        return f"{figure.value:+.4f}"
    return f"{figure.value:+.4f} [{figure.low:+.4f}, {figure.high:+.4f}]"
