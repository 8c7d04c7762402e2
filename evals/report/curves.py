"""Curves behind a figure, such as what a place is worth while causes are deleted."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.evals.reduce import mean
from recx_agent.evals.report.charts import Tick, marked, ticks
from recx_agent.evals.run.cells import number
from recx_agent.evals.run.folder import Run
from recx_agent.evals.scorers import Score

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 44
POINTS = 6
"""Drawn at most: few texts tell more than five causes."""

_SIDESTEP = 2.5


@dataclass(frozen=True)
class Point:
    """The mean over texts, and the ends of its interval."""

    x: float
    y: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Line:
    """One writer's curve of one name; all but the first name are dashed."""

    writer: str
    name: str
    colour: int
    dashed: bool
    points: tuple[Point, ...]
    text: str

    @property
    def path(self) -> str:
        """For ``polyline``."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True)
class CurveChart:
    """All curves of one metric."""

    metric: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    n: int
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    foot: float = HEIGHT - BOTTOM


def curve_chart(run: Run, metric: str, colours: Mapping[str, int]) -> CurveChart | None:
    """The mean curves of a metric by writer; ``None`` where it has none.

    A text that has told all its causes stays where it is, so every point is the mean over the
    same texts. Whiskers are 95 % intervals over users, as everywhere.

    Parameters
    ----------
    run : Run
    metric : str
    colours : mapping of str to int
        By writer, in the order of the legend.
    """
    users = {(sample.writer, sample.key): sample.user_id for sample in run.samples}
    found: dict[str, dict[str, list[tuple[float, float | None, float | None]]]] = {}
    count = 0
    for writer in colours:
        scores = run.scores.get((writer, metric), {})
        own = {key: score for key, score in scores.items() if score.curves}
        if own:
            count = max(count, len(own))
            found[writer] = _means(own, {key: users[writer, key] for key in own})
    if not found:
        return None
    ends = [v for own in found.values() for line in own.values() for p in line for v in p]
    known = [value for value in ends if value is not None]
    marks = ticks(min(0.0, *known), max(1.0, *known))
    longest = max(len(line) for own in found.values() for line in own.values())

    def x(place: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, longest - 1)

    def y(value: float) -> float:
        share = (value - marks[0]) / ((marks[-1] - marks[0]) or 1.0)
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share), 1)

    lines = []
    for place, (writer, by_name) in enumerate(found.items()):
        aside = _SIDESTEP * (place - (len(found) - 1) / 2)
        for n, (name, means) in enumerate(by_name.items()):
            points = tuple(
                Point(
                    round(x(at) + aside, 1),
                    y(value),
                    None if low is None else y(low),
                    None if high is None else y(high),
                )
                for at, (value, low, high) in enumerate(means)
            )
            text = " → ".join(number(value) for value, _, _ in means)
            lines.append(Line(writer, name, colours[writer], n > 0, points, text))
    return CurveChart(
        metric=metric,
        lines=tuple(lines),
        across=tuple(Tick(round(x(at), 1), str(at)) for at in range(longest)),
        up=tuple(Tick(y(mark), marked(mark)) for mark in marks),
        n=count,
    )


def carried_on(curve: Sequence[float], points: int) -> list[float]:
    """A curve of so many points: what comes after its last one is as that."""
    return [curve[min(at, len(curve) - 1)] for at in range(points)]


def _means(
    scores: Mapping[str, Score], users: Mapping[str, Hashable]
) -> dict[str, list[tuple[float, float | None, float | None]]]:
    names = dict.fromkeys(name for score in scores.values() for name in score.curves)
    longest = min(POINTS, max(len(c) for score in scores.values() for c in score.curves.values()))
    found = {}
    for name in names:
        keys = [key for key in scores if scores[key].curves.get(name)]
        curves = [carried_on(scores[key].curves[name], longest) for key in keys]
        own = [users[key] for key in keys]
        figures = [mean([curve[at] for curve in curves], own) for at in range(longest)]
        found[name] = [(figure.value, figure.low, figure.high) for figure in figures]
    return found
