"""How texts came about, one record each, for some days."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from recx_agent.errors import KeptStoreDamaged
from recx_agent.schemas import AuditRecord
from recx_agent.stores.kept_database import KeptDatabase
from recx_agent.stores.text_cache import erase_from

FILE_NAME = "audit.sqlite3"
_PRUNED_EVERY = timedelta(hours=1)

_metadata = MetaData()
_records = Table(
    "audit_records",
    _metadata,
    Column("audit_id", String(64), primary_key=True),
    Column("user_id", Text, nullable=False, index=True),
    Column("made", BigInteger, nullable=False, index=True),
    Column("content", Text, nullable=False),
)
"""``made``: microseconds since 1970 UTC; ``content``: the record as JSON."""


class SqlAuditLog:
    """See :class:`recx_agent.protocols.AuditLog`.

    Parameters
    ----------
    folder : str or Path
        The workspace.
    days : float
        How long a record is kept: older ones go with the first one written in an hour.
    erased : callable
        Whether a user is erased, or is being erased.
    """

    name = "audit records"

    def __init__(self, folder: str | Path, days: float, erased: Callable[[str], bool]) -> None:
        self._database = KeptDatabase(Path(folder) / FILE_NAME, _metadata, erased)
        self._kept = timedelta(days=days)
        self._lock = threading.Lock()
        self._pruned: datetime | None = None

    def put(self, record: AuditRecord) -> None:
        """Keep a record; in the place of an earlier one with its id."""
        with self._database.writing() as connection:
            # Within the transaction, so that an erasure cannot come in between.
            if self._database.erased(record.user_id):
                return
            values = {
                "user_id": record.user_id,
                "made": _microseconds(datetime.fromisoformat(record.made)),
                "content": record.model_dump_json(),
            }
            statement = insert(_records).values(audit_id=record.audit_id, **values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["audit_id"], set_=values)
            )
        if self._is_time():
            self.prune()

    def get(self, audit_id: str) -> AuditRecord | None:
        """One record."""
        found = self._read(select(_records).where(_records.c.audit_id == audit_id))
        return found[0] if found else None

    def text(self, audit_id: str) -> str | None:
        """The text of one record, which is found faster than the whole of it."""
        if not self._database.exists():
            return None
        chosen = select(_records.c.user_id, func.json_extract(_records.c.content, "$.text"))
        with self._database.reading() as connection:
            found = connection.execute(chosen.where(_records.c.audit_id == audit_id)).one_or_none()
        return None if found is None or self._database.erased(found[0]) else found[1]

    def of_user(self, user_id: str) -> list[AuditRecord]:
        """The records of one user, oldest first."""
        chosen = select(_records).where(_records.c.user_id == user_id)
        return self._read(chosen.order_by(_records.c.made, _records.c.audit_id))

    def newest(self, count: int) -> list[AuditRecord]:
        """The records made last, of anybody, newest first."""
        ordered = select(_records).order_by(_records.c.made.desc(), _records.c.audit_id)
        return self._read(ordered.limit(count))

    def users(self) -> frozenset[str]:
        """Every user with a record."""
        if not self._database.exists():
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(_records.c.user_id).distinct()))

    def prune(self) -> int:
        """Remove what is older than records are kept."""
        return self.drop_before(datetime.now(UTC) - self._kept)

    def drop_before(self, moment: datetime) -> int:
        """Remove records older than this."""
        if not self._database.exists():
            return 0
        old = _records.c.made < _microseconds(moment)
        with self._database.writing() as connection:
            return connection.execute(delete(_records).where(old)).rowcount

    def erase(self, user_id: str) -> int:
        """Remove everything of one user, from freed pages and logs too."""
        return erase_from(self._database, _records, user_id)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self._database.close()

    def _read(self, chosen: Select[tuple[str, str, int, str]]) -> list[AuditRecord]:
        if not self._database.exists():
            return []
        with self._database.reading() as connection:
            rows = connection.execute(chosen).all()
        try:
            return [
                AuditRecord.model_validate_json(row.content)
                for row in rows
                if not self._database.erased(row.user_id)
            ]
        except ValidationError as error:
            raise KeptStoreDamaged(self._database.path, f"a record is damaged ({error})") from error

    def _is_time(self) -> bool:
        now = datetime.now(UTC)
        with self._lock:
            if self._pruned is not None and now - self._pruned < _PRUNED_EVERY:
                return False
            self._pruned = now
            return True


def _microseconds(moment: datetime) -> int:
    return int((moment - datetime.fromtimestamp(0, UTC)) / timedelta(microseconds=1))
