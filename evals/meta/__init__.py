"""The evaluation of the scorers: do they find faults, and leave true texts alone.

::

    world       true texts written by hand, and the small world they are true of
    films       true texts of the templates, from a workspace
    first       the first half of the operators, with the frames of true sentences they use
    second      the second half, written when the scorers were finished
    twins       true sentences in the shape of faults
    operators   all of them in one form
    measure     detection per operator, false alarms, what falls short
"""

from __future__ import annotations

from recx_agent.evals.meta.measure import MetaReport, Source, run_meta

__all__ = ["MetaReport", "Source", "run_meta"]
