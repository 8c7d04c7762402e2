"""Whom an answer is for, and what may be talked about with him.

::

    finding      items and attributes by id or name, less what may not be told
    said         a user's feedback, as it bears on the data
    event_types  what rules about event types do to a user's items
      → people   the user as the model sees him
    in_force     the rules of a version
"""

from __future__ import annotations

from recx_agent.people.in_force import sensitive_in_force
from recx_agent.people.people import People

__all__ = ["People", "sensitive_in_force"]
