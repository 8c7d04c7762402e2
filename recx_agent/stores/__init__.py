"""What is kept beside the data: what users said and did, and texts of a language model.

::

    tables         the tables, and the version of them
    schema         makes the tables and brings older ones up to date, step by step
    sqlite, postgres   everything that holds for one of the two alone
    database, server_database   the user store in a file, or on a server (databases: both)
    secret_key     the key of the keyed hashes
    tombstone_table, feedback_table, event_table
      → user_store   what users said and did, who was erased: the door to all of it
    kept_database  a file that may be lost
      → text_cache   verified texts, the ones used last
      → audit_log    how each text came about
"""

from __future__ import annotations

from recx_agent.stores.audit_log import SqlAuditLog
from recx_agent.stores.text_cache import SqlTextCache
from recx_agent.stores.user_store import SqlUserStore

__all__ = ["SqlAuditLog", "SqlTextCache", "SqlUserStore"]
