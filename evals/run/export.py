"""A run for other tools: Parquet tables, and JSON in the form of lm-evaluation-harness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recx_agent.evals.run.folder import Run
from recx_agent.evals.samples import Sample
from recx_agent.evals.tables import write_whole

_FILTER = "none"
_ROW_TYPES = pa.schema(
    [
        ("writer", pa.string()),
        ("family", pa.string()),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),
        ("error", pa.float64()),
        ("users", pa.int64()),
        ("unscored", pa.int64()),
        ("failed", pa.int64()),
        ("better", pa.string()),
        ("note", pa.string()),
    ]
)
_SCORE_TYPES = pa.schema(
    [
        ("writer", pa.string()),
        ("key", pa.string()),
        ("user_id", pa.string()),
        ("item_id", pa.string()),
        ("scorer", pa.string()),
        ("value", pa.float64()),
        ("answer", pa.string()),
        ("reason", pa.string()),
    ]
)


def write_parquet(run: Run, folder: Path) -> list[Path]:
    """Write ``results.parquet`` (a row a figure) and ``scores.parquet`` (a row a score)."""
    samples = {(one.writer, one.key): one for one in run.samples}
    scores = [
        {
            "writer": writer,
            "key": key,
            "user_id": samples[writer, key].user_id,
            "item_id": samples[writer, key].item_id,
            "scorer": scorer,
            "value": score.value,
            "answer": score.answer,
            "reason": score.reason,
        }
        for (writer, scorer), by_case in run.scores.items()
        for key, score in by_case.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows, types in (
        ("results.parquet", [row.as_dict() for row in run.rows], _ROW_TYPES),
        ("scores.parquet", scores, _SCORE_TYPES),
    ):
        path = folder / name
        pq.write_table(pa.Table.from_pylist(rows, schema=types), path)
        written.append(path)
    return written


def write_lm_eval(run: Run, folder: Path) -> list[Path]:
    """Write ``lm_eval_results.json`` and a file of samples for each writer.

    Each writer is a task, ``recx_<suite>_<writer>``; metrics are ``name,none`` and
    ``name_stderr,none``, as lm-evaluation-harness (EleutherAI, version 0.4) writes those of
    an unfiltered task. A sample's ``target`` is its reference; its ``doc`` has the evidence.
    """
    written = [write_whole(folder / "lm_eval_results.json", _json(_results(run)))]
    for writer in run.writers:
        lines = [
            json.dumps(_sample(run, number, sample), ensure_ascii=False)
            for number, sample in enumerate(one for one in run.samples if one.writer == writer)
        ]
        name = f"lm_eval_samples_{_task(run, writer)}.jsonl"
        written.append(write_whole(folder / name, "".join(f"{line}\n" for line in lines)))
    return written


def _results(run: Run) -> dict[str, Any]:
    results: dict[str, dict[str, Any]] = {}
    directions: dict[str, dict[str, bool]] = {}
    for writer in run.writers:
        task = _task(run, writer)
        results[task] = {"alias": task}
        directions[task] = {}
        for row in run.rows:
            if row.writer != writer or row.value is None:
                continue
            results[task][f"{row.metric},{_FILTER}"] = row.value
            error = "N/A" if row.error is None else row.error
            results[task][f"{row.metric}_stderr,{_FILTER}"] = error
            if row.better != "neither":
                directions[task][row.metric] = row.better == "higher"
    tasks = list(results)
    counts = {task: run.results["cases"] for task in tasks}
    revision = run.log.get("revision") or {}
    return {
        "results": results,
        "group_subtasks": {task: [] for task in tasks},
        "configs": {
            task: {
                "task": task,
                "metadata": {
                    "version": run.log["format_version"],
                    "writer": run.log["writers"][name],
                },
            }
            for task, name in zip(tasks, run.writers, strict=True)
        },
        "versions": {task: run.log["format_version"] for task in tasks},
        "n-shot": {task: 0 for task in tasks},
        "higher_is_better": directions,
        "n-samples": {
            task: {
                "original": counts[task],
                "effective": counts[task] - run.results["missing"][name]["count"],
            }
            for task, name in zip(tasks, run.writers, strict=True)
        },
        "config": {
            "model": "recx-agent",
            "model_args": run.log["writers"],
            "random_seed": run.log["seeds"]["rows"],
            "bootstrap_iters": run.log["interval"]["resamples"],
        },
        "git_hash": revision.get("commit"),
        "date": run.log.get("started"),
        "total_evaluation_time_seconds": str(run.log.get("seconds")),
    }


def _sample(run: Run, number: int, sample: Sample) -> dict[str, Any]:
    metrics = {
        scorer: by_case[sample.key].value
        for (writer, scorer), by_case in run.scores.items()
        if writer == sample.writer and sample.key in by_case
    }
    doc = {
        "key": sample.key,
        "user_id": sample.user_id,
        "item_id": sample.item_id,
        "title": sample.title,
        "evidence": [{"id": one.id, "kind": one.kind, "text": one.text} for one in sample.evidence],
    }
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True)
    return {
        "doc_id": number,
        "doc": doc,
        "target": sample.reference,
        "arguments": [],
        "resps": [[sample.text]],
        "filtered_resps": [sample.text],
        "filter": _FILTER,
        "metrics": list(metrics),
        "doc_hash": hashlib.sha256(text.encode()).hexdigest(),
        **metrics,
    }


def _task(run: Run, writer: str) -> str:
    return "_".join(["recx", *f"{run.name}_{writer}".split()])


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
