"""Disliked and context terms: taken up only where they find held-out positives better.

From the training data alone: the last ``HELD_OUT`` positive items of each user are held
out, and with them everything as late as the first of them or later. Models with and without
the terms are asked for each of those items, at its own moment; the difference in NDCG@10 is
taken by user. The terms are taken up if the whole 95 % interval of its mean lies above 0.
The interval is over users and over trainings: two of them differ by chance too, often more
than a term is worth.

If both are to be chosen, disliked terms come first, and those of the context are compared
with whatever was best by then. Each comparison trains ``SEEDS`` runs, the first one twice
as many: a choice costs as much as 6 runs, two choices as 9.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recx_agent.artefacts import write_atomic
from recx_agent.datasets import Dataset
from recx_agent.datasets.split import leave_last, strictly_before
from recx_agent.errors import DataError, SettingsError
from recx_agent.intervals import gain_of_runs
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.held_out import HeldOut
from recx_agent.recommenders.lightfm_trainer import fit, fit_runs
from recx_agent.recommenders.training_rows import why_no_context, why_no_disliked
from recx_agent.settings import ModelSettings

HELD_OUT = 3
SEEDS = 3
"""Runs with and without a term."""
MIN_USERS = 50
"""With fewer users to ask nothing is taken up: an interval would mean little."""
MAX_USERS = 5000
"""Asked at most, drawn at random."""

Term = Literal["disliked", "context"]
TERMS: tuple[Term, ...] = ("disliked", "context")
WHY_NOT: dict[Term, Callable[[Dataset], str | None]] = {
    "disliked": why_no_disliked,
    "context": why_no_context,
}


@dataclass(frozen=True)
class Chosen:
    """What was decided of one kind of terms.

    Attributes
    ----------
    term : str
        ``"disliked"`` or ``"context"``.
    taken : bool
    gain, low, high : float or None
        Mean difference in NDCG@10 and its 95 % interval; ``None`` if nothing was compared.
    users : int
        Users it was measured on.
    why : str
        Why nothing was compared.
    """

    term: Term
    taken: bool
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    users: int = 0
    why: str = ""

    def __str__(self) -> str:
        outcome = f"{self.term} terms: {'on' if self.taken else 'off'}, "
        if self.gain is None:
            return outcome + self.why
        return (
            f"{outcome}NDCG@10 {self.gain:+.4f} [{self.low:+.4f}, {self.high:+.4f}] on the "
            f"last {HELD_OUT} positives of {self.users:,} users"
        )


def fit_with_chosen_terms(
    dataset: Dataset,
    settings: ModelSettings,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> FactorModel:
    """Decide what is ``"auto"``, then train; see :func:`.lightfm_trainer.fit`.

    The outcome is in ``notes["terms"]`` of the model, in words in ``notes["remarks"]``;
    ``notes["settings"]`` has the settings as decided. An interrupted training that is
    started again with the same data and settings does not decide anew.

    Raises
    ------
    SettingsError
        A term is ``"on"`` that the data have nothing for.
    """
    check_terms(dataset, settings)
    keeper = _Choices(checkpoints, dataset, settings)
    chosen = keeper.load()
    if chosen is None:
        chosen = choose_terms(dataset, settings, progress)
        keeper.save(chosen)
    decided = settings.model_copy(update={one.term: "on" if one.taken else "off" for one in chosen})
    model = fit(dataset, decided, checkpoints=checkpoints, progress=progress)
    more = {"terms": [asdict(one) for one in chosen], "remarks": [str(one) for one in chosen]}
    return replace(model, notes={**model.notes, **more}) if chosen else model


def check_terms(dataset: Dataset, settings: ModelSettings) -> None:
    """See that the data have something for every term that is ``"on"``.

    Raises
    ------
    SettingsError
    """
    for term in TERMS:
        reason = WHY_NOT[term](dataset) if getattr(settings, term) == "on" else None
        if reason:
            raise SettingsError(f"model.{term}: {reason}")


def choose_terms(
    dataset: Dataset, settings: ModelSettings, progress: Progress = no_progress
) -> list[Chosen]:
    """Decide for each term whose setting is ``"auto"`` whether it is taken up."""
    asked = [term for term in TERMS if getattr(settings, term) == "auto"]
    trial = settings.model_copy(update={**dict.fromkeys(asked, "off"), "runs": SEEDS})
    comparison: _Comparison | None = None
    chosen = []
    for term in asked:
        why = WHY_NOT[term](dataset)
        try:
            if why is None and comparison is None:
                comparison = _Comparison.of(dataset, trial, progress)
        except DataError as error:
            why = error.problem
        if why is not None or comparison is None:
            chosen.append(Chosen(term, taken=False, why=why or ""))
            continue
        outcome, comparison = comparison.with_term(term)
        chosen.append(outcome)
    return chosen


@dataclass(frozen=True)
class _Comparison:
    """The best terms so far and how well they do, by run and user."""

    held_out: HeldOut
    settings: ModelSettings
    values: NDArray[np.float64]
    progress: Progress

    @classmethod
    def of(cls, whole: Dataset, settings: ModelSettings, progress: Progress) -> _Comparison:
        held_out = HeldOut.of(strictly_before(partial(leave_last, n=HELD_OUT), whole), whole)
        users = held_out.users
        if len(users) < MIN_USERS:
            raise DataError(
                f"only {len(users)} users have enough positives for a comparison, and "
                f"{MIN_USERS} are needed",
                source="data set",
            )
        if len(users) > MAX_USERS:
            users = np.sort(np.random.default_rng(0).choice(users, MAX_USERS, replace=False))
        first = cls(replace(held_out, users=users), settings, np.empty((0, 0)), progress)
        return replace(first, values=first._measured(settings, "without more terms"))

    def with_term(self, term: Term) -> tuple[Chosen, _Comparison]:
        """Compare with what is there by now, and go on with the better one."""
        settings = self.settings.model_copy(update={term: "on"})
        # Once the last events are held out there may be nothing left for the term.
        why = WHY_NOT[term](self.held_out.split.train)
        if why is not None:
            return Chosen(term, taken=False, why=why), self
        values = self._measured(settings, f"with {term} terms")
        gain = gain_of_runs(values, self.values)
        taken = gain.low > 0.0
        outcome = Chosen(term, taken, gain.value, gain.low, gain.high, gain.n)
        return outcome, replace(self, settings=settings, values=values) if taken else self

    def _measured(self, settings: ModelSettings, stage: str) -> NDArray[np.float64]:
        models = fit_runs(
            self.held_out.split.train,
            settings,
            progress=lambda _, done, total: self.progress(f"trial {stage}", done, total),
        )
        return np.array([self.held_out.by_moment(model) for model in models])


class _Choices:
    """A choice kept beside the states of the training that it is made for."""

    def __init__(self, folder: Path | None, dataset: Dataset, settings: ModelSettings) -> None:
        self._path = None if folder is None else folder / "choice.json"
        text = f"{dataset.fingerprint}\x1f{settings.model_dump_json()}"
        self._key = hashlib.sha256(text.encode()).hexdigest()

    def load(self) -> list[Chosen] | None:
        if self._path is None:
            return None
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            if content["key"] == self._key:
                return [Chosen(**one) for one in content["chosen"]]
        except (OSError, ValueError, KeyError, TypeError):
            pass  # none, or not whole: it is made anew
        return None

    def save(self, chosen: Sequence[Chosen]) -> None:
        if self._path is not None and chosen:
            content: dict[str, Any] = {"key": self._key, "chosen": [asdict(c) for c in chosen]}
            write_atomic(self._path, json.dumps(content))
