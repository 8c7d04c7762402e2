"""Everything that is known of a user, for him to see.

::

    versions, said   what the versions hold, and what was said and done since
      → collecting   one record of all of it, and of indexes and texts
    writing          the record as a file
"""

from __future__ import annotations

from recx_agent.export.collecting import export_user
from recx_agent.export.writing import write_export

__all__ = ["export_user", "write_export"]
