"""Runs the comparison and writes it down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recx_agent.evals.intervals import Interval
from recx_agent.evals.tables import markdown_table, versions, write_whole
from recx_agent.evals.xrec.figures import MEASURES, Measured
from recx_agent.evals.xrec.rows import Row, read_sample
from recx_agent.given import explain_given_all, given_case
from recx_agent.protocols import Progress, no_progress
from recx_agent.schemas import GivenExplanation

OURS, XREC, REFERENCE = "ours", "XRec", "reference"
PRINTED = 30


@dataclass(frozen=True)
class XrecReport:
    """The figures of each system, and the texts for reading.

    Attributes
    ----------
    figures : mapping of str to mapping of str to Interval
        By system, by measure.
    gains : mapping of str to mapping of str to Interval
        Of each other way of ours, what it has more than the first; paired by row.
    verdicts : mapping of str to int
        Of our own texts.
    texts : list of dict
        One row each: title, our text with its verdict, XRec's, the reference.
    """

    figures: Mapping[str, Mapping[str, Interval]]
    gains: Mapping[str, Mapping[str, Interval]]
    verdicts: Mapping[str, int]
    texts: Sequence[Mapping[str, Any]]
    model: str

    def as_markdown(self) -> str:
        """A table of all systems, and who wrote our texts."""
        heads = ["", *self.figures]
        lines = [
            [words, *(_cell(self.figures[system].get(name)) for system in self.figures)]
            for name, words in MEASURES.items()
        ]
        told = ", ".join(f"{verdict} {count}" for verdict, count in self.verdicts.items())
        own = sum(row["writer"] == "llm" for row in self.texts)
        who = f"{self.model}, sentences of its own in {own}" if self.model else "templates"
        title = f"### XRec, Amazon books: {len(self.texts)} rows"
        whole = f"{title}\n\nOurs: {who}; {told}.\n\n{markdown_table(heads, lines)}"
        return whole + "".join(self._gained(arm) for arm in self.gains)

    def _gained(self, arm: str) -> str:
        lines = [
            [MEASURES[name], _cell(gain), "yes" if gain.clear_of_zero else "nothing that is sure"]
            for name, gain in self.gains[arm].items()
        ]
        heads = ("", f"{arm}, less one draft", "a difference?")
        return f"\n{markdown_table(heads, lines)}"

    def for_reading(self, count: int = PRINTED) -> str:
        """Explanations of ours with their verdicts, for a person to read."""
        return "\n".join(
            f"{number}. {row['title']} ({row['verdict']})\n   {row[OURS]}"
            for number, row in enumerate(self.texts[:count], 1)
        )


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

    Writes ``results.json``, ``texts.jsonl`` and ``xrec.md``.

    Parameters
    ----------
    data : Path
        XRec's rows as JSONL.
    out : Path
        Folder of the results.
    rows : int
        Size of the sample.
    seed : int
        Of the sample, and of the pairs that are compared.
    best_of : int
        With more than 1, texts chosen among so many drafts are measured too: the first of
        those of which most passes, and the one that the discriminator prefers among them.
    discriminator : Path, optional
        Its folder.
    progress : callable
    **overrides
        Settings, such as ``llm={"base_url": None}``.

    Raises
    ------
    DataError
        The file cannot be used.
    SettingsError
        An extra is missing (``evals``, ``text``).
    """
    sample = read_sample(data, rows, seed)
    cases = [given_case(row.title, [row.user_summary], [row.item_summary]) for row in sample]
    told: dict[str, list[GivenExplanation]] = {}
    arms = _arms(best_of, discriminator)
    for done, (name, llm) in enumerate(arms.items()):
        progress("explaining", done, len(arms))
        own = {**overrides, "llm": {**overrides.get("llm", {}), **llm}}
        told[name] = explain_given_all(cases, **own)
    progress("explaining", len(arms), len(arms))
    texts = {name: [one.text for one in ours] for name, ours in told.items()}
    texts |= {XREC: [row.xrec_output for row in sample], REFERENCE: [r.reference for r in sample]}
    measured = {}
    for done, (system, shown) in enumerate(texts.items()):
        progress("measuring", done, len(texts))
        measured[system] = Measured.of(shown, sample, seed, system == REFERENCE)
    progress("measuring", len(texts), len(texts))
    ours = told[OURS]
    report = XrecReport(
        figures={system: one.figures for system, one in measured.items()},
        gains={arm: measured[arm].less(measured[OURS]) for arm in arms if arm != OURS},
        verdicts=dict(Counter(one.verdict for one in ours)),
        texts=[_reading(*both) for both in zip(sample, ours, strict=True)],
        model=next((one.writer.model for one in ours if one.writer.model), ""),
    )
    _write(report, out, {"rows": len(sample), "seed": seed, "best_of": best_of})
    return report


def _arms(best_of: int, discriminator: Path | None) -> dict[str, dict[str, Any]]:
    arms: dict[str, dict[str, Any]] = {OURS: {"candidates": 1, "discriminator": None}}
    if best_of > 1:
        arms[f"first of {best_of}"] = {"candidates": best_of, "discriminator": None}
    if best_of > 1 and discriminator is not None:
        chosen = {"candidates": best_of, "discriminator": str(discriminator)}
        arms[f"discriminator's of {best_of}"] = chosen
    return arms


def _reading(row: Row, told: GivenExplanation) -> dict[str, Any]:
    return {
        "user_id": row.user_id,
        "title": row.title,
        OURS: told.text,
        "verdict": told.verdict,
        "writer": told.writer.kind,
        "fault": told.fault,
        "dropped": [violation.kind for violation in told.violations],
        XREC: row.xrec_output,
        REFERENCE: row.reference,
    }


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    digits = 1 if interval.value > 1.5 else 3
    return f"{interval.value:.{digits}f} [{interval.low:.{digits}f}, {interval.high:.{digits}f}]"


def _write(report: XrecReport, out: Path, setup: Mapping[str, Any]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in report.texts]
    write_whole(out / "texts.jsonl", "\n".join(lines) + "\n")
    content = {
        "setup": {**setup, "model": report.model, "versions": versions()},
        "verdicts": report.verdicts,
        "gains": {
            arm: {name: value._asdict() for name, value in own.items()}
            for arm, own in report.gains.items()
        },
        "figures": {
            system: {name: value._asdict() for name, value in own.items()}
            for system, own in report.figures.items()
        },
    }
    write_whole(out / "results.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    write_whole(out / "xrec.md", report.as_markdown())
