"""Every scorer on every text; a failing one is a record and not the end."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recx_agent.evals.journal import Journal, Pulse, Stopped, key_of, side_by_side
from recx_agent.evals.reduce import Figure, jackknife_over
from recx_agent.evals.run.code import code_of_type
from recx_agent.evals.run.faults import Fault, told
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import (
    AnyScorer,
    GroupScorer,
    Score,
    Scorer,
    Sources,
    is_group,
    judges,
    variants_of,
)
from recx_agent.protocols import Progress

STAGE = "scoring"
BLOCK = 10
"""Samples of which the scores of a family are kept as one record."""

Scores = dict[tuple[str, str], dict[str, Score]]
"""By writer and scorer, then by case."""


@dataclass
class Judged:
    """What the scorers found.

    Attributes
    ----------
    scores : dict
        By writer and scorer, then by case; a sample that a scorer failed on is not there.
    groups : dict
        Figures of group scorers, by writer and scorer; ``None`` where there is none.
    faults : list of Fault
        Nothing of them is kept: the next run tries again.
    """

    scores: Scores = field(default_factory=dict)
    groups: dict[tuple[str, str], Figure | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def judge_samples(
    samples: Sequence[Sample],
    scorers: Sequence[AnyScorer],
    sources: Sources,
    journal: Journal,
    *,
    threads: int,
    progress: Progress,
) -> Judged:
    """Score what the journal does not hold, several blocks of samples side by side.

    What is kept is kept under the scorer's code, the sample, and the sources: when one of them
    changes, it is scored anew.
    """
    found = Judged()
    run = _Scoring(found, journal, digest_of(sources), threading.Lock())
    by_writer: dict[str, list[Sample]] = {}
    for sample in samples:
        by_writer.setdefault(sample.writer, []).append(sample)
    jobs: list[Callable[[Pulse], None]] = []
    for writer, own in by_writer.items():
        for scorer in scorers:
            if not is_group(scorer):
                found.scores[writer, scorer.name] = {}
        for single in _judging_alike([s for s in scorers if not is_group(s)]):
            asked = [sample for sample in own if judges(single[0], sample)]
            blocks = range(0, len(asked), BLOCK)
            jobs += [run.block(asked[at : at + BLOCK], single) for at in blocks]
        for scorer in scorers:
            asked = [sample for sample in own if judges(scorer, sample)]
            if is_group(scorer) and asked:
                jobs.append(run.group(asked, scorer))
    side_by_side(jobs, threads=threads, stage=STAGE, progress=progress)
    for (writer, _), scores in found.scores.items():
        order = {sample.key: at for at, sample in enumerate(by_writer[writer])}
        for key in sorted(scores, key=order.__getitem__):
            scores[key] = scores.pop(key)
    found.faults.sort()
    return found


def checked(scorer: Scorer, sample: Sample) -> Score:
    """The score of one sample, if it is one.

    Raises
    ------
    ValueError
        It is not finite, or outside the range that the scorer declares.
    """
    score = scorer.score(sample)
    _in_range(scorer, score.value)
    return score


def code_of(scorer: AnyScorer) -> str:
    """Digest of the code of a scorer's package, of its class and of its settings."""
    content = (code_of_type(type(scorer)), type(scorer).__qualname__, settings_of(scorer))
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def settings_of(scorer: AnyScorer) -> Mapping[str, Any]:
    """What a scorer says it was set to, such as the model of BERTScore; empty for most."""
    return dict(getattr(scorer, "settings", {}))


def digest_of(sources: Sources) -> str:
    """Of the files that scorers may look into, and of what things are called in them."""
    digest = hashlib.sha256(sources.data.model_dump_json().encode())
    for path in (sources.interactions, sources.items):
        if path is not None:
            digest.update(Path(path).read_bytes())
    if sources.served is not None:
        digest.update(sources.served.digest.encode())
    for variant, own in sorted(sources.variants.items()):
        digest.update(f"{variant} {digest_of(own)}".encode())
    known = (sources.outcomes, sources.prices, dict(sources.houses), sources.hides)
    digest.update(repr(known).encode())
    return digest.hexdigest()[:16]


