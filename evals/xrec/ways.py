"""Our ways to write the same rows: templates, a model's one draft, the best of several."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from recx_agent.evals.journal import Journal
from recx_agent.evals.xrec.drafts import KeptDrafts
from recx_agent.factory import make_chat_model, make_given_writer
from recx_agent.protocols import GivenCase, Progress
from recx_agent.schemas import GivenExplanation
from recx_agent.settings import LlmSettings
from recx_agent.writing import GivenWriter

OURS, TEMPLATES = "ours", "templates"
STAGE = "explain"
Told = Mapping[str, Sequence[GivenExplanation]]
"""By way, in the order of the rows."""


@dataclass(frozen=True)
class Way:
    """How many drafts there are, and what chooses where equally much of several passes."""

    candidates: int = 1
    discriminator: Path | None = None

    def settings(self, llm: LlmSettings) -> LlmSettings:
        """Those of the run, with this way to choose."""
        chosen_by = None if self.discriminator is None else str(self.discriminator)
        return llm.model_copy(update={"candidates": self.candidates, "discriminator": chosen_by})


def ways_of(best_of: int, discriminator: Path | None) -> dict[str, Way]:
    """The ways that are held side by side; ``ours`` is one draft."""
    ways = {OURS: Way()}
    if best_of > 1:
        ways[f"first of {best_of}"] = Way(best_of)
    if best_of > 1 and discriminator is not None:
        ways[f"discriminator's of {best_of}"] = Way(best_of, discriminator)
    return ways


def write_rows(
    cases: Sequence[GivenCase],
    ways: Mapping[str, Way],
    llm: LlmSettings,
    journal: Journal,
    progress: Progress,
) -> dict[str, list[GivenExplanation]]:
    """Write every case in every way; without a language model by templates alone.

    All ways read the same drafts: of one draft the first, of several as many. Drafts are in
    the journal as soon as they are there, and what is in it is not asked for again.

    Raises
    ------
    LlmError
        The model did not answer; what it answered before is kept.
    SettingsError
        There is none, and several drafts are asked for.
    """
    templates = llm.model_copy(update={"base_url": None, "in_process": False})
    with make_given_writer(templates) as writer:
        plain = writer.write_all(cases)
    if llm.base_url is None and not llm.in_process and len(ways) == 1:
        return {OURS: plain}
    model = make_chat_model(llm)
    drafts = KeptDrafts(model, journal)
    try:
        with ExitStack() as open_writers:
            writers = {
                name: open_writers.enter_context(make_given_writer(way.settings(llm), drafts))
                for name, way in ways.items()
            }
            told = asyncio.run(_written(cases, writers, drafts, llm.concurrency, progress))
    finally:
        asyncio.run(model.aclose())
    return {TEMPLATES: plain, **told}


async def _written(
    cases: Sequence[GivenCase],
    writers: dict[str, GivenWriter],
    drafts: KeptDrafts,
    concurrency: int,
    progress: Progress,
) -> dict[str, list[GivenExplanation]]:
    turns = asyncio.Semaphore(concurrency)
    done = 0

    async def one(case: GivenCase) -> dict[str, GivenExplanation]:
        nonlocal done
        async with turns:
            # The way with most drafts first, so that they are drawn in one request.
            told = {name: await writers[name].write_slowly(case) for name in reversed(writers)}
            if drafts.fault is not None:
                raise drafts.fault
        done += 1
        progress(STAGE, done, len(cases))
        return told

    progress(STAGE, 0, len(cases))
    try:
        async with asyncio.TaskGroup() as tasks:
            rows = [tasks.create_task(one(case)) for case in cases]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return {name: [row.result()[name] for row in rows] for name in writers}
