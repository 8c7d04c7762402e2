"""What must not be told: the operator's rules, compiled for one data set.

::

    words       whole words in texts, any case, accent and script
      → rules   which items, attributes, event types and texts are sensitive
"""

from __future__ import annotations

from recx_agent.sensitive.rules import Sensitive
from recx_agent.sensitive.words import Words

__all__ = ["Sensitive", "Words"]
