"""Rows of recommenders: means over users, and figures of all their lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.ranking import exposure
from recx_agent.evals.ranking.exposure import LIST_METRICS
from recx_agent.evals.ranking.facts import Facts, values_of
from recx_agent.evals.ranking.user_metrics import USER_METRICS, UserMetric
from recx_agent.evals.reduce import Figure, jackknife_over, mean
from recx_agent.evals.run.code import code_of_type
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.ranked import Rankings
from recx_agent.evals.scorers import Better

FAMILY, FAIR = "recommendation", "fair"
DISPARITY = "bias_disparity"

Bounds = tuple[float | None, float | None]


def user_metrics(lengths: Sequence[int]) -> dict[str, UserMetric]:
    """The metrics that are means over users, by the names of their rows."""
    return {f"{metric.name}@{k}": metric for k in lengths for metric in USER_METRICS}


def ranking_rows(
    found: Rankings, recommenders: Sequence[str], attributes: Sequence[str] = ()
) -> list[Row]:
    """Every figure of every recommender; one that failed has rows without a value.

    Parameters
    ----------
    found : Rankings
    recommenders : sequence of str
        In the order of the rows.
    attributes : sequence of str
        Item attributes: how much more of the lists than of the histories goes to each value.
    """
    if found.facts is None:
        return []
    kinds = _kinds(found, attributes)
    rows: list[Row] = []
    for name in recommenders:
        rows += _means(found, name)
        rows += _of_lists(found, name, found.facts)
        rows += _disparities(found, name, found.facts, kinds)
    return rows


def described_metrics(lengths: Sequence[int]) -> list[dict[str, Any]]:
    """The metrics for the run log, in the form of scorers."""
    about: list[dict[str, Any]] = []
    for k in lengths:
        for one in (*USER_METRICS, *LIST_METRICS):
            mean_of_users = isinstance(one, UserMetric)
            about.append(
                {
                    "name": f"{one.name}@{k}",
                    "family": FAMILY if isinstance(one, UserMetric) else one.family,
                    "low": one.low,
                    "high": one.high,
                    "better": one.better,
                    "judges": "the list of one user" if mean_of_users else "all lists at once",
                    "settings": {},
                    "code": code_of_type(UserMetric),
                    "about": one.about,
                }
            )
    return about


def _means(found: Rankings, name: str) -> list[Row]:
    rows = []
    for metric, about in user_metrics(found.lengths).items():
        values = found.values.get((name, metric))
        figure, unscored = None, 0
        if values is not None:
            known = np.flatnonzero(~np.isnan(values))
            unscored = len(values) - len(known)
            if len(known):
                figure = mean(values[known], known.tolist(), bounds=(about.low, about.high))
        row = _row(found, name, FAMILY, metric, about.better, figure)
        rows.append(_noted(found, row, unscored))
    return rows


def _of_lists(found: Rankings, name: str, facts: Facts) -> list[Row]:
    rows = []
    for k in found.lengths:
        for about in LIST_METRICS:
            figure = _jackknifed(
                found,
                name,
                k,
                lambda lists, users, of=about.of: of(lists, facts.n_items),  # type: ignore[misc]
                (about.low, about.high),
            )
            metric = f"{about.name}@{k}"
            rows.append(_row(found, name, about.family, metric, about.better, figure))
    return rows


def _disparities(
    found: Rankings, name: str, facts: Facts, kinds: dict[tuple[str, str], NDArray[np.float64]]
) -> list[Row]:
    rows = []
    for k in found.lengths:
        for (attribute, value), holders in kinds.items():
            figure = _jackknifed(
                found,
                name,
                k,
                lambda lists, users, holders=holders: exposure.bias_disparity(  # type: ignore[misc]
                    lists, facts.histories[users], holders
                ),
                (-1.0, None),
            )
            metric = f"{DISPARITY}@{k}/{attribute}={value.replace(' ', '_')}"
            rows.append(_row(found, name, FAIR, metric, "neither", figure))
    return rows


def _kinds(
    found: Rankings, attributes: Sequence[str]
) -> dict[tuple[str, str], NDArray[np.float64]]:
    if found.task is None or not attributes:
        return {}
    names, matrix = values_of(found.task.train.catalogue, tuple(attributes))
    return {pair: matrix[:, at].toarray().ravel() for at, pair in enumerate(names)}


def _jackknifed(
    found: Rankings,
    name: str,
    k: int,
    of: Callable[[NDArray[np.int32], NDArray[np.int64]], float | None],
    bounds: Bounds,
) -> Figure | None:
    """Of all lists, the mean over trainings; each twentieth of the users is left out in turn."""
    lists = found.lists.get(name)
    if lists is None:
        return None

    def value(users: Sequence[int]) -> float | None:
        chosen = np.array(users, dtype=np.int64)
        values = [of(own[chosen, :k], chosen) for own in lists]
        known = [one for one in values if one is not None]
        return float(np.mean(known)) if len(known) == len(values) else None

    users = list(range(lists.shape[1]))
    figure = jackknife_over(users, users, value)
    if figure is None or figure.low is None or figure.high is None:
        return figure
    least, most = bounds
    return figure._replace(
        low=figure.low if least is None else max(least, figure.low),
        high=figure.high if most is None else min(most, figure.high),
    )


def _row(
    found: Rankings, name: str, family: str, metric: str, better: Better, figure: Figure | None
) -> Row:
    return Row.of(
        figure,
        writer=name,
        family=family,
        metric=metric,
        better=better,
        failed=0 if name in found.lists else len(found.users),
    )


def _noted(found: Rankings, row: Row, unscored: int) -> Row:
    """With what could not be judged, and how many users nothing was ranked for."""
    without = found.without_list(row.writer) if row.writer in found.lists else 0
    note = f"no list for {without} users" if without else ""
    return Row(**{**row.as_dict(), "unscored": unscored, "note": note})
