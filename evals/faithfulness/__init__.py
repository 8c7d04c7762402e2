"""Whether a contribution is what would be lost, and whether causes hang on the seed.

::

    deletion     take the largest contributors away, or others: whose loss weighs more
    agreement    do two trainings name the same top cause
    fits         trainings with other seeds
    measure      both on one data set; results.json and faithfulness.md
"""

from __future__ import annotations

from recx_agent.evals.faithfulness.measure import FaithfulnessReport, run_faithfulness

__all__ = ["FaithfulnessReport", "run_faithfulness"]
