"""What writers are asked to explain: a user, an item and evidence, the same for all of them.

::

    case         one case
    workspace    of a fitted workspace: the items on users' lists
    planted      of a planted world: the same, with the rule that the user follows
    xrec         of a file as XRec's: an item and what is known of it and of a user, in texts
"""

from __future__ import annotations

from recx_agent.evals.cases.case import Case
from recx_agent.evals.cases.planted import with_rules
from recx_agent.evals.cases.workspace import workspace_cases
from recx_agent.evals.cases.xrec import xrec_cases

__all__ = ["Case", "with_rules", "workspace_cases", "xrec_cases"]
