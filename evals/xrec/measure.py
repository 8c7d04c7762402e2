"""Runs the comparison and writes it down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from recx_agent.evals.intervals import Interval
from recx_agent.evals.journal import Journal
from recx_agent.evals.tables import versions, write_whole
from recx_agent.evals.xrec.figures import Measured
from recx_agent.evals.xrec.report import REFERENCE, XREC, Gain, XrecReport, reading
from recx_agent.evals.xrec.rows import Row, read_sample
from recx_agent.evals.xrec.ways import OURS, Told, ways_of, write_rows
from recx_agent.factory import held_out_users, make_chooser
from recx_agent.given import given_case
from recx_agent.protocols import Chooser, Progress, no_progress
from recx_agent.settings import load_settings

JOURNAL = "drafts.jsonl"


def run_xrec(
    data: Path,
    out: Path,
    *,
    rows: int = 300,
    seed: int = 0,
    best_of: int = 1,
    discriminator: Path | None = None,
    progress: Progress = no_progress,
    **overrides: Any,
) -> XrecReport:
    """Explain rows from their two summaries and hold the systems' texts side by side.

    Writes ``results.json``, ``texts.jsonl``, ``xrec.md`` and ``reading.md``. Drafts of a
    language model are kept in ``drafts.jsonl`` as they come: the same command goes on after a
    kill, more rows or more drafts ask only for what is missing, and a changed verifier judges
    the same drafts anew.

    Parameters
    ----------
    data : Path
        XRec's rows as JSONL.
    out : Path
        Folder of the results.
    rows : int
        Size of the sample; a smaller one is the beginning of a larger one.
    seed : int
        Of the sample, and of the pairs that are compared.
    best_of : int
        With more than 1, texts chosen among so many drafts are measured too: the first of
        those of which most passes, and the one that the discriminator prefers among them.
    discriminator : Path, optional
        Its folder. Rows are then drawn among those of users that it has not seen, and it
        scores the texts of every system.
    progress : callable
    **overrides
        Settings, such as ``llm={"base_url": None}``.

    Raises
    ------
    DataError
        The file cannot be used.
    LlmError
        The model did not answer; what it answered before is kept.
    SettingsError
        An extra is missing (``evals``, ``text``, ``torch``).
    """
    llm = load_settings(None, overrides).llm
    among = None if discriminator is None else held_out_users(discriminator)
    chooser = None if discriminator is None else make_chooser(discriminator)
    sample = read_sample(data, rows, seed, among=among)
    cases = [given_case(row.title, [row.user_summary], [row.item_summary]) for row in sample]
    ways = ways_of(best_of, discriminator)
    told = write_rows(cases, ways, llm, Journal(out / JOURNAL), progress)
    measured = _measured(sample, told, chooser, seed, progress)
    report = XrecReport(
        figures={system: one.figures for system, one in measured.items()},
        gains=_gains([way for way in ways if way in told], measured),
        verdicts={way: dict(Counter(one.verdict for one in texts)) for way, texts in told.items()},
        texts=reading(sample, told),
        model=next((one.writer.model for one in told[OURS] if one.writer.model), ""),
    )
    setup = {"rows": len(sample), "seed": seed, "best_of": best_of, "model": report.model}
    _write(report, out, {**setup, "discriminator": chooser.name if chooser else None})
    return report


def _measured(
    sample: Sequence[Row],
    told: Told,
    chooser: Chooser | None,
    seed: int,
    progress: Progress,
) -> dict[str, Measured]:
    texts = {way: [one.text for one in ours] for way, ours in told.items()}
    texts |= {XREC: [row.xrec_output for row in sample], REFERENCE: [r.reference for r in sample]}
    found = {}
    for done, (system, shown) in enumerate(texts.items()):
        progress("measuring", done, len(texts))
        found[system] = Measured.of(
            shown,
            sample,
            seed=seed,
            is_reference=system == REFERENCE,
            told=told.get(system, ()),
            chooser=chooser,
        )
    progress("measuring", len(texts), len(texts))
    return found


def _gains(ways: Sequence[str], measured: Mapping[str, Measured]) -> list[Gain]:
    """Each way to choose less one draft, and less the way before it."""
    one_draft = [(way, OURS) for way in ways[1:]]
    steps = [(way, before) for before, way in pairwise(ways) if before != OURS]
    return [Gain(way, than, measured[way].less(measured[than])) for way, than in one_draft + steps]


def _write(report: XrecReport, out: Path, setup: Mapping[str, Any]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in report.texts]
    write_whole(out / "texts.jsonl", "\n".join(lines) + "\n")
    content = {
        "setup": {**setup, "versions": versions()},
        "verdicts": report.verdicts,
        "gains": [
            {"way": gain.way, "than": gain.than, "figures": _as_dicts(gain.figures)}
            for gain in report.gains
        ],
        "figures": {system: _as_dicts(own) for system, own in report.figures.items()},
    }
    write_whole(out / "results.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    write_whole(out / "xrec.md", report.as_markdown())
    write_whole(out / "reading.md", report.with_sources())


def _as_dicts(figures: Mapping[str, Interval]) -> dict[str, dict[str, Any]]:
    return {name: value._asdict() for name, value in figures.items()}
