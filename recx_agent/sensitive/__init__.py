"""What must not be told: the operator's rules, compiled for one data set.

::

    default_rules     what holds in health and finance without being asked for
    words             whole words in texts, any case, accent and script
      → rules         which items, attributes, event types and texts are sensitive
"""

from __future__ import annotations

from recx_agent.sensitive.default_rules import DOMAINS, rules_in_force
from recx_agent.sensitive.rules import Sensitive
from recx_agent.sensitive.words import Words

__all__ = ["DOMAINS", "Sensitive", "Words", "rules_in_force"]
