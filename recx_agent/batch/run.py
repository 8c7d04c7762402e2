"""Prepares in a thread, writes side by side, and has a bounded number of pairs under way."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from recx_agent.batch.asked import Group
from recx_agent.batch.lines import Key, Lines
from recx_agent.errors import PromptError, RecxError, UsageError
from recx_agent.protocols import Progress, no_progress
from recx_agent.schemas import Explanation

STAGE = "explain"
_AHEAD = 2
"""Pairs prepared for each request that can be under way."""


@dataclass(frozen=True)
class Wish:
    """One explanation that is prepared, and waits to be written.

    Attributes
    ----------
    key : (str, str)
        User and item.
    write : coroutine function
    """

    key: Key
    write: Callable[[], Awaitable[Explanation]]


@dataclass
class Summary:
    """What became of a batch: how many of each verdict, fault and error; what was there."""

    there_before: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


Prepare = Callable[[Group, Callable[[Key], bool]], Sequence[Wish]]
"""Prepares a user's explanations, less those of pairs of which the second says: done."""


def explain_all(
    groups: Sequence[Group],
    prepare: Prepare,
    lines: Lines,
    *,
    per_group: int,
    concurrency: int,
    progress: Progress = no_progress,
) -> Summary:
    """Write a line for every pair that has none yet.

    What is wrong with one pair is written in its line, and the others go on.

    Parameters
    ----------
    groups : sequence of Group
    prepare : callable
        Is called in one other thread.
    lines : Lines
    per_group : int
        Pairs of a group, about: for ``progress``.
    concurrency : int
        Explanations written side by side.
    progress : callable

    Raises
    ------
    RecxError
        What concerns all pairs, such as a missing index. What was written stays.
    """
    return asyncio.run(_Run(prepare, lines, concurrency, progress, per_group).go(groups))


class _Run:
    def __init__(
        self,
        prepare: Prepare,
        lines: Lines,
        concurrency: int,
        progress: Progress,
        per_group: int,
    ) -> None:
        self._prepare = prepare
        self._lines = lines
        self._concurrency = concurrency
        self._progress = progress
        self._per_group = per_group
        self._summary = Summary(there_before=len(lines.done))
        self._waiting: asyncio.Queue[Wish | None] = asyncio.Queue(_AHEAD * concurrency)

    async def go(self, groups: Sequence[Group]) -> Summary:
        self._total = len(groups) * self._per_group
        self._tell()
        with ThreadPoolExecutor(1, thread_name_prefix="recx-evidence") as thread:
            try:
                async with asyncio.TaskGroup() as tasks:
                    for _ in range(self._concurrency):
                        tasks.create_task(self._write())
                    tasks.create_task(self._fill(groups, thread))
            except BaseExceptionGroup as several:
                raise several.exceptions[0] from None
        self._lines.flush()
        self._progress(STAGE, len(self._lines.done), len(self._lines.done))
        return self._summary

    async def _fill(self, groups: Sequence[Group], thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        for group in groups:
            given = group.user_id, (group.items or ("",))[0]
            if given in self._lines.done:  # a line, perhaps that nothing comes of it
                continue
            try:
                wishes = await loop.run_in_executor(
                    thread, self._prepare, group, self._lines.done.__contains__
                )
            except UsageError as error:  # the caller's, and of this user or item alone
                self._fail(given, error)
                continue
            for wish in wishes:
                await self._waiting.put(wish)
        for _ in range(self._concurrency):
            await self._waiting.put(None)

    async def _write(self) -> None:
        while (wish := await self._waiting.get()) is not None:
            try:
                explanation = await wish.write()
            except PromptError as error:  # evidence that cannot be worded
                self._fail(wish.key, error)
                continue
            self._summary.verdicts[explanation.verdict] += 1
            if explanation.fault:
                self._summary.faults[explanation.fault] += 1
            self._lines.add(wish.key, explanation.model_dump_json())
            self._tell()

    def _fail(self, key: Key, error: RecxError) -> None:
        kind = type(error).__name__
        self._summary.errors[kind] += 1
        user_id, item_id = key
        line = {
            "user_id": user_id,
            "item_id": item_id or None,
            "error": {"kind": kind, "message": str(error)},
        }
        self._lines.add(key, json.dumps(line, ensure_ascii=False))
        self._tell()

    def _tell(self) -> None:
        done = len(self._lines.done)
        self._progress(STAGE, done, max(done, self._total))
