"""What writers are asked to explain: a user, an item and evidence, the same for all of them.

::

    case         one case
    workspace    of a fitted workspace: the items on users' lists
    xrec         of a file as XRec's: an item and what is known of it and of a user, in texts
"""

from __future__ import annotations

from recx_agent.evals.cases.case import Case
from recx_agent.evals.cases.workspace import workspace_cases
from recx_agent.evals.cases.xrec import xrec_cases

__all__ = ["Case", "workspace_cases", "xrec_cases"]
