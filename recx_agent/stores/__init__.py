"""What is kept beside the data: users' decisions, and the texts a language model wrote.

::

    tables         the tables, and the version of them
    schema         makes the tables and brings older ones up to date
    sqlite         everything that holds for SQLite alone
    secret_key     the key of the keyed hashes
    tombstone_table  who was erased
      → user_store   hidden items, and the door to all of it
    kept_database  a file that may be lost
      → text_cache   verified texts, the ones used last
      → audit_log    how each text came about
"""

from __future__ import annotations

from recx_agent.stores.audit_log import SqlAuditLog
from recx_agent.stores.text_cache import SqlTextCache
from recx_agent.stores.user_store import SqlUserStore

__all__ = ["SqlAuditLog", "SqlTextCache", "SqlUserStore"]
