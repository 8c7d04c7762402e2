"""The figures of a run as Markdown: one table a family, one column a writer."""

from __future__ import annotations

from recx_agent.evals.run.cells import figure
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.folder import Run
from recx_agent.evals.run.group_lines import CLEAR, group_lines, is_group_row
from recx_agent.evals.scorers.registry import FAMILY_NOTES
from recx_agent.evals.tables import markdown_table

_ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}


def as_markdown(run: Run) -> str:
    """Figures, verdicts, and what is missing."""
    parts = [f"# {run.name}: {run.results['cases']} cases\n"]
    by_place = {(row.metric, row.writer): row for row in run.rows}
    families: dict[str, dict[str, Row]] = {}
    for row in run.rows:
        if not is_group_row(row.metric):
            families.setdefault(row.family, {}).setdefault(row.metric, row)
    for family, metrics in families.items():
        own = {row.writer for row in run.rows if row.family == family}
        names = [name for name in run.names if name in own]
        lines = [
            [
                f"{metric} {_ARROWS[row.better]}".rstrip(),
                *(figure(by_place.get((metric, name))) for name in names),
            ]
            for metric, row in metrics.items()
            if any(_has_value(by_place.get((metric, name))) for name in names)
        ]
        if lines:
            if family in FAMILY_NOTES:
                parts.append(f"{FAMILY_NOTES[family]}\n")
            parts.append(markdown_table([family, *names], lines))
        unknown = [name for name in metrics if name not in {_name(line[0]) for line in lines}]
        if unknown:
            parts.append(f"Nothing to judge: {', '.join(unknown)}.\n")
    parts += _groups(run)
    verdicts = run.results["verdicts"]
    said = sorted({verdict for own in verdicts.values() for verdict in own})
    lines = [
        [writer, *(str(verdicts[writer].get(name, 0)) for name in said)] for writer in run.writers
    ]
    if lines:
        parts.append(markdown_table(["writer's own verdict", *said], lines))
    for writer, missing in run.results["missing"].items():
        if missing["count"]:
            reasons = "; ".join(f"{count} × {why}" for why, count in missing["reasons"].items())
            parts.append(f"No text of {writer!r} for {missing['count']} cases: {reasons}\n")
    return "\n".join(parts)


def _groups(run: Run) -> list[str]:
    """Gaps between groups of users that are larger than chance makes them; the others' number."""
    told = group_lines(run)
    lines = [
        [one.writer, one.metric, one.by, one.worst, one.gap, one.by_chance, one.p]
        for one in told
        if one.clear
    ]
    heads = ["groups", "metric", "by", "worst group", "largest gap", "by chance", "p"]
    parts = [markdown_table(heads, lines)] if lines else []
    if told:
        parts.append(
            f"{len(lines)} of {len(told)} gaps between groups have p < {CLEAR:g}, each by itself; "
            "all of them stand in results.json and in the report.\n"
        )
    return parts


def _has_value(row: Row | None) -> bool:
    return row is not None and row.value is not None


def _name(cell: str) -> str:
    return cell.partition(" ")[0]
