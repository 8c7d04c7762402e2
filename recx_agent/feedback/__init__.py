"""What users say and do, in force with the next answer.

::

    meaning    which item or attribute is meant
      → deciding   feedback: given, listed, undone
    new_events added events: checked as an import is, listed, taken back
"""

from __future__ import annotations

from recx_agent.feedback.deciding import Decisions
from recx_agent.feedback.new_events import NewEvents

__all__ = ["Decisions", "NewEvents"]
