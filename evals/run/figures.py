"""Rows: one figure of one writer, with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from recx_agent.evals.reduce import Figure, mean
from recx_agent.evals.run.scoring import Judged
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import AnyScorer, Better, Score, is_group, judges, variants_of


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes
    ----------
    writer, family, metric : str
        Whose figure it is: a writer, or a recommender.
    value, low, high, error : float or None
        ``None`` where nothing was scored; the interval and the standard error also where
        there are fewer than two users.
    n, users : int
        Samples scored, and of how many users.
    unscored : int
        Samples that the scorer looked at and could not judge.
    failed : int
        Samples that the scorer failed on, or all of them where it judges all at once.
    better : str
        Which direction is good.
    note : str
        What else is to be known, such as which group is the worst.
    """

    writer: str
    family: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    error: float | None
    users: int
    unscored: int
    failed: int
    better: Better
    note: str = ""

    @classmethod
    def of(
        cls,
        figure: Figure | None,
        *,
        writer: str,
        family: str,
        metric: str,
        better: Better,
        unscored: int = 0,
        failed: int = 0,
        note: str = "",
    ) -> Row:
        """A figure's row; without a figure nothing was scored."""
        found = figure or Figure(0.0, None, None, None, 0, 0)
        return cls(
            writer=writer,
            family=family,
            metric=metric,
            value=None if figure is None else found.value,
            low=found.low,
            high=found.high,
            n=found.n,
            error=found.error,
            users=found.users,
            unscored=unscored,
            failed=failed,
            better=better,
            note=note,
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def rows_of(
    samples: Sequence[Sample], scorers: Sequence[AnyScorer], judged: Judged, writers: Sequence[str]
) -> list[Row]:
    """Every scorer's figure of every writer, one with nothing to judge included.

    Parameters
    ----------
    samples : sequence of Sample
    scorers : sequence of AnyScorer
    judged : Judged
    writers : sequence of str
        In the order of the rows.
    """
    users = {(one.writer, one.key): one.user_id for one in samples}
    rows = []
    for scorer in scorers:
        texts = Counter(one.writer for one in samples if judges(scorer, one))
        for writer in writers:
            if is_group(scorer):
                place = (writer, scorer.name)
                failed = 0 if place in judged.groups or not texts[writer] else texts[writer]
                figure, unscored = judged.groups.get(place), 0
                if place in judged.groups and figure is None:
                    unscored = texts[writer]
            else:
                scores = judged.scores.get((writer, scorer.name), {})
                figure = mean_of(scorer, scores, {key: users[writer, key] for key in scores})
                unscored = sum(score.value is None for score in scores.values())
                failed = texts[writer] - len(scores)
            rows.append(
                Row.of(
                    figure,
                    writer=writer,
                    family=scorer.family,
                    metric=scorer.name,
                    better=scorer.better,
                    unscored=unscored,
                    failed=failed,
                    note=_why_none(scorer) if not texts[writer] else "",
                )
            )
    order = {writer: place for place, writer in enumerate(writers)}
    return sorted(rows, key=lambda row: order[row.writer])


def mean_of(
    scorer: AnyScorer, scores: Mapping[str, Score], user_of: Mapping[str, str]
) -> Figure | None:
    """The mean of what was scored; ``None`` if nothing was."""
    known = {key: score.value for key, score in scores.items() if score.value is not None}
    if not known:
        return None
    users = [user_of[key] for key in known]
    return mean(list(known.values()), users, bounds=(scorer.low, scorer.high))


def _why_none(scorer: AnyScorer) -> str:
    """Why there was no text to judge: the suite has no such case, or the data give none."""
    asked = [variant for variant in variants_of(scorer) if variant]
    return f"no case: {', '.join(asked)}" if asked else "no text"
