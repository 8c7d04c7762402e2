"""Is it any good, and is it true: the offline measurements.

::

    ranking         which model ranks best, searched with equal budgets
    cold_items      whether items nobody has met find those who will like them
    writing         whose words a language model's explanations are, how true, how fast
    faithfulness    whether a contribution is what would be lost, and hangs on no seed

All store every finished piece of work as it ends, so that an interrupted measurement
goes on where it stood, and write ``results.json`` and a Markdown table in which
every figure has an interval.
"""

from __future__ import annotations
