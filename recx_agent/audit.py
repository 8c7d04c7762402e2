"""How the texts of a workspace came about: for its operator alone, never for a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recx_agent.errors import UnknownAudit, WorkspaceEmpty
from recx_agent.factory import make_audit_log, make_user_store, replay_text
from recx_agent.protocols import AuditLog
from recx_agent.schemas import AuditRecord
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Workspace
from recx_agent.writing import Replayed


def find_record(workspace: str | Path | None, audit_id: str, **overrides: Any) -> AuditRecord:
    """The record of one text.

    Parameters
    ----------
    workspace : str or Path or None
        Folder, else that of the settings.
    audit_id : str
        As in :class:`recx_agent.schemas.Explanation`.
    **overrides
        Settings that win over ``recx.toml`` and the environment.

    Raises
    ------
    UnknownAudit
        There is none, any more or yet, or its user was erased.
    KeptStoreError
    """
    with _opened(workspace, overrides) as (log, _):
        record = log.get(audit_id)
    if record is None:
        raise UnknownAudit(audit_id)
    return record


def newest_records(
    workspace: str | Path | None, count: int, user_id: str | None = None, **overrides: Any
) -> Sequence[AuditRecord]:
    """The records made last, newest first: of one user, or of anybody."""
    with _opened(workspace, overrides) as (log, _):
        if user_id is None:
            return log.newest(count)
        return list(reversed(log.of_user(user_id)))[:count]


def replay_record(record: AuditRecord) -> Replayed:
    """Judge the drafts of a record again without a model, and put the text together."""
    return replay_text(record)


def prune_records(workspace: str | Path | None, **overrides: Any) -> int:
    """Remove the records that are older than ``kept.audit_days``; returns how many."""
    with _opened(workspace, overrides) as (log, settings):
        return log.drop_before(datetime.now(UTC) - timedelta(days=settings.kept.audit_days))


@contextmanager
def _opened(
    workspace: str | Path | None, overrides: dict[str, Any]
) -> Iterator[tuple[AuditLog, Settings]]:
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    if not place.root.is_dir():
        raise WorkspaceEmpty(place.root)
    with (
        closing(make_user_store(place.root, settings)) as users,
        closing(make_audit_log(place.root, settings, users.tombstones.covers)) as log,
    ):
        yield log, settings
