"""The figures of a run as Markdown: one table a family, one column a writer."""

from __future__ import annotations

from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.folder import Run
from recx_agent.evals.tables import markdown_table

_ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}


def as_markdown(run: Run) -> str:
    """Figures, verdicts, and what is missing."""
    parts = [f"# {run.name}: {run.results['cases']} cases\n"]
    by_place = {(row.metric, row.writer): row for row in run.rows}
    families: dict[str, dict[str, Row]] = {}
    for row in run.rows:
        families.setdefault(row.family, {}).setdefault(row.metric, row)
    for family, metrics in families.items():
        lines = [
            [
                f"{metric} {_ARROWS[row.better]}".rstrip(),
                *(figure(by_place.get((metric, writer))) for writer in run.writers),
            ]
            for metric, row in metrics.items()
            if any(_has_value(by_place.get((metric, writer))) for writer in run.writers)
        ]
        if lines:
            parts.append(markdown_table([family, *run.writers], lines))
        unknown = [name for name in metrics if name not in {_name(line[0]) for line in lines}]
        if unknown:
            parts.append(f"Nothing to judge: {', '.join(unknown)}.\n")
    verdicts = run.results["verdicts"]
    names = sorted({verdict for own in verdicts.values() for verdict in own})
    lines = [
        [writer, *(str(verdicts[writer].get(name, 0)) for name in names)] for writer in run.writers
    ]
    parts.append(markdown_table(["writer's own verdict", *names], lines))
    for writer, missing in run.results["missing"].items():
        if missing["count"]:
            reasons = "; ".join(f"{count} × {why}" for why, count in missing["reasons"].items())
            parts.append(f"No text of {writer!r} for {missing['count']} cases: {reasons}\n")
    return "\n".join(parts)


def figure(row: Row | None) -> str:
    """A figure with its interval, and how many samples it lacks."""
    if row is None or row.value is None:
        return "–"
    text = f"{number(row.value)}"
    if row.low is not None and row.high is not None:
        text += f" [{number(row.low)}, {number(row.high)}]"
    lacking = [f"{row.unscored} unscored"] * bool(row.unscored)
    lacking += [f"{row.failed} failed"] * bool(row.failed)
    return f"{text} ({', '.join(lacking)})" if lacking else text


def number(value: float) -> str:
    """Three decimals for shares, one for what is large."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _has_value(row: Row | None) -> bool:
    return row is not None and row.value is not None


def _name(cell: str) -> str:
    return cell.partition(" ")[0]
