"""Detection of planted faults, and false alarms on true texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scipy.stats import beta

from recx_agent.evals.intervals import LEVEL
from recx_agent.evals.meta.operators import Half, Operator, dice_of, frames, operators
from recx_agent.evals.meta.place import Place
from recx_agent.evals.meta.twins import TWINS
from recx_agent.evals.meta.world import hand_written, untrue_by_hand, world
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Scorer
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.judges import grounded_scorers
from recx_agent.evals.tables import markdown_table, versions, write_whole
from recx_agent.protocols import Progress, no_progress

LANGUAGES = ("en", "zh")
TIMES = 40
ALARMS = ("untrue", "refuted", "unread")
"""Scorers that may raise an alarm: any value but the best of their range.

``unread`` says that the others have not read a text whole; nothing is promised of it.
"""
_PROMISED = ("untrue", "refuted")
_AFTERWARDS, _FAULTS = (4, 5, 6, 7, 8), (1, 2, 7, 8)
"""Batches of true texts written after the scorers took those before, and of untrue ones."""
DETECTION, FALSE_ALARMS = 0.95, 0.01
"""What is promised of ``untrue``: at least, and at most."""
_SHOWN = 3


@dataclass(frozen=True)
class Source:
    """True texts and the data they are true of."""

    name: str
    raw: Raw
    samples: Sequence[Sample]


@dataclass
class Detection:
    """One operator in one language: how many faults, and how many each scorer found."""

    operator: str
    half: Half
    language: str
    planted: int = 0
    found: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share that ``untrue`` found; 1 where none could be planted."""
        return self.found.get("untrue", 0) / self.planted if self.planted else 1.0


@dataclass
class Alarms:
    """True texts of one source and language, and the alarms that each scorer raised."""

    source: str
    language: str
    texts: int = 0
    raised: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ALARMS})

    def high(self, alarm: str) -> float:
        """Upper end of the 95 % interval of Clopper & Pearson (1934)."""
        k, n = len(self.raised[alarm]), self.texts
        return float(beta.ppf((1 + LEVEL) / 2, k + 1, n - k)) if k < n else 1.0


@dataclass(frozen=True)
class MetaReport:
    """What was found."""

    detections: Sequence[Detection]
    alarms: Sequence[Alarms]
    setup: Mapping[str, Any]

    @property
    def short(self) -> list[str]:
        """What falls short of what is promised, in words."""
        found = [
            f"{d.operator} ({d.language}, {d.half} half): {d.found['untrue']} of {d.planted}"
            for d in self.detections
            if d.planted and d.share < DETECTION
        ]
        never = [
            f"{d.operator} ({d.language}): never planted" for d in self.detections if not d.planted
        ]
        alarms = [
            f"false alarms of {name}, {a.source} ({a.language}): {len(a.raised[name])} of {a.texts}"
            for a in self.alarms
            for name in _PROMISED
            if len(a.raised[name]) > FALSE_ALARMS * a.texts
        ]
        return found + never + alarms

    def as_markdown(self) -> str:
        """Tables of both, and what falls short."""
        heads = ["true texts", "language", "texts", *(f"{name}, up to" for name in ALARMS)]
        lines = [
            [a.source, a.language, str(a.texts)]
            + [f"{len(a.raised[name])}, {a.high(name):.1%}" for name in ALARMS]
            for a in self.alarms
            if a.texts
        ]
        by_name: dict[str, dict[str, Detection]] = {}
        for d in self.detections:
            by_name.setdefault(d.operator, {})[d.language] = d
        rows = [
            [name, next(iter(own.values())).half]
            + [_share(own[code], alarm) for code in LANGUAGES for alarm in ALARMS]
            for name, own in by_name.items()
        ]
        columns = [f"{alarm}, {code}" for code in LANGUAGES for alarm in ALARMS]
        short = "\n".join(f"* {line}" for line in self.short) or "Nothing."
        return (
            f"### False alarms\n\n{markdown_table(heads, lines)}\n"
            f"### Detection\n\n{markdown_table(['operator', 'half', *columns], rows)}\n"
            f"### What falls short\n\n{short}\n"
        )


