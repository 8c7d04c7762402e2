"""Runs a suite from the first case to the last figure."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from recx_agent.errors import DataError, SettingsError, UsageError
from recx_agent.evals.cases import Case
from recx_agent.evals.intervals import LEVEL
from recx_agent.evals.journal import Journal
from recx_agent.evals.run.fair import Told, check_metrics, told_by_group
from recx_agent.evals.run.figures import rows_of
from recx_agent.evals.run.folder import JOURNAL, LOG, Run, read_run, write_run
from recx_agent.evals.run.grouping import Grouping, groupings_of
from recx_agent.evals.run.log import now, run_log
from recx_agent.evals.run.ranked import Rankings, rank_recommenders
from recx_agent.evals.run.ranked_rows import ranking_rows
from recx_agent.evals.run.scoring import Judged, judge_samples
from recx_agent.evals.run.suite import Suite
from recx_agent.evals.run.world import World, open_world
from recx_agent.evals.run.writing import Texts, write_texts
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import AnyScorer, scorers_of
from recx_agent.evals.scorers.registry import READERS
from recx_agent.evals.writers import WriterUnderTest, make_writers
from recx_agent.evals.writers.making import ASKS_A_MODEL
from recx_agent.factory import make_chat_model
from recx_agent.protocols import ChatModel, Progress, no_progress
from recx_agent.settings import Settings
from recx_agent.write_lock import write_lock

THREADS = 2
_REASONS = 5


def run_suite(
    suite: Suite,
    out: Path,
    *,
    workspace: Path | None = None,
    data: Path | None = None,
    concurrency: int | None = None,
    threads: int = THREADS,
    progress: Progress = no_progress,
    **overrides: Any,
) -> Run:
    """Run a suite; what is done is kept, and the same call goes on after a kill.

    Parameters
    ----------
    suite : Suite
    out : Path
        Folder of the results; see :mod:`recx_agent.evals.run.folder`.
    workspace : Path, optional
        Whose users and items are explained; else that of the settings.
    data : Path, optional
        In its place a folder of data, on which a workspace is fitted under ``out``; of the
        source ``xrec`` the file of rows.
    concurrency : int, optional
        Texts of a writer asked for at once; ``llm.concurrency`` if not given.
    threads : int
        Blocks of texts that are scored side by side.
    progress : callable
    **overrides
        Settings, such as ``llm={"base_url": …}``.

    Raises
    ------
    SettingsError
        A writer asks a language model and none is set; a scorer is unknown or lacks a package.
    UsageError
        The folder is another suite's.
    LlmError
        The language model failed in a way that may pass; what is written is kept.
    DataError, WorkspaceEmpty, WriteLocked
    """
    out = Path(out)
    _check_owner(out, suite)
    began, started = time.monotonic(), now()
    with write_lock(out):
        world = open_world(
            suite, out, workspace=workspace, data=data, overrides=overrides, progress=progress
        )
        journal = Journal(out / JOURNAL)
        groupings = _groupings(suite, world)
        with _model(suite, world.settings) as model, _writers(suite, world, model) as writers:
            sources = replace(world.sources, prices=suite.prices, reader=model)
            scorers = scorers_of(suite.scorers, sources)
            check_metrics(suite.fair, scorers, suite.ranking.k, bool(suite.recommenders))
            rankings = rank_recommenders(
                suite, world, out, journal, threads=threads, progress=progress
            )
            texts = write_texts(
                writers,
                world.cases,
                journal,
                concurrency=concurrency or world.settings.llm.concurrency,
                progress=progress,
            )
            log = run_log(suite, world, writers, scorers, rankings)
            judged = judge_samples(
                texts.samples, scorers, sources, journal, threads=threads, progress=progress
            )
        log |= {"started": started, "seconds": round(time.monotonic() - began, 1)}
        told = told_by_group(
            suite.fair, groupings, texts.samples, scorers, judged, rankings, progress=progress
        )
        results = results_of(suite, world, texts, scorers, judged, rankings, told)
        return write_run(out, log, results, world.cases, texts.samples, judged, rankings)


def results_of(
    suite: Suite,
    world: World,
    texts: Texts,
    scorers: Sequence[AnyScorer],
    judged: Judged,
    rankings: Rankings,
    told: Sequence[Told],
) -> dict[str, Any]:
    """What came of it, as JSON values: the same for an unbroken run and one that went on."""
    names = list(suite.writers)
    plain = [case.key for case in world.cases if not case.variant]
    ordinary = frozenset(plain)
    rows = rows_of(texts.samples, scorers, judged, names)
    rows += ranking_rows(rankings, list(suite.recommenders), suite.fair.exposure)
    rows += [row for one in told for row in one.rows()]
    faults = [*rankings.faults, *texts.faults, *judged.faults]
    return {
        "suite": suite.name,
        "data": world.facts.get("fingerprint"),
        "level": LEVEL,
        "cases": len(plain),
        "rows": [row.as_dict() for row in rows],
        "fair": [one.as_dict() for one in told],
        "verdicts": verdicts_of(texts.samples, names),
        "missing": {
            name: _missing({key: why for key, why in reasons.items() if key in ordinary})
            for name, reasons in texts.missing.items()
        },
        "variants": variants_of(world.cases, texts, names),
        "faults": [asdict(fault) for fault in faults],
    }


def _groupings(suite: Suite, world: World) -> dict[str, Grouping]:
    return {} if world.dataset is None else groupings_of(world.dataset, suite.fair)


def verdicts_of(samples: Sequence[Sample], writers: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many texts of each verdict, by writer; those that give none say ``none``."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in writers}
    for sample in (one for one in samples if not one.variant):
        counts[sample.writer][sample.verdict or "none"] += 1
    return {name: dict(sorted(own.items())) for name, own in counts.items()}


def variants_of(
    cases: Sequence[Case], texts: Texts, writers: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """By variant: how many cases there are, and what each writer has no text for."""
    keys: dict[str, set[str]] = {}
    for case in cases:
        if case.variant:
            keys.setdefault(case.variant, set()).add(case.key)
    return {
        variant: {
            "cases": len(own),
            "missing": {
                name: _missing({key: why for key, why in texts.missing[name].items() if key in own})
                for name in writers
            },
        }
        for variant, own in sorted(keys.items())
    }


def _missing(reasons: Mapping[str, str]) -> dict[str, Any]:
    return {"count": len(reasons), "reasons": _commonest(reasons)}


def _commonest(reasons: Mapping[str, str]) -> dict[str, int]:
    ordered = sorted(Counter(reasons.values()).items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:_REASONS])


@contextmanager
def _model(suite: Suite, settings: Settings) -> Iterator[ChatModel | None]:
    """The language model that writers and scorers share, if one of them asks it."""
    asking = [
        f"the writer {name!r} asks"
        for name, spec in suite.writers.items()
        if spec.kind in ASKS_A_MODEL
    ]
    asking += [
        f"the scorers {name!r} ask" for name in suite.scorers if name.partition(".")[0] in READERS
    ]
    if not asking:
        yield None
        return
    try:
        model = make_chat_model(settings.llm)
    except SettingsError as error:
        raise SettingsError(f"{asking[0]} a language model: {error}") from error
    try:
        yield model
    finally:
        asyncio.run(model.aclose())


@contextmanager
def _writers(
    suite: Suite, world: World, model: ChatModel | None
) -> Iterator[dict[str, WriterUnderTest]]:
    """The writers; closed afterwards."""
    writers = make_writers(suite.writers, world.settings, model)
    try:
        yield writers
    finally:
        for writer in writers.values():
            writer.close()


def _check_owner(out: Path, suite: Suite) -> None:
    if not (out / LOG).exists():
        return
    try:
        owner = read_run(out).name
    except DataError:
        return  # half of a run, or a damaged one: it is done again
    if owner != suite.name:
        raise UsageError(
            f"{out} holds a run of the suite {owner!r}; give {suite.name!r} a folder of its own"
        )
