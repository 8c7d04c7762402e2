"""Is it any good, and is it true: the offline measurements.

::

    ranking         which model ranks best, searched with equal budgets
    faithfulness    whether a contribution is what would be lost, and hangs on no seed

Both store every finished piece of work as it ends, so that an interrupted measurement
goes on where it stood, and both write ``results.json`` and a Markdown table in which
every figure has an interval.
"""

from __future__ import annotations
