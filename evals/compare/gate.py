"""Whether something got worse than a baseline, beyond what chance does."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.errors import DataError
from recx_agent.evals.compare.differences import (
    Comparison,
    Difference,
    comparable,
    compare_runs,
)
from recx_agent.evals.intervals import LEVEL
from recx_agent.evals.run.folder import Run
from recx_agent.evals.tables import markdown_table
from recx_agent.protocols import Progress, no_progress


@dataclass(frozen=True)
class Gate:
    """What a gate found.

    Attributes
    ----------
    worse : tuple of Difference
        Figures whose paired interval lies on the bad side of 0.
    lost : tuple of str
        What the baseline had and the run has not: writers, figures, texts, scores.
    compared : int
        Figures with a direction.
    level : float
        Of each interval: so that all of them together hold 95 %.
    remarks : tuple of str
        What the two runs do not share, such as a changed scorer.
    """

    worse: tuple[Difference, ...]
    lost: tuple[str, ...]
    compared: int
    level: float
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing got worse and nothing is lost."""
        return not (self.worse or self.lost)

    def as_markdown(self) -> str:
        """What got worse, or that nothing did."""
        head = (
            f"{self.compared} figures compared, intervals of {self.level:.3%} each, "
            f"{LEVEL:.0%} together."
        )
        parts = [head, ""]
        if self.worse:
            lines = [
                [one.writer, one.metric, _interval(one), str(one.figure.n if one.figure else 0)]
                for one in self.worse
            ]
            parts.append(markdown_table(["writer", "got worse", "difference", "n"], lines))
        parts += [f"- lost: {one}" for one in self.lost]
        if self.passed:
            parts.append("Nothing got worse.")
        parts += self.remarks
        return "\n".join(parts) + "\n"


def check_gate(run: Run, baseline: Run, *, progress: Progress = no_progress) -> Gate:
    """Hold a run against a baseline on the same data.

    Only figures that have a direction count. There are many of them, so the interval of each
    is as wide as makes all of them hold 95 % together (Bonferroni): a gate that is red one
    time in two for nothing is switched off.

    Raises
    ------
    DataError
        The data are not the same, so that nothing would be known of what changed.
    """
    one, other = (run.log["data"].get("fingerprint") for run in (run, baseline))
    if one != other:
        raise DataError(
            f"it was run on other data ({one}) than the baseline ({other})",
            source=run.folder,
            remedy="run the baseline anew on these data",
        )
    directed = [row for row in comparable(run) if row.better != "neither" and row.value is not None]
    level = 1 - (1 - LEVEL) / max(1, len(directed))
    both = {(one.writer, one.key) for one in baseline.samples}
    both &= {(one.writer, one.key) for one in run.samples}
    kept = [name for name in run.writers if any(writer == name for writer, _ in both)]
    ranked = {name for name, _ in run.ranked} & {name for name, _ in baseline.ranked}
    kept += [name for name in run.recommenders if name in ranked]
    found = Comparison((), (), level)
    if kept:
        found = compare_runs(
            run, baseline, writers=[(name, name) for name in kept], level=level, progress=progress
        )
    compared = [one for one in found.differences if one.better != "neither" and one.figure]
    worse = tuple(one for one in compared if one.reading == "worse")
    return Gate(worse, tuple(_lost(run, baseline)), len(compared), level, found.remarks)


def _lost(run: Run, baseline: Run) -> list[str]:
    """Else a scorer that fails on everything would let anything through."""
    lost = [f"writer {name!r}" for name in baseline.writers if name not in run.writers]
    lost += [
        f"recommender {name!r}" for name in baseline.recommenders if name not in run.recommenders
    ]
    now = {(row.writer, row.metric): row for row in run.rows}
    for old in baseline.rows:
        if old.writer not in run.names or old.value is None:
            continue
        row = now.get((old.writer, old.metric))
        if row is None or row.value is None:
            lost.append(f"{old.metric} of {old.writer!r}")
        elif row.failed + row.unscored > old.failed + old.unscored:
            more = row.failed + row.unscored - old.failed - old.unscored
            lost.append(f"{old.metric} of {old.writer!r}: {more} samples no longer scored")
    for name in baseline.writers:
        if name in run.writers:
            missing = [int(r.results["missing"][name]["count"]) for r in (run, baseline)]
            if missing[0] > missing[1]:
                lost.append(f"{missing[0] - missing[1]} texts of {name!r}")
    return lost


def _interval(one: Difference) -> str:
    figure = one.figure
    assert figure is not None
    return f"{figure.value:+.4f} [{figure.low:+.4f}, {figure.high:+.4f}]"
