"""The stores of what is kept of texts: losing one costs time and records, no answer."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors.base import RecxError
from recx_agent.errors.stores import StoreError


class KeptStoreError(StoreError):
    """A store of kept texts or audit records cannot be used."""


class KeptStoreDamaged(KeptStoreError):
    """The file is no readable store."""

    def __init__(self, path: str | Path, problem: str) -> None:
        super().__init__(path, f"{problem}; remove it: what was kept is lost, and no more")


class KeptStoreVersion(KeptStoreError):
    """The store was written by another version of recx-agent."""

    def __init__(self, path: str | Path, found: int, wanted: int) -> None:
        self.found = found
        super().__init__(
            path,
            f"schema version {found}, this recx-agent knows {wanted}; use the recx-agent that "
            "wrote it, or remove the file: what was kept is lost, and no more",
        )


class UnknownAudit(RecxError):
    """There is no audit record with this id."""

    def __init__(self, audit_id: str) -> None:
        self.audit_id = audit_id
        super().__init__(
            f"no audit record {audit_id!r}; it may be older than kept.audit_days, or its user "
            "erased: 'recx audit list' shows what there is"
        )
