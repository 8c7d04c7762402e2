"""All measures of writing, one after the other, on the same users."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from recx_agent.batch import of_sample
from recx_agent.evals.tables import versions, write_whole
from recx_agent.evals.writing.baselines import BASELINES, Judged, ask_baseline
from recx_agent.evals.writing.report import Baseline, WritingReport
from recx_agent.evals.writing.speed import raw_rate
from recx_agent.evals.writing.swapped import changed, swap_causes
from recx_agent.evals.writing.texts import Texts, untrue, write_texts
from recx_agent.factory import make_chat_model
from recx_agent.protocols import ChatModel, Plan, Progress, no_progress
from recx_agent.recx import Recx

_WORDED = ("because_history", "because_attr")


def run_writing(
    recx: Recx,
    out: Path,
    *,
    users: int,
    concurrency: int | None = None,
    language: str | None = None,
    progress: Progress = no_progress,
) -> WritingReport:
    """Measure and write ``results.json``, ``writing.md`` and ``texts.jsonl``.

    Parameters
    ----------
    recx : Recx
        Its settings name the language model.
    out : Path
        Folder of the results.
    users : int
        How many, each with the first item of his list.
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
    side_by_side = concurrency or recx.settings.llm.concurrency
    try:
        plans = _plans(recx, users, language, progress)
        report, texts = _measured(recx, model, plans, side_by_side, progress)
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


def _measured(
    recx: Recx,
    model: ChatModel,
    plans: Sequence[Plan],
    concurrency: int,
    progress: Progress,
) -> tuple[WritingReport, Texts]:
    settings = recx.settings
    texts = write_texts(plans, model, settings, concurrency, progress)
    worded = [n for n, p in enumerate(plans) if p.claims and p.claims[0].kind in _WORDED]

    def rate(grammar: bool) -> float:
        progress("raw, grammar" if grammar else "raw", 0, 1)
        return raw_rate(plans, texts.records, model, settings.llm, concurrency, grammar=grammar)

    raw, with_grammar = rate(False), rate(True)
    swapped = swap_causes([plans[n] for n in worded])
    after = write_texts([p for _, p in swapped], model, settings, concurrency, progress, "swapped")
    before = Texts([texts.records[n] for n in worded], 0.0)
    different, compared = changed(before, after, [n for n, _ in swapped])
    own = [plans[n] for n in worded]
    baselines = [
        _baseline(name, ask_baseline(name, own, model, concurrency, progress)) for name in BASELINES
    ]
    report = WritingReport(
        model=model.name,
        users=len(plans),
        worded=len(worded),
        concurrency=concurrency,
        verdicts=dict(texts.verdicts),
        violations=dict(texts.violations),
        skeletons=len(set(texts.skeletons)),
        own=texts.own,
        untrue=sum(untrue(*pair) for pair in zip(plans, texts.records, strict=True)),
        changed=different,
        compared=compared,
        baselines=tuple(baselines),
        seconds=texts.seconds,
        raw_per_second=raw,
        grammar_per_second=with_grammar,
        drafts=texts.cost("draft"),
        repairs=texts.cost("repair"),
        prompt_cached=texts.cached,
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
