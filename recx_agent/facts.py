"""Facts that change, asked for when an answer is made: the operator's hook, kept in check."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

from recx_agent.errors import SettingsError
from recx_agent.protocols import CurrentFact, CurrentFacts
from recx_agent.settings import FactsSettings

_log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Calls of the hook at a time; while that many hang, answers go without its facts."""

Found = Mapping[str, tuple[CurrentFact, ...]]


def load_hook(name: str) -> CurrentFacts:
    """Import the hook named ``module:function``.

    Raises
    ------
    SettingsError
        There is no such module or function; names the setting.
    """
    module, _, function = name.partition(":")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"setting 'facts.hook': {name!r} cannot be loaded ({error}); "
            "write it as module:function, of a module that can be imported"
        ) from error
    if not callable(found):
        raise SettingsError(f"setting 'facts.hook': {name!r} is no function")
    hook: CurrentFacts = found
    return hook


class FactsReader:
    """Asks the hook, and lets through what is fresh, well formed and in time.

    An answer never fails for its facts: where the hook fails, is late or talks nonsense they
    are left out and a warning is logged, without ids.

    Parameters
    ----------
    hook : CurrentFacts
    settings : FactsSettings
    clock : callable, optional
        The time now.
    """

    def __init__(
        self,
        hook: CurrentFacts,
        settings: FactsSettings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._hook = hook
        self._settings = settings
        self._clock = clock
        self._free = threading.BoundedSemaphore(IN_FLIGHT)

    def __call__(self, item_ids: Sequence[str]) -> Found:
        """Facts of now by external item id; see :class:`~recx_agent.protocols.CurrentFacts`."""
        given = self._asked(tuple(item_ids)) if item_ids else {}
        if not isinstance(given, Mapping):
            _log.warning("facts.hook gave a %s, not a mapping; left out", type(given).__name__)
            return {}
        now = self._clock()
        found = {id: self._fresh(given.get(id, ()), now) for id in item_ids}
        return {id: facts for id, facts in found.items() if facts}

    def _asked(self, item_ids: tuple[str, ...]) -> Any:
        """What the hook gives within its time; it runs on in a thread of its own if it is late."""
        if not self._free.acquire(blocking=False):
            _log.warning("facts.hook: %d calls hang; facts are left out", IN_FLIGHT)
            return {}
        answers: SimpleQueue[Any] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._hook(item_ids))
            except Exception as error:  # noqa: BLE001 an operator's function may raise anything
                # The type alone: a message may hold an id or a row.
                _log.warning("facts.hook failed with %s; facts are left out", type(error).__name__)
                answers.put({})
            finally:
                self._free.release()

        # A daemon: a hook that never returns must not keep the process from ending.
        threading.Thread(target=ask, name="recx-facts", daemon=True).start()
        try:
            return answers.get(timeout=self._settings.timeout_seconds)
        except Empty:
            seconds = self._settings.timeout_seconds
            _log.warning("facts.hook took longer than %g s; facts are left out", seconds)
            return {}

    def _fresh(self, given: Any, now: datetime) -> tuple[CurrentFact, ...]:
        if not isinstance(given, Sequence) or isinstance(given, str):
            _log.warning("facts.hook gave a %s for an item; left out", type(given).__name__)
            return ()
        oldest = now - timedelta(seconds=self._settings.max_age_seconds)
        facts = [fact for fact in given if _well_formed(fact)]
        if len(facts) < len(given):
            _log.warning("facts.hook gave %d malformed facts; left out", len(given) - len(facts))
        fresh = tuple(fact for fact in facts if oldest <= fact.as_of <= now)
        if len(fresh) < len(facts):
            _log.warning(
                "facts.hook gave %d facts older than facts.max_age_seconds or of the future; "
                "left out",
                len(facts) - len(fresh),
            )
        return fresh


def _well_formed(fact: Any) -> bool:
    return (
        isinstance(fact, CurrentFact)
        and isinstance(fact.name, str)
        and bool(fact.name.strip())
        and isinstance(fact.values, tuple)
        and bool(fact.values)
        and all(isinstance(value, str) and value.strip() for value in fact.values)
        and isinstance(fact.as_of, datetime)
        and fact.as_of.utcoffset() is not None
    )
