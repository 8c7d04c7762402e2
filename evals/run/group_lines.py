"""Figures by groups of users, as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.run.cells import number, with_interval
from recx_agent.evals.run.folder import Run

CLEAR = 0.05


@dataclass(frozen=True)
class GroupLine:
    """One figure by one way to group.

    Attributes
    ----------
    writer, metric, by : str
    groups : str
        Every group with its own figure.
    worst, gap, by_chance : str
        With intervals; empty where there is none.
    p : str
        How often chance gives as large a gap.
    clear : bool
        Whether that is rarer than one time in twenty.
    """

    writer: str
    metric: str
    by: str
    groups: str
    worst: str
    gap: str
    by_chance: str
    p: str
    clear: bool


def group_lines(run: Run) -> list[GroupLine]:
    """One line for each figure that could be told apart."""
    return [_line(one) for one in run.results.get("fair", ()) if one["gap"] is not None]


def is_group_row(metric: str) -> bool:
    """Whether a row's metric is one of these figures: ``metric/by/gap``."""
    return metric.count("/") >= 2


def _line(one: Mapping[str, Any]) -> GroupLine:
    worst, chance = one["worst"], one["gap_by_chance"]
    return GroupLine(
        writer=one["writer"],
        metric=one["metric"],
        by=one["by"],
        groups=", ".join(f"{own['group']} {number(own['value'])}" for own in one["groups"]),
        worst=f"{worst['group']}: {_figure(worst)}" if worst else "",
        gap=_figure(one["gap"]),
        by_chance=_figure(chance) if chance else "",
        p=f"{chance['p']:.2g}" if chance else "",
        clear=bool(chance) and chance["p"] < CLEAR,
    )


def _figure(figure: Mapping[str, Any]) -> str:
    return with_interval(figure["value"], figure["low"], figure["high"])
