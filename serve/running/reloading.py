"""Reload, noted and counted."""

from __future__ import annotations

import anyio.to_thread

from recx_agent.errors import RecxError, ReloadFailed
from recx_agent.serve.running.holder import Reloaded
from recx_agent.serve.running.service import Service


async def reload_of(service: Service) -> Reloaded:
    """Have the version now in force answer.

    Raises
    ------
    ReloadFailed
        It cannot be opened: the one before goes on.
    """
    try:
        # In a thread besides those that answer: under load it is not to wait for one.
        done = await anyio.to_thread.run_sync(service.holder.reload)
    except RecxError as error:
        service.note_reload(error)
        raise ReloadFailed(service.holder.version, error) from error
    service.note_reload(done)
    return done
