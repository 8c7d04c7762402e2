"""The recommenders that a suite names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from recx_agent.evals.ranking.entrants import (
    Configured,
    Ease,
    HistoryLightfm,
    IdentityLightfm,
    ImplicitAls,
    Listed,
    Popularity,
    TwoRuns,
)
from recx_agent.evals.ranking.ranker import Entrant
from recx_agent.evals.ranking.search import Wanted
from recx_agent.recommenders.saved_model import SavedModel
from recx_agent.settings.section import Section

Kind = Literal[
    "popularity",
    "implicit_als",
    "ease_flat",
    "ease_recency",
    "lightfm_identity",
    "ours_flat",
    "ours_recency",
    "ours_two_runs",
    "workspace",
    "file",
]

_ENTRANTS: Mapping[str, Callable[[], Entrant]] = {
    "popularity": Popularity,
    "implicit_als": ImplicitAls,
    "ease_flat": Ease,
    "ease_recency": Ease,
    "lightfm_identity": IdentityLightfm,
    "ours_flat": HistoryLightfm,
    "ours_recency": HistoryLightfm,
    "ours_two_runs": TwoRuns,
}

_OURS = {
    "components": 64,
    "drawn_history": 20,
    "epochs": 45,
    "half_life": 6.0,
    "item_alpha": 1e-5,
    "learning_rate": 0.03,
    "max_sampled": 30,
    "user_alpha": 1e-4,
}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "implicit_als": {"alpha": 1.0, "factors": 16, "iterations": 20, "regularization": 0.1},
    "ease_flat": {"half_life": 8.0, "regularisation": 300.0},
    "ease_recency": {"half_life": 8.0, "regularisation": 200.0},
    "lightfm_identity": {
        "components": 64,
        "epochs": 60,
        "item_alpha": 1e-5,
        "learning_rate": 0.02,
        "max_sampled": 30,
        "user_alpha": 1e-4,
    },
    "ours_flat": {**_OURS, "components": 96, "learning_rate": 0.02, "max_sampled": 60},
    "ours_recency": _OURS,
    "ours_two_runs": _OURS,
}
"""What validation chose on MovieLens 100K, last three of each user (``docs/results.md``)."""


class RecommenderSpec(Section):
    """One recommender of a suite."""

    kind: Kind
    config: dict[str, Any] = Field(
        default_factory=dict, description="values that win over the defaults of its kind"
    )
    path: Path | None = Field(None, description="of 'file': user_id, item_id, rank")

    @model_validator(mode="after")
    def _only_its_own(self) -> RecommenderSpec:
        known = DEFAULTS.get(self.kind, {})
        if alien := sorted(self.config.keys() - known.keys()):
            there = ", ".join(known) or "nothing to set"
            raise ValueError(
                f"a recommender of kind {self.kind!r} has no {alien[0]!r}; there is {there}"
            )
        if (self.kind == "file") != (self.path is not None):
            raise ValueError("'path' is for recommenders of kind 'file', and these need one")
        return self


class RankingSpec(Section):
    """How the recommenders of a suite are compared."""

    k: tuple[int, ...] = Field((10,), min_length=1, description="lengths of the lists")
    split: Literal["leave_last_3", "global_time"] = Field(
        "leave_last_3", description="what is held out: see evals/ranking/task.py"
    )
    seeds: int = Field(1, ge=1, le=50, description="trainings of each")
    trials: int = Field(
        0, ge=0, description="configurations tried on a validation split for each without 'config'"
    )

    @field_validator("k")
    @classmethod
    def _lengths(cls, k: tuple[int, ...]) -> tuple[int, ...]:
        if min(k) < 1 or len(set(k)) < len(k):
            raise ValueError("lengths of lists are 1 or more, each once")
        return k


def make_recommender(spec: RecommenderSpec, model: SavedModel) -> Wanted:
    """The entrant, its variant and its configuration.

    Parameters
    ----------
    spec : RecommenderSpec
    model : SavedModel
        The one of the workspace.

    Raises
    ------
    DataError, SettingsError
        A file of lists cannot be used; the workspace's model cannot be trained anew.
    """
    if spec.kind == "workspace":
        configured = Configured(model)
        return Wanted(configured, "workspace", configured.settings)
    if spec.path is not None:
        listed = Listed(spec.path)
        return Wanted(listed, "file", {"file": spec.path.name, "digest": listed.digest})
    config = {**DEFAULTS.get(spec.kind, {}), **spec.config}
    return Wanted(_ENTRANTS[spec.kind](), spec.kind, config)