@dataclass
class _Scoring:
    """Jobs that put what they find where it belongs."""

    found: Judged
    journal: Journal
    sources: str
    lock: threading.Lock
    codes: dict[str, str] = field(default_factory=dict)

    def block(
        self, samples: Sequence[Sample], scorers: Sequence[Scorer]
    ) -> Callable[[Pulse], None]:
        """Some samples by one family's scorers."""

        def job(pulse: Pulse) -> None:
            key = self._key("score", scorers, samples)
            record = self.journal.get(key)
            if record is None:
                rows, faults = _scored(samples, scorers, pulse)
                if faults:
                    self._put(samples, rows, faults)
                    return
                self.journal.add(key, {"scores": rows})
                record = self.journal.get(key)
                assert record is not None
            self._put(samples, record["scores"], [])

        return job

    def group(self, samples: Sequence[Sample], scorer: GroupScorer) -> Callable[[Pulse], None]:
        """All samples of a writer by one group scorer."""

        def job(pulse: Pulse) -> None:
            key = self._key("group", [scorer], samples)
            record = self.journal.get(key)
            if record is None:
                try:
                    figure = group_figure(scorer, samples, pulse)
                except Stopped:
                    raise
                except Exception as error:  # noqa: BLE001 - a record, whatever a scorer does
                    self._fault(samples, scorer, told(error))
                    return
                self.journal.add(key, {"figure": None if figure is None else list(figure)})
                record = self.journal.get(key)
                assert record is not None
            kept = record["figure"]
            with self.lock:
                place = (samples[0].writer, scorer.name)
                self.found.groups[place] = None if kept is None else Figure(*kept)

        return job

    def _fault(self, samples: Sequence[Sample], scorer: GroupScorer, error: str) -> None:
        with self.lock:
            self.found.faults.append(Fault("group", samples[0].writer, scorer.name, "", error))

    def _put(
        self, samples: Sequence[Sample], rows: Sequence[Mapping[str, Any]], faults: list[Fault]
    ) -> None:
        with self.lock:
            self.found.faults += faults
            for sample, row in zip(samples, rows, strict=True):
                for name, kept in row.items():
                    self.found.scores[sample.writer, name][sample.key] = Score.of_list(kept)

    def _key(self, stage: str, scorers: Sequence[AnyScorer], samples: Sequence[Sample]) -> str:
        seen = [one.digest for one in samples]
        if any(getattr(one, "reads_costs", False) for one in scorers):
            seen += [repr(sorted(one.took.items())) for one in samples]
        digests = hashlib.sha256("".join(seen).encode()).hexdigest()
        return key_of(
            stage=stage,
            scorers=[one.name for one in scorers],
            code=self._code(scorers),
            sources=self.sources,
            samples=digests[:24],
        )

    def _code(self, scorers: Sequence[AnyScorer]) -> str:
        with self.lock:
            for one in scorers:
                if one.name not in self.codes:
                    self.codes[one.name] = code_of(one)
            return " ".join(dict.fromkeys(self.codes[one.name] for one in scorers))


def group_figure(
    scorer: GroupScorer, samples: Sequence[Sample], pulse: Pulse = lambda: None
) -> Figure | None:
    """The figure of all samples with its jackknife over users, inside the scorer's range.

    Raises
    ------
    ValueError
        It is not finite, or outside the range that the scorer declares.
    """

    def value(own: Sequence[Sample]) -> float | None:
        pulse()
        found = scorer.value(own)
        _in_range(scorer, found)
        return found

    figure = jackknife_over(samples, [sample.user_id for sample in samples], value)
    if figure is None or figure.low is None or figure.high is None:
        return figure
    low = figure.low if scorer.low is None else max(figure.low, scorer.low)
    high = figure.high if scorer.high is None else min(figure.high, scorer.high)
    return figure._replace(low=low, high=high)


def _judging_alike(scorers: Sequence[AnyScorer]) -> list[list[Scorer]]:
    """Those of one family that are asked about the same samples: their scores are one record."""
    alike: dict[tuple[str, tuple[str, ...]], list[Scorer]] = {}
    for scorer in scorers:
        if not is_group(scorer):
            place = (scorer.family, variants_of(scorer))
            alike.setdefault(place, []).append(scorer)  # type: ignore[arg-type]
    return list(alike.values())


def _scored(
    samples: Sequence[Sample], scorers: Sequence[Scorer], pulse: Pulse
) -> tuple[list[dict[str, Any]], list[Fault]]:
    rows: list[dict[str, Any]] = []
    faults = []
    for sample in samples:
        pulse()
        row: dict[str, Any] = {}
        for scorer in scorers:
            try:
                score = checked(scorer, sample)
            except Exception as error:  # noqa: BLE001 - a record, whatever a scorer does
                faults.append(Fault("score", sample.writer, scorer.name, sample.key, told(error)))
            else:
                row[scorer.name] = score.as_list()
        rows.append(row)
    return rows, faults


def _in_range(scorer: AnyScorer, value: float | None) -> None:
    if value is None:
        return
    if not math.isfinite(value):
        raise ValueError(f"{scorer.name} gave {value}, which is no figure")
    below = scorer.low is not None and value < scorer.low - 1e-9
    above = scorer.high is not None and value > scorer.high + 1e-9
    if below or above:
        raise ValueError(
            f"{scorer.name} gave {value}, outside its range {scorer.low} to {scorer.high}"
        )
