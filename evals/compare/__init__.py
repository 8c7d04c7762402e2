"""Two runs, or two writers of one, case by case: what differs, and whether it got worse.

::

    lists          coverage and exposure of two recommenders' lists
    differences    paired differences of every figure that both have
    gate           what got worse than a baseline, beyond what chance does
"""

from __future__ import annotations

from recx_agent.evals.compare.differences import Comparison, Difference, compare_runs
from recx_agent.evals.compare.gate import Gate, check_gate

__all__ = ["Comparison", "Difference", "Gate", "check_gate", "compare_runs"]
