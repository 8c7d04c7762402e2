"""Everything of the user store that holds for PostgreSQL alone.

A transaction takes the advisory lock of the user whose rows it writes, so that an erasure
cannot come in between, and users do not wait for one another. A reader sees one state
(``REPEATABLE READ``) and waits for nobody. Deleted rows stay in a table's file until it is
written anew: :func:`scrub` does that. The server's write-ahead log keeps them until the
server recycles it; that is out of reach from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from recx_agent.errors import (
    SettingsError,
    UserStoreBusy,
    UserStoreDamaged,
    UserStoreError,
    UserStoreFull,
    UserStoreUnreachable,
)
from recx_agent.stores import tables

BUSY_SECONDS = 5
"""How long a lock of somebody else is waited for."""

CONNECT_SECONDS = 5

_DRIVER = "postgresql+psycopg"


def named(url: str) -> str:
    """Address of a server without user, password and options."""
    parts = make_url(url)
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{parts.host or 'localhost'}{port}/{parts.database or ''}"


def make_engine(url: str, schema: str) -> Engine:
    """Make an engine for a schema of a database; nothing is opened yet.

    Raises
    ------
    SettingsError
        The driver is not installed.
    """
    try:
        engine = create_engine(
            make_url(url).set(drivername=_DRIVER),
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "recx"},
        )
    except (ImportError, NoSuchModuleError) as error:
        raise SettingsError(
            "users.url needs a driver for PostgreSQL: pip install 'recx-agent[postgres]'"
        ) from error
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, schema))
    return engine


def _prepare(connection: Any, schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", (schema,))
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{BUSY_SECONDS}s",))
        # A transaction whose program hangs must not keep the others waiting for ever.
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', '60s', false)")
    connection.commit()


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """A connection that sees one state of the store."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _worded(name), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction; all of it is kept, or nothing."""
    with _worded(name), engine.begin() as connection:
        yield connection


def lock(connection: Connection, schema: str, name: str) -> None:
    """Hold a lock of this name until the transaction ends."""
    digest = hashlib.sha256(f"recx\0{schema}\0{name}".encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def make_schema(connection: Connection, schema: str) -> None:
    """Make the schema if it is not there: who may not make one can be given it."""
    found = select(text("1")).select_from(text("pg_namespace")).where(text("nspname = :name"))
    if connection.execute(found, {"name": schema}).first() is None:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')


def keep_no_samples(connection: Connection) -> None:
    """Tell the server to copy no values of users into its statistics, where they would stay."""
    for table in tables.OF_USERS:
        for column in table.columns:
            connection.exec_driver_sql(
                f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" SET STATISTICS 0'
            )


def scrub(engine: Engine, name: str) -> None:
    """Write the tables anew, so that their files hold nothing that was deleted.

    Raises
    ------
    UserStoreBusy
        Somebody uses them and does not end.
    """
    with (
        _worded(name),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for table in tables.OF_USERS:
            connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')


@contextmanager
def _worded(name: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # The driver's message can hold what was to be written: it goes no further.
        raise _named(name, error) from None


def _refused(told: str) -> str:
    """Why there is no connection: the server's own words, if it said any."""
    _, said, why = told.rpartition("FATAL:")
    if not said:
        return "the server does not answer; start it, or correct host and port in users.url"
    return f"the server refuses ({why.strip()}); correct users.url"


def _named(name: str, error: DBAPIError) -> UserStoreError:
    state = getattr(error.orig, "sqlstate", None) or ""
    match state[:2], state:
        case ["", _] if not isinstance(error, OperationalError | InterfaceError):
            return UserStoreError(name, "this cannot be written there")
        case ["", _] | ["08", _] | ["57", "57P01" | "57P02" | "57P03"] | ["53", "53300"]:
            return UserStoreUnreachable(name, _refused(str(error.orig)))
        case ["40", _] | [_, "55P03" | "57014" | "25P03"]:
            return UserStoreBusy(name)
        case [_, "53100" | "53200"]:
            return UserStoreFull(name)
        case ["XX", _]:
            return UserStoreDamaged(name, f"the server says that it is damaged ({state})")
        case [_, "42501" | "25006"]:
            return UserStoreError(
                name, "the server does not allow this; grant the user the schema and its tables"
            )
    return UserStoreError(name, f"it cannot be used (SQLSTATE {state})")
