"""What the comparison found, as tables and texts to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.intervals import Interval
from recx_agent.evals.tables import markdown_table
from recx_agent.evals.xrec.figures import MEASURES
from recx_agent.evals.xrec.rows import Row
from recx_agent.evals.xrec.ways import OURS, Told

XREC, REFERENCE = "XRec", "reference"
PRINTED = 30


@dataclass(frozen=True)
class Gain:
    """What one way has more than another, by measure; paired by row."""

    way: str
    than: str
    figures: Mapping[str, Interval]


@dataclass(frozen=True)
class XrecReport:
    """The figures of each system, and the texts for reading.

    Attributes
    ----------
    figures : mapping of str to mapping of str to Interval
        By system, by measure.
    gains : sequence of Gain
        Of several drafts over one, and of the discriminator over the first that passes.
    verdicts : mapping of str to mapping of str to int
        Of our own texts, by way.
    texts : list of dict
        One row each: what was given, our texts, XRec's, the reference.
    model : str
        Empty where templates wrote.
    """

    figures: Mapping[str, Mapping[str, Interval]]
    gains: Sequence[Gain]
    verdicts: Mapping[str, Mapping[str, int]]
    texts: Sequence[Mapping[str, Any]]
    model: str

    def as_markdown(self) -> str:
        """A table of all systems, who wrote our texts, and what several drafts gain."""
        heads = ["", *self.figures]
        lines = [
            [words, *(_cell(own.get(name)) for own in self.figures.values())]
            for name, words in MEASURES.items()
            if any(name in own for own in self.figures.values())
        ]
        told = "\n".join(f"- {way}: {_listed(counts)}" for way, counts in self.verdicts.items())
        who = f"Ours by {self.model}" if self.model else "Ours by templates"
        title = f"### XRec, Amazon books: {len(self.texts)} rows"
        whole = f"{title}\n\n{who}.\n\n{told}\n\n{markdown_table(heads, lines)}"
        return whole + "".join(_gained(gain) for gain in self.gains)

    def for_reading(self, count: int = PRINTED) -> str:
        """Explanations of ours with their verdicts, for a person to read."""
        return "\n".join(
            f"{number}. {row['title']} ({row['verdict']})\n   {row[OURS]}"
            for number, row in enumerate(self.texts[:count], 1)
        )

    def with_sources(self, count: int = PRINTED) -> str:
        """The same, each with the texts that it was made of, so that it can be checked."""
        return "\n".join(
            f"## {number}. {row['title']} ({row['verdict']})\n\n"
            f"- user: {row['user_summary']}\n"
            f"- item: {row['item_summary']}\n\n"
            f"{row[OURS]}\n"
            for number, row in enumerate(self.texts[:count], 1)
        )


def reading(rows: Sequence[Row], told: Told) -> list[dict[str, Any]]:
    """Each row with what every system made of it."""
    found = []
    for at, row in enumerate(rows):
        ours = told[OURS][at]
        found.append(
            {
                "user_id": row.user_id,
                "title": row.title,
                "user_summary": row.user_summary,
                "item_summary": row.item_summary,
                "verdict": ours.verdict,
                "writer": ours.writer.kind,
                "dropped": [violation.kind for violation in ours.violations],
                **{way: texts[at].text for way, texts in told.items()},
                XREC: row.xrec_output,
                REFERENCE: row.reference,
            }
        )
    return found


def _gained(gain: Gain) -> str:
    lines = [
        [MEASURES[name], _cell(gain.figures[name]), _said(gain.figures[name])]
        for name in MEASURES
        if name in gain.figures
    ]
    return f"\n{markdown_table(('', f'{gain.way}, less {gain.than}', 'a difference?'), lines)}"


def _said(gain: Interval) -> str:
    return "yes" if gain.clear_of_zero else "nothing that is sure"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{verdict} {count}" for verdict, count in counts.items())


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    digits = 1 if abs(interval.value) > 1.5 else 3
    return f"{interval.value:.{digits}f} [{interval.low:.{digits}f}, {interval.high:.{digits}f}]"
