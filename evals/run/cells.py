"""A figure as the words of a cell."""

from __future__ import annotations

from recx_agent.evals.run.figures import Row

_TINY = 1e-6


def figure(row: Row | None) -> str:
    """A figure with its interval, how many samples it lacks, and its note."""
    if row is None or row.value is None:
        return "–"
    text = with_interval(row.value, row.low, row.high)
    lacking = [f"{row.unscored} unscored"] * bool(row.unscored)
    lacking += [f"{row.failed} failed"] * bool(row.failed)
    lacking += [row.note] * bool(row.note)
    return f"{text} ({', '.join(lacking)})" if lacking else text


def with_interval(value: float, low: float | None, high: float | None) -> str:
    """A value and its interval, if it has one."""
    if low is None or high is None:
        return number(value)
    return f"{number(value)} [{number(low)}, {number(high)}]"


def number(value: float) -> str:
    """Three decimals for shares, one for what is large; what is next to nothing by its power."""
    if 0 < abs(value) < _TINY:
        return f"{value:.0e}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
