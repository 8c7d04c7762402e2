"""What users decided, kept beside the data: hidden items, and who was erased.

::

    tables         the tables, and the version of them
    schema         makes the tables and brings older ones up to date
    sqlite         everything that holds for SQLite alone
    secret_key     the key of the keyed hashes
    tombstone_table  who was erased
      → user_store   hidden items, and the door to all of it
"""

from __future__ import annotations

from recx_agent.stores.user_store import SqlUserStore

__all__ = ["SqlUserStore"]
