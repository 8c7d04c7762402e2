"""Runs a suite: cases, texts, scores, figures; every step kept, so that it can go on.

::

    suite      what is run: cases, writers, scorers, from a TOML file
    world      the workspace or file that the cases are drawn from
    writing    every writer on every case
    code       digests of the code that texts and scores hang on
    scoring    every scorer on every text; a failing one is a record and not the end
    figures    rows: writer, metric, value, low, high, n
    ranked     what recommenders rank for users whose last likings they were not shown
    ranked_rows    their rows
    grouping   which users belong together
    fair       rows of the worst group and of the largest gap
    log        what a run rested on: revision, packages, settings, data, seeds, models
    folder     what a run leaves behind, written and read
    suites     all of it, one after the other
"""

from __future__ import annotations

from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.folder import Run, read_run
from recx_agent.evals.run.suite import Suite, load_suite, suite_names
from recx_agent.evals.run.suites import run_suite

__all__ = ["Row", "Run", "Suite", "load_suite", "read_run", "run_suite", "suite_names"]
