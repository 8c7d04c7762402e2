"""What a run leaves behind, written and read.

::

    run.json        what it rested on: see recx_agent.evals.run.log
    results.json    rows, verdicts, what is missing, what failed
    cases.jsonl     what was explained, with the records that evidence is part of
    samples.jsonl   every text with its evidence
    scores.jsonl    every score with its reason
    rankings.jsonl  every list of every recommender with its values
    journal.jsonl   finished work, for the same command once more
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from recx_agent.datasets.jsonl import read_rows
from recx_agent.errors import DataError
from recx_agent.evals.cases import Case
from recx_agent.evals.run.figures import Row
from recx_agent.evals.run.ranked import Rankings, recommender_rows
from recx_agent.evals.run.scoring import Judged, Scores
from recx_agent.evals.samples import Sample, read_samples, with_bases, write_samples
from recx_agent.evals.scorers import Score
from recx_agent.evals.tables import write_whole

LOG, RESULTS, JOURNAL = "run.json", "results.json", "journal.jsonl"
CASES, SAMPLES, SCORES = "cases.jsonl", "samples.jsonl", "scores.jsonl"
RANKINGS = "rankings.jsonl"
_KEPT_WITH_CASE = "explanation"
_REMEDY = "give the folder that 'recx eval run SUITE --out' wrote"


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    folder : Path
    log : mapping
        What it rested on.
    results : mapping
        ``verdicts``, ``missing``, ``faults`` and the rows.
    """

    folder: Path
    log: Mapping[str, Any]
    results: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Of the suite."""
        return str(self.log["suite"]["name"])

    @property
    def writers(self) -> list[str]:
        """In the suite's order."""
        return list(self.log["writers"])

    @property
    def recommenders(self) -> list[str]:
        """In the suite's order."""
        return list(self.log.get("recommenders", ()))

    @property
    def names(self) -> list[str]:
        """Everybody whose figures there are: writers, then recommenders."""
        return [*self.writers, *self.recommenders]

    @cached_property
    def rows(self) -> list[Row]:
        """In the order of writers and scorers."""
        return [Row(**row) for row in self.results["rows"]]

    @cached_property
    def samples(self) -> list[Sample]:
        """Every text, with the record that its evidence is part of."""
        records = {row["key"]: row.get(_KEPT_WITH_CASE) for _, row in read_rows(self._at(CASES))}

        def whole(sample: Sample) -> Sample:
            record = records.get(sample.key)
            if record is None:
                return sample
            return replace(sample, extra={**sample.extra, _KEPT_WITH_CASE: record})

        return with_bases([whole(sample) for sample in read_samples(self._at(SAMPLES))])

    @cached_property
    def scores(self) -> Scores:
        """By writer and scorer, then by case."""
        found: Scores = {}
        for number, row in read_rows(self._at(SCORES)):
            try:
                score = Score.of_list(
                    [row["value"], row["answer"], row["reason"], row.get("curves", {})]
                )
                found.setdefault((row["writer"], row["scorer"]), {})[row["key"]] = score
            except KeyError as error:
                raise DataError(
                    f"no {error.args[0]}", source=self._at(SCORES), row=number, remedy=_REMEDY
                ) from error
        return found

    @cached_property
    def ranked(self) -> dict[tuple[str, str], dict[str, float]]:
        """Values of recommenders' lists by recommender and metric, then by user."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        if not self.recommenders:
            return found
        for number, row in read_rows(self._at(RANKINGS)):
            try:
                for metric, value in row["values"].items():
                    own = found.setdefault((row["recommender"], metric), {})
                    if value is not None:
                        own[row["user_id"]] = float(value)
            except (KeyError, AttributeError) as error:
                raise DataError(
                    f"no lists ({error!r})",
                    source=self._at(RANKINGS),
                    row=number,
                    remedy=_REMEDY,
                ) from error
        return found

    @cached_property
    def lists(self) -> dict[str, dict[str, list[list[str]]]]:
        """By recommender and user, the items of each training's list, best first."""
        found: dict[str, dict[str, list[list[str]]]] = {}
        if self.recommenders:
            for _, row in read_rows(self._at(RANKINGS)):
                found.setdefault(row["recommender"], {})[row["user_id"]] = row["items"]
        return found

    def _at(self, name: str) -> Path:
        return self.folder / name


def read_run(folder: str | Path) -> Run:
    """Read a finished run.

    Raises
    ------
    DataError
        There is none, or it is damaged.
    """
    folder = Path(folder)
    log, results = _read(folder / LOG), _read(folder / RESULTS)
    for content, needed, name in (
        (log, ("suite", "writers", "scorers", "data"), LOG),
        (results, ("rows", "verdicts", "missing", "faults"), RESULTS),
    ):
        if missing := [field for field in needed if field not in content]:
            raise DataError(f"no {missing[0]!r}", source=folder / name, remedy=_REMEDY)
    return Run(folder, log, results)


def write_run(
    folder: Path,
    log: Mapping[str, Any],
    results: Mapping[str, Any],
    cases: Iterable[Case],
    samples: Sequence[Sample],
    judged: Judged,
    rankings: Rankings,
) -> Run:
    """Write everything; ``results.json`` comes last and says that the rest is there."""
    write_whole(folder / CASES, _lines(_case(case) for case in cases))
    write_samples(folder / SAMPLES, (_without_record(sample) for sample in samples))
    write_whole(folder / SCORES, _lines(_scores(judged.scores)))
    write_whole(folder / RANKINGS, _lines(recommender_rows(rankings)))
    write_whole(folder / LOG, _json(log))
    write_whole(folder / RESULTS, _json(results))
    return Run(folder, log, results)


def _without_record(sample: Sample) -> Sample:
    extra = {name: value for name, value in sample.extra.items() if name != _KEPT_WITH_CASE}
    return replace(sample, extra=extra)


def _case(case: Case) -> dict[str, Any]:
    return {
        "key": case.key,
        "user_id": case.user_id,
        "item_id": case.item_id,
        "title": case.title,
        "language": case.language,
        "evidence": [asdict(piece) for piece in case.evidence],
        "reference": case.reference,
        "variant": case.variant,
        "base_key": case.base_key,
        _KEPT_WITH_CASE: case.extra.get(_KEPT_WITH_CASE),
    }


def _scores(scores: Scores) -> Iterable[dict[str, Any]]:
    for (writer, scorer), by_case in scores.items():
        for key, score in by_case.items():
            row = {"writer": writer, "scorer": scorer, "key": key, **asdict(score)}
            if not score.curves:
                del row["curves"]
            yield row


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("there is no finished run here", source=path, remedy=_REMEDY) from error
    except (OSError, ValueError) as error:
        raise DataError(f"not readable as JSON ({error})", source=path, remedy=_REMEDY) from error
    if not isinstance(content, dict):
        raise DataError("no JSON object", source=path, remedy=_REMEDY)
    return content
