"""Items nobody has met: how well they find the users who will like them.

::

    split       a tenth of the items held out whole: their events go, their attributes stay
    rankers     what puts the held-out items in order: ours, attributes, popularity
    chance      what a random order would find, worked out
    measure     one fit a split, measured by user
    report      rows and paired differences; JSON and Markdown
"""

from __future__ import annotations

from recx_agent.evals.cold_items.measure import run_cold_items
from recx_agent.evals.cold_items.report import ColdReport

__all__ = ["ColdReport", "run_cold_items"]
