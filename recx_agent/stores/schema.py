"""Makes the tables, and brings those of an older recx-agent up to date.

A version number and one function a step, all within the transaction that takes it: SQLite
and PostgreSQL both undo changes of tables. More machinery would have to be shipped and kept
beside these few tables, and would not refuse a newer store, which is what matters most here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, delete, insert, inspect, select

from recx_agent.errors import UserStoreVersion
from recx_agent.stores import tables
from recx_agent.stores.step_to_2 import step_to_2

SCHEMA_VERSION = "schema_version"

STEPS: Mapping[int, Callable[[Connection], None]] = {1: step_to_2}
"""What brings the tables of version ``n`` to version ``n + 1``."""


def found_version(connection: Connection) -> int:
    """Version of the tables that are there; 0 if there are none."""
    if not inspect(connection).has_table(tables.notes.name):
        return 0
    value = read_note(connection, SCHEMA_VERSION)
    return 0 if value is None else int(value)


def bring_up(connection: Connection, path: str | Path) -> None:
    """Make the tables what this recx-agent works with; all within one transaction.

    Raises
    ------
    UserStoreVersion
        They are a newer recx-agent's.
    """
    found = found_version(connection)
    if found > tables.VERSION:
        raise UserStoreVersion(path, found, tables.VERSION)
    if not found:
        tables.metadata.create_all(connection)
    else:
        for version in range(found, tables.VERSION):
            STEPS[version](connection)
    write_note(connection, SCHEMA_VERSION, str(tables.VERSION))


def read_note(connection: Connection, name: str) -> str | None:
    """A fact about the store, if it is noted."""
    found: str | None = connection.scalar(
        select(tables.notes.c.value).where(tables.notes.c.name == name)
    )
    return found


def write_note(connection: Connection, name: str, value: str) -> None:
    """Note a fact about the store in the place of an older one."""
    connection.execute(delete(tables.notes).where(tables.notes.c.name == name))
    connection.execute(insert(tables.notes).values(name=name, value=value))
