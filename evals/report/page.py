"""Puts the page together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from recx_agent.evals.compare import Comparison, compare_runs
from recx_agent.evals.report.charts import LEFT, RIGHT, WIDTH, Chart, chart, verdict_bars
from recx_agent.evals.report.curves import curve_chart
from recx_agent.evals.report.worst import worst_samples
from recx_agent.evals.run.cells import figure, number
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.folder import Run
from recx_agent.evals.run.group_lines import group_lines, is_group_row
from recx_agent.evals.scorers.registry import FAMILY_NOTES
from recx_agent.evals.tables import write_whole
from recx_agent.protocols import Progress, no_progress

WORST = 10
_COLOURS = 7
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def write_report(
    run: Run, path: Path, *, worst: int = WORST, progress: Progress = no_progress
) -> Path:
    """Write a run as one HTML file.

    Nothing in it comes from anywhere else, and no script runs: pictures are SVG. What users
    and models wrote is escaped.

    Parameters
    ----------
    run : Run
    path : Path
    worst : int
        Texts to read, of each writer.
    progress : callable
    """
    environment = Environment(
        loader=PackageLoader("recx_agent.evals.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters["number"] = number
    content = _content(run, worst, progress)
    return write_whole(path, environment.get_template("page.html.j2").render(**content))


def _content(run: Run, worst: int, progress: Progress) -> dict[str, Any]:
    named = dict.fromkeys([*run.writers, *(row.writer for row in run.rows)])
    colours = {name: place % _COLOURS for place, name in enumerate(named)}
    missing = {name: int(one["count"]) for name, one in run.results["missing"].items()}
    bars, legend = verdict_bars(run.results["verdicts"], missing)
    about = {one["name"]: one for one in run.log["scorers"]}
    families: dict[str, list[dict[str, Any]]] = {}
    silent: dict[str, list[str]] = {}
    for metric, rows in _by_metric(run).items():
        if is_group_row(metric):
            continue  # one line of a table holds three of them
        drawn = _chart(rows, about.get(metric, {}), colours)
        if drawn is None:
            silent.setdefault(rows[0].family, []).append(metric)
            continue
        families.setdefault(rows[0].family, []).append(
            {
                "chart": drawn,
                "about": about.get(metric, {}).get("about", ""),
                "curves": curve_chart(run, metric, colours),
                "rows": [(row, figure(row)) for row in rows],
            }
        )
    return {
        "run": run,
        "families": families,
        "silent": silent,
        "family_notes": FAMILY_NOTES,
        "groups": group_lines(run),
        "bars": bars,
        "legend": legend,
        "missing": run.results["missing"],
        "faults": run.results["faults"],
        "differences": _against_first(run, progress),
        "worst": {writer: worst_samples(run, writer, worst) for writer in run.writers},
        "log": json.dumps(run.log, indent=1, ensure_ascii=False),
        "left": LEFT,
        "right": WIDTH - RIGHT,
    }


def _by_metric(run: Run) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in run.rows:
        found.setdefault(row.metric, []).append(row)
    return found


def _chart(rows: list[Row], about: dict[str, Any], colours: dict[str, int]) -> Chart | None:
    return chart(rows, (about.get("low"), about.get("high")), colours)


def _against_first(run: Run, progress: Progress) -> Comparison | None:
    """Every other writer less the first, case by case."""
    wrote = {sample.writer for sample in run.samples}
    first, *others = [writer for writer in run.writers if writer in wrote] or [""]
    keys = {sample.key for sample in run.samples if sample.writer == first}
    shared = [
        other
        for other in others
        if any(sample.writer == other and sample.key in keys for sample in run.samples)
    ]
    if not shared:
        return None
    return compare_runs(run, run, writers=[(other, first) for other in shared], progress=progress)


def _clean(value: Any) -> Any:
    """Text without characters that no page may hold, or that turn it around."""
    return _CONTROL.sub("", value) if type(value) is str else value
