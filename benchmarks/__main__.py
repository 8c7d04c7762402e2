"""The command: measure what is outstanding, then write the page and the picture."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from rich.console import Console

from benchmarks.machine import describe
from benchmarks.picture import draw
from benchmarks.plan import Results, stages
from benchmarks.promises import Run, ratios, wrong
from benchmarks.report import page
from benchmarks.sizes import FULL, QUICK
from recx_agent.evals.tables import write_whole

PAGE, PICTURE = "benchmarks.md", "benchmarks.svg"


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure growth, ratios and exactness. Stopped, it goes on where it stood.",
    )
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works")
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench"), help="folder of figures and data"
    )
    parser.add_argument(
        "--movielens",
        type=Path,
        default=Path("data/ml-100k"),
        help="folder of MovieLens 100K; it is put into an empty one",
    )
    parser.add_argument(
        "--page", type=Path, help="folder of page and picture; docs, or with --quick that of --out"
    )
    return parser.parse_args()


def main() -> int:
    """Measure and write; 1 if a list or a contribution is not what it must be."""
    options = parse()
    console = Console(stderr=True, highlight=False)
    effort = QUICK if options.quick else FULL
    out = options.out / ("quick" if options.quick else "full")
    to = options.page or (out if options.quick else Path("docs"))
    planned, results = stages(effort, options.movielens), Results(out)
    try:
        results.run(planned, console.print)
    except KeyboardInterrupt:
        console.print("interrupted; the same command goes on where it stood")
        return 130
    except BrokenProcessPool:
        console.print("the stage was killed, for memory perhaps; the same command goes on there")
        return 1
    stored = {stage.name: results.get(stage) or {} for stage in planned}
    run = Run(
        effort,
        records={name: record["result"] for name, record in stored.items()},
        peaks={name: record["peak_mb"] for name, record in stored.items()},
        loads=[load for record in stored.values() for load in record["load"]],
        quick=options.quick,
    )
    told = "make bench" + (" ARGS=--quick" if run.quick else "")
    write_whole(to / PAGE, page(run, describe(), told, PICTURE))
    draw(run, to / PICTURE)
    console.print(f"written: {to / PAGE}, {to / PICTURE}")
    for ratio in ratios(run):
        if ratio.missed:
            line = f"missed: {ratio.what}, {ratio.where}: {ratio.value:.1f} of {ratio.least:g}"
            console.print(line, style="yellow")
    problems = wrong(run.records)
    for line in problems:
        console.print(f"wrong: {line}", style="red")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
