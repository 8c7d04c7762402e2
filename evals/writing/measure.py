"""All measures of writing, one after the other, on the same users."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from recx_agent.batch import of_sample
from recx_agent.evals.journal import Journal
from recx_agent.evals.tables import versions, write_whole
from recx_agent.evals.writing.baselines import BASELINES, Judged, ask_baseline
from recx_agent.evals.writing.blocks import Bench
from recx_agent.evals.writing.report import Baseline, WritingReport
from recx_agent.evals.writing.speed import measure_speed
from recx_agent.evals.writing.swapped import changed, swap_causes
from recx_agent.evals.writing.texts import Texts, untrue, write_texts
from recx_agent.factory import make_chat_model
from recx_agent.protocols import Plan, Progress, no_progress
from recx_agent.recx import Recx
from recx_agent.writing import is_worded


def run_writing(
    recx: Recx,
    out: Path,
    *,
    users: int,
    timed: int = 64,
    concurrency: int | None = None,
    language: str | None = None,
    progress: Progress = no_progress,
) -> WritingReport:
    """Measure and write ``results.json``, ``writing.md`` and ``texts.jsonl``.

    What is done is kept in ``journal.jsonl``: a run that was stopped goes on from there.

    Parameters
    ----------
    recx : Recx
        Its settings name the language model.
    out : Path
        Folder of the results.
    users : int
        How many, each with the first item of his list.
    timed : int
        Of so many of them speed is measured.
    concurrency : int, optional
        Requests side by side; ``llm.concurrency`` if not given.
    language : str, optional
    progress : callable

    Raises
    ------
    SettingsError
        No language model is set.
    """
    model = make_chat_model(recx.settings.llm)
    bench = Bench(
        model,
        recx.settings,
        Journal(out / "journal.jsonl"),
        concurrency or recx.settings.llm.concurrency,
        progress,
    )
    try:
        plans = _plans(recx, users, language, progress)
        report, texts = _measured(bench, plans, timed)
    finally:
        asyncio.run(model.aclose())
    lines = [record.model_dump_json() for record in texts.records]
    write_whole(out / "texts.jsonl", "".join(f"{line}\n" for line in lines))
    content = {**dataclasses.asdict(report), "versions": versions()}
    write_whole(out / "results.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    write_whole(out / "writing.md", report.as_markdown())
    return report


def _plans(recx: Recx, users: int, language: str | None, progress: Progress) -> list[Plan]:
    plans = []
    for number, group in enumerate(of_sample(recx.dataset.users, users), start=1):
        plans += recx.plans(group.user_id, 1, language=language)
        progress("evidence", number, users)
    return plans


def _measured(bench: Bench, plans: Sequence[Plan], timed: int) -> tuple[WritingReport, Texts]:
    texts = write_texts(bench, plans)
    worded = [number for number, plan in enumerate(plans) if is_worded(plan)]
    own = [plans[number] for number in worded]
    baselines = [_baseline(name, ask_baseline(bench, name, own)) for name in BASELINES]
    swapped = swap_causes([(number, plans[number]) for number in worded])
    after = write_texts(bench, [plan for _, plan in swapped], "swapped")
    different, compared = changed(texts, after, [number for number, _ in swapped])
    report = WritingReport(
        model=bench.model.name,
        users=len(plans),
        worded=len(worded),
        concurrency=bench.concurrency,
        verdicts=dict(texts.verdicts),
        violations=dict(texts.violations),
        skeletons=len(set(texts.skeletons)),
        own=texts.own,
        untrue=sum(untrue(*pair) for pair in zip(plans, texts.records, strict=True)),
        changed=different,
        compared=compared,
        baselines=tuple(baselines),
        drafts=texts.cost("draft"),
        repairs=texts.cost("repair"),
        timed=min(timed, len(own)),
        speed=measure_speed(bench, own[:timed]),
    )
    return report, texts


def _baseline(name: str, answers: Sequence[Judged]) -> Baseline:
    def count(of: Callable[[Judged], bool]) -> int:
        return sum(of(answer) for answer in answers)

    return Baseline(
        name=name,
        answers=len(answers),
        unsupported=count(lambda answer: answer.unsupported),
        foreign=count(lambda answer: answer.foreign),
        examples=tuple(answer.text for answer in answers if answer.foreign)[:5],
    )
