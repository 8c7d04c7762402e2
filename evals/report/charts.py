"""Where things stand in the pictures; the template draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recx_agent.evals.run.cells import figure, number
from recx_agent.evals.run.figures import Row

WIDTH, LEFT, RIGHT = 560, 130, 190
"""Of a picture, in its own units: the axis stands between names and figures."""

LINE, TOP, BOTTOM = 24, 8, 26
_TICKS = 5
_COLOURS = 7


@dataclass(frozen=True)
class Dot:
    """One writer's figure: a dot, and a whisker where there is an interval."""

    writer: str
    y: float
    x: float
    low: float | None
    high: float | None
    text: str
    colour: int


@dataclass(frozen=True)
class Tick:
    """One line of the axis."""

    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """One metric of all writers on one axis."""

    metric: str
    better: str
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    height: float
    width: float = WIDTH

    @property
    def foot(self) -> float:
        """Where the axis stands."""
        return self.height - BOTTOM


def chart(
    rows: Sequence[Row], bounds: tuple[float | None, float | None], colours: Mapping[str, int]
) -> Chart | None:
    """The picture of one metric; ``None`` where no writer has a figure.

    The axis goes over the whole range of the metric where that has two ends, else over what
    there is, intervals included: it is the same for all writers either way.

    Parameters
    ----------
    rows : sequence of Row
        Of one metric.
    bounds : (float or None, float or None)
        Ends of its range.
    colours : mapping of str to int
        By writer.
    """
    known = [row for row in rows if row.value is not None]
    if not known:
        return None
    ends = [v for row in known for v in (row.value, row.low, row.high) if v is not None]
    low = min(ends) if bounds[0] is None or bounds[1] is None else bounds[0]
    high = max(ends) if bounds[0] is None or bounds[1] is None else bounds[1]
    marks = ticks(low, high)
    low, high = min(low, marks[0]), max(high, marks[-1])
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / span, 1)

    dots = tuple(
        Dot(
            writer=row.writer,
            y=TOP + LINE * (place + 0.5),
            x=at(row.value),
            low=None if row.low is None else at(row.low),
            high=None if row.high is None else at(row.high),
            text=figure(row),
            colour=colours[row.writer],
        )
        for place, row in enumerate(known)
        if row.value is not None
    )
    return Chart(
        metric=known[0].metric,
        better=known[0].better,
        dots=dots,
        ticks=tuple(Tick(at(mark), marked(mark)) for mark in marks),
        height=TOP + LINE * len(dots) + BOTTOM,
    )


def ticks(low: float, high: float) -> list[float]:
    """Round values from at or below ``low`` to at or above ``high``, about five."""
    if not high > low:
        return [low]
    raw = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{n * step:.10g}") for n in range(first, last + 1)]


def marked(value: float) -> str:
    """A value of the axis, in as few signs as it needs."""
    text = number(value)
    return text if "e" in text else text.rstrip("0").rstrip(".") or "0"


@dataclass(frozen=True)
class Share:
    """One piece of a bar: how many texts, from where to where."""

    name: str
    count: int
    x: float
    width: float
    colour: int


@dataclass(frozen=True)
class Bar:
    """One writer's verdicts."""

    writer: str
    total: int
    shares: tuple[Share, ...]


def verdict_bars(
    verdicts: Mapping[str, Mapping[str, int]], missing: Mapping[str, int]
) -> tuple[list[Bar], list[tuple[str, int]]]:
    """Shares of the writers' own verdicts, and the legend: names and colours.

    Cases without a text are a share too.
    """
    counts = {
        writer: {**own, **({"no text": missing[writer]} if missing.get(writer) else {})}
        for writer, own in verdicts.items()
    }
    names = list(dict.fromkeys(name for own in counts.values() for name in own))
    colours = {name: place % _COLOURS for place, name in enumerate(names)}
    bars = []
    for writer, own in counts.items():
        total, x, shares = sum(own.values()), 0.0, []
        for name in names:
            if count := own.get(name, 0):
                width = 100.0 * count / total
                shares.append(Share(name, count, round(x, 3), round(width, 3), colours[name]))
                x += width
        bars.append(Bar(writer, total, tuple(shares)))
    return bars, list(colours.items())
