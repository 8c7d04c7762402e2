"""Time and memory by number of events, as an SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmarks.names import REQUESTS
from benchmarks.promises import Run
from benchmarks.sizes import GROWING, USERS, Size

LINES: dict[str, Literal["-", "--"]] = {GROWING: "-", USERS: "--"}
STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: small, and can be searched
    "svg.hashsalt": "recx",  # in the place of a random one: equal figures, equal files
    "font.size": 9,
}


def draw(run: Run, path: Path) -> None:
    """Draw three panels: building, one request, memory.

    Parameters
    ----------
    run : Run
    path : Path
        The SVG.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(11, 3.6), layout="constrained")
        panels = figure.subplots(1, 3)
        for series, line in LINES.items():
            sizes = run.effort.of(series)

            def of(stage: str, sizes: Sequence[Size] = sizes) -> list[Mapping[str, Any]]:
                return [run.records[f"{size.name}-{stage}"] for size in sizes]

            lines = (
                {
                    "fit, one epoch": [r["seconds_per_epoch"] for r in of("fit")],
                    "index": [r["seconds"] for r in of("index")],
                },
                {
                    kind: [r["latency"][what]["p50"] for r in of(kind)]
                    for kind, what in REQUESTS.items()
                },
                {
                    stage: [run.peaks[f"{size.name}-{stage}"] for size in sizes]
                    for stage in ("fit", "index", *REQUESTS)
                },
            )
            for panel, own in zip(panels, lines, strict=True):
                _plot(panel, [size.events for size in sizes], own, line)
        for panel, title in zip(
            panels, ("building, seconds", "one request, median ms", "memory, MB"), strict=True
        ):
            _finish(panel, title)
        keys = [Line2D([], [], color="black", linestyle=line) for line in LINES.values()]
        figure.legend(keys, list(LINES), loc="outside lower center", ncols=2, frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _plot(panel: Axes, events: list[int], own: Mapping[str, list[float]], line: str) -> None:
    for number, (label, values) in enumerate(own.items()):
        told = label if line == "-" else "_"  # one entry for both series
        panel.plot(events, values, line, marker="o", ms=3, color=f"C{number}", label=told)


def _finish(panel: Axes, title: str) -> None:
    panel.set(title=title, xlabel="events", xscale="log", yscale="log")
    panel.grid(alpha=0.3)
    panel.legend(frameon=False)
