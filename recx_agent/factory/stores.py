"""Stores of what users decided and of texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recx_agent.protocols import (
    AuditLog,
    TextCache,
    UserStore,
)
from recx_agent.settings import (
    Settings,
)
from recx_agent.stores import SqlAuditLog, SqlTextCache, SqlUserStore


def make_user_store(workspace: Path, settings: Settings) -> UserStore:
    """The store of feedback, added events and erased users of a workspace."""
    users = settings.users
    url = None if users.url is None else users.url.get_secret_value()
    return SqlUserStore(workspace, url, users.db_schema)


def make_text_cache(folder: Path, settings: Settings, erased: Callable[[str], bool]) -> TextCache:
    """The store of verified texts of a workspace."""
    return SqlTextCache(folder, settings.kept.cache_entries, erased)


def make_audit_log(folder: Path, settings: Settings, erased: Callable[[str], bool]) -> AuditLog:
    """The store of audit records of a workspace."""
    return SqlAuditLog(folder, settings.kept.audit_days, erased)
