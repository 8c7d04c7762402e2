"""Is it any good, and is it true: the offline measurements.

::

    run             a suite: every writer on every case, every scorer on every text
      cases         what is explained
      writers       who explains it: ours, and what it is held against
      samples       one text with its evidence
      scorers       who judges it, one text or all of a writer at once
      reduce        from scores to figures with intervals
    compare         two runs, two writers: paired differences; the gate
    report          one HTML page
    frame           the scorers on a data frame

    ranking         which model ranks best, searched with equal budgets
    cold_items      whether items nobody has met find those who will like them
    writing         whose words a language model's explanations are, how true, how fast
    faithfulness    whether a contribution is what would be lost, and hangs on no seed
    xrec            explanations from given texts beside those of XRec

All store every finished piece of work as it ends, so that an interrupted measurement
goes on where it stood, and write ``results.json`` in which every figure has an interval.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recx_agent.evals.compare import check_gate, compare_runs
    from recx_agent.evals.frame import ScoredFrame, score_frame
    from recx_agent.evals.report import write_report
    from recx_agent.evals.run import load_suite, read_run, run_suite

_HOME = {
    "ScoredFrame": "recx_agent.evals.frame",
    "check_gate": "recx_agent.evals.compare",
    "compare_runs": "recx_agent.evals.compare",
    "load_suite": "recx_agent.evals.run",
    "read_run": "recx_agent.evals.run",
    "run_suite": "recx_agent.evals.run",
    "score_frame": "recx_agent.evals.frame",
    "write_report": "recx_agent.evals.report",
}

__all__ = [
    "ScoredFrame",
    "check_gate",
    "compare_runs",
    "load_suite",
    "read_run",
    "run_suite",
    "score_frame",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
