"""Prepares in a thread, writes side by side, and has a bounded number of pairs under way."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from recx_agent.batch.asked import Group
from recx_agent.batch.lines import Key, Lines
from recx_agent.batch.patience import Patience
from recx_agent.errors import (
    PASSING_FAULTS,
    LlmFaulty,
    LlmPaused,
    PromptError,
    RecxError,
    UsageError,
)
from recx_agent.protocols import Progress, no_progress
from recx_agent.schemas import Explanation

STAGE = "explain"
_AHEAD = 2
"""Pairs prepared for each request that can be under way."""
_ROUNDS = 3
"""As often is a pair tried while the endpoint answers for others."""


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
    patience: Patience | None = None,
    progress: Progress = no_progress,
) -> Summary:
    """Write a line for every pair that has none yet.

    What is wrong with one pair is written in its line, and the others go on. A pair whose
    text failed by a fault that may pass has no line at first: it is tried again after the
    others, and where the endpoint is down it is waited for, all pairs that are left with it.
    When patience ends, their lines say the fault.

    Parameters
    ----------
    groups : sequence of Group
    prepare : callable
        Is called in one other thread; again for pairs that are tried again.
    lines : Lines
    per_group : int
        Pairs of a group, about: for ``progress``.
    concurrency : int
        Explanations written side by side.
    patience : Patience, optional
        Without it a fault is written at once.
    progress : callable

    Raises
    ------
    RecxError
        What concerns all pairs, such as a missing index. What was written stays.
    """
    run = _Run(prepare, lines, concurrency, patience or Patience(), progress, per_group)
    return asyncio.run(run.go(groups))


class _Run:
    def __init__(
        self,
        prepare: Prepare,
        lines: Lines,
        concurrency: int,
        patience: Patience,
        progress: Progress,
        per_group: int,
    ) -> None:
        self._prepare = prepare
        self._lines = lines
        self._concurrency = concurrency
        self._patience = patience
        self._progress = progress
        self._per_group = per_group
        self._summary = Summary(there_before=len(lines.done))

    async def go(self, groups: Sequence[Group]) -> Summary:
        self._total = len(groups) * self._per_group
        self._tell()
        with ThreadPoolExecutor(1, thread_name_prefix="recx-evidence") as self._thread:
            await self._all(groups)
        self._lines.flush()
        self._progress(STAGE, len(self._lines.done), len(self._lines.done))
        return self._summary

    async def _all(self, groups: Sequence[Group]) -> None:
        """Rounds, until there is a line for every pair."""
        left = groups
        rounds = 1
        gave_up = self._patience.seconds <= 0
        while left:
            one = _Round(self, takes_faults=gave_up or rounds >= _ROUNDS)
            left = await one.go(left)
            if left and one.is_down:
                gave_up = not await self._answers_again(left)
            else:
                rounds += 1

    async def _answers_again(self, groups: Sequence[Group]) -> bool:
        """Wait for the endpoint, trying one pair after the other; whether it came back."""
        self._lines.flush()  # a kill in the meantime costs nothing
        left = deque(groups)
        async for _ in self._patience.tries(self._progress):
            while left and not (wishes := await self.prepared(left[0])):
                left.popleft()
            if not left or await self.write(wishes[0], takes_faults=False) is None:
                return True
            left.rotate(-1)  # it may be for one pair alone that nothing comes
        return False

    async def prepared(self, group: Group) -> Sequence[Wish]:
        """The group's explanations that have no line yet."""
        given = group.user_id, (group.items or ("",))[0]
        if given in self._lines.done:  # a line, perhaps that nothing comes of it
            return ()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._thread, self._prepare, group, self._lines.done.__contains__
            )
        except UsageError as error:  # the caller's, and of this user or item alone
            self._fail(given, error)
            return ()

    async def write(self, wish: Wish, *, takes_faults: bool) -> str | None:
        """Write one line; or none, and the fault that may pass, where those are not taken."""
        try:
            explanation = await wish.write()
        except PromptError as error:  # evidence that cannot be worded
            self._fail(wish.key, error)
            return None
        if explanation.fault in PASSING_FAULTS and not takes_faults:
            return explanation.fault
        self._summary.verdicts[explanation.verdict] += 1
        if explanation.fault:
            self._summary.faults[explanation.fault] += 1
        self._lines.add(wish.key, explanation.model_dump_json())
        self._tell()
        return None

    @property
    def concurrency(self) -> int:
        return self._concurrency

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


class _Round:
    """Every group once; those of pairs without a line are left for the next round."""

    def __init__(self, run: _Run, *, takes_faults: bool) -> None:
        self._run = run
        self._takes_faults = takes_faults
        self._waiting: asyncio.Queue[tuple[Group, Wish] | None] = asyncio.Queue(
            _AHEAD * run.concurrency
        )
        self._left: dict[Group, None] = {}
        self._written = 0
        self._faults: list[str] = []
        self._paused = False

    @property
    def is_down(self) -> bool:
        """Whether the endpoint is left alone, or failed for all; one may fail by itself."""
        return self._paused or (not self._written and self._faults != [LlmFaulty.fault])

    async def go(self, groups: Sequence[Group]) -> list[Group]:
        """Write what can be written now; the groups that are left."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._run.concurrency):
                    tasks.create_task(self._write())
                tasks.create_task(self._fill(groups))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        return list(self._left)

    async def _fill(self, groups: Sequence[Group]) -> None:
        for group in groups:
            if self._paused:  # nothing is prepared in vain
                self._left[group] = None
                continue
            for wish in await self._run.prepared(group):
                await self._waiting.put((group, wish))
        for _ in range(self._run.concurrency):
            await self._waiting.put(None)

    async def _write(self) -> None:
        while (next_one := await self._waiting.get()) is not None:
            group, wish = next_one
            if self._paused:
                self._left[group] = None
                continue
            fault = await self._run.write(wish, takes_faults=self._takes_faults)
            if fault is None:
                self._written += 1
            else:
                self._left[group] = None
                self._faults.append(fault)
                self._paused = self._paused or fault == LlmPaused.fault
