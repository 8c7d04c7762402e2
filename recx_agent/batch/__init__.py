"""Explanations of many pairs of user and item, written side by side into one file.

::

    asked     whom and what: files of users or pairs, or a sample of users
    lines     one line a pair, on disk chunk by chunk, taken up again after a kill
    output    the file as JSON Lines or Parquet, and what was asked when it was begun
    wishes    a group as explanations that are prepared and wait to be written
    run       evidence in a thread while the model writes, a bounded number under way; again
              what failed by a fault that may pass
    patience  how long an endpoint that is down is waited for
"""

from __future__ import annotations

from recx_agent.batch.asked import Group, of_sample, read_pairs, read_users
from recx_agent.batch.output import opened
from recx_agent.batch.patience import Patience
from recx_agent.batch.run import Summary, explain_all
from recx_agent.batch.wishes import Wishes

__all__ = [
    "Group",
    "Patience",
    "Summary",
    "Wishes",
    "explain_all",
    "of_sample",
    "opened",
    "read_pairs",
    "read_users",
]
