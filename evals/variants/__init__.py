"""More cases than a user's list: with known outcomes, changed histories, and hostile names.

::

    own_events   evidence off a data set, without an index
    altered      a workspace with other data or another model, in memory
    held_out     a liked and a disliked item of a user, unknown to the model
    perturbed    histories that are a little different
    hostile      titles, attributes and reviews that give orders
    raw_file     a changed history as a file, for checkers
    changed      variants of a run's cases: changed histories, hostile names, the same once more
"""

from __future__ import annotations

from recx_agent.evals.variants.changed import changed_cases
from recx_agent.evals.variants.held_out import find_pairs, held_out_cases, trained_without

__all__ = ["changed_cases", "find_pairs", "held_out_cases", "trained_without"]