def run_meta(
    out: Path,
    sources: Iterable[Source] = (),
    *,
    times: int = TIMES,
    seed: int = 0,
    progress: Progress = no_progress,
) -> MetaReport:
    """Measure and write ``results.json`` and ``meta.md``.

    Parameters
    ----------
    out : Path
        Folder of the results.
    sources : iterable of Source
        True texts besides those written by hand, which are always there.
    times : int
        Faults of each operator in each language, where so many places are fit for it.
    seed : int
    progress : callable
    """
    every = [*_by_hand(), *sources]
    benches = {id(source.raw): _scorers(source.raw) for source in every}
    alarms, quiet = _alarms(every, benches, progress)
    found = []
    made = operators()
    for number, operator in enumerate(made):
        progress("operators", number, len(made))
        for language in LANGUAGES:
            found.append(_detect(operator, language, quiet[language], benches, times, seed))
    progress("operators", len(made), len(made))
    found += [_found_by_hand(code, batch, benches) for batch in _FAULTS for code in LANGUAGES]
    setup = {"times": times, "seed": seed, "versions": versions()}
    report = MetaReport(found, alarms, setup)
    content = {
        "setup": setup,
        "alarms": [asdict(one) for one in alarms],
        "detections": [asdict(one) for one in found],
        "short": report.short,
    }
    write_whole(out / "results.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    write_whole(out / "meta.md", report.as_markdown())
    return report


Quiet = list[tuple[Source, Sample]]
Benches = Mapping[int, Mapping[str, Scorer]]


def _by_hand() -> list[Source]:
    names: dict[str, tuple[int, ...]] = {}
    names["by hand, which the scorers were made to take"] = (1, 2, 3)
    names |= {f"by hand, batch {batch}": (batch,) for batch in _AFTERWARDS}
    return [
        Source(name, world(), [s for b in batches for c in LANGUAGES for s in hand_written(c, b)])
        for name, batches in names.items()
    ]


def _found_by_hand(language: str, batch: int, benches: Benches) -> Detection:
    """Faults that somebody wrote, in free words."""
    name = f"free words, batch {batch}"
    tally = Detection(name, "by hand", language, found=dict.fromkeys(ALARMS, 0))
    for sample in untrue_by_hand(language, batch):
        _count(tally, sample, benches[id(world())])
    return tally


def _scorers(raw: Raw) -> dict[str, Scorer]:
    return {scorer.name: scorer for scorer in grounded_scorers(raw) if scorer.name in ALARMS}


def _alarmed(scorer: Scorer, sample: Sample) -> bool:
    value = scorer.score(sample).value
    return value is not None and value != (scorer.low if scorer.better == "lower" else scorer.high)


def _alarms(
    sources: Sequence[Source], benches: Benches, progress: Progress
) -> tuple[list[Alarms], dict[str, Quiet]]:
    """False alarms, and the texts of which ``untrue`` raised none, by language."""
    found: list[Alarms] = []
    quiet: dict[str, Quiet] = {code: [] for code in LANGUAGES}
    for number, source in enumerate(sources):
        progress("true texts", number, len(sources))
        scorers = benches[id(source.raw)]
        for code in LANGUAGES:
            own = Alarms(source.name, code)
            framed = Alarms(f"{source.name}, in other words", code)
            twins = Alarms(f"{source.name}, true twins of faults", code)
            for sample in (s for s in source.samples if s.language == code):
                if _judge(scorers, sample, own):
                    quiet[code].append((source, sample))
                    for other in frames(Place(source.raw, sample, dice_of(0))):
                        _judge(scorers, other, framed)
                    for name, make in TWINS.items():
                        place = Place(source.raw, sample, dice_of(0, name, sample.key))
                        if (true := make(place)) is not None:
                            _judge(scorers, true, twins)
            found += [own, framed, twins]
    progress("true texts", len(sources), len(sources))
    return found, quiet


def _judge(scorers: Mapping[str, Scorer], sample: Sample, tally: Alarms) -> bool:
    """Enter one true text; whether ``untrue`` raised no alarm."""
    tally.texts += 1
    alarmed = {name for name, scorer in scorers.items() if _alarmed(scorer, sample)}
    for name in alarmed:
        tally.raised[name].append(f"{sample.text} — {scorers[name].score(sample).reason}")
    return "untrue" not in alarmed


def _detect(
    operator: Operator,
    language: str,
    quiet: Quiet,
    benches: Benches,
    times: int,
    seed: int,
) -> Detection:
    """Plant one operator into texts that raise no alarm, each text once."""
    tally = Detection(operator.name, operator.half, language, found=dict.fromkeys(ALARMS, 0))
    dice = dice_of(seed, operator.name, language)
    for source, sample in dice.sample(quiet, len(quiet)):
        if tally.planted == times:
            break
        untrue = operator.plant(Place(source.raw, sample, dice))
        if untrue is None or (untrue.text, untrue.sentences) == (sample.text, sample.sentences):
            continue
        _count(tally, untrue, benches[id(source.raw)])
    return tally


def _count(tally: Detection, untrue: Sample, scorers: Mapping[str, Scorer]) -> None:
    """Enter one fault, and who found it."""
    tally.planted += 1
    for name, scorer in scorers.items():
        alarmed = _alarmed(scorer, untrue)
        tally.found[name] += alarmed
        if name == "untrue" and not alarmed and len(tally.missed) < _SHOWN:
            tally.missed.append(f"{untrue.text} {[s.cites for s in untrue.sentences]}")


def _share(detection: Detection, alarm: str) -> str:
    return f"{detection.found[alarm]}/{detection.planted}" if detection.planted else "–"
