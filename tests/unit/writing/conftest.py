"""A plan, stores, and a writer that is used once."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatReply, ChatRequest, Draft
from recx_agent.schemas import AuditRecord
from recx_agent.stores import SqlAuditLog, SqlTextCache
from tests.unit.writing.plans import (
    BECAUSE,
    COMMON,
    OWN,
    SHARES,
    plan,
    writer,
)

GIVEN = plan(BECAUSE, COMMON)
GOOD = f"{OWN} {SHARES}"


def nobody(user_id: str) -> bool:
    return False


@pytest.fixture
def log(tmp_path: Path) -> SqlAuditLog:
    return SqlAuditLog(tmp_path, 30.0, nobody)


@pytest.fixture
def cache(tmp_path: Path) -> SqlTextCache:
    return SqlTextCache(tmp_path, 100, nobody)


def written(model: ScriptedChatModel, **more: Any) -> Draft:
    used = writer(model, **more)
    try:
        return used.write(GIVEN)
    finally:
        used.close()


def only_record(log: SqlAuditLog) -> AuditRecord:
    (record,) = log.newest(9)
    return record


class Hanging(ScriptedChatModel):
    """Never answers, whatever the deadline."""

    def __init__(self) -> None:
        super().__init__([])
        self.started = self.ended = 0
        self.begun = threading.Event()

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        self.started += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1
        raise AssertionError
