"""True texts of the templates, about films that a workspace suggests."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recx_agent.evals.meta.measure import LANGUAGES, Source
from recx_agent.evals.samples import Piece, Sample, Sentence
from recx_agent.evals.scorers.grounded.source import raw_of
from recx_agent.evals.scorers.sources import Sources
from recx_agent.protocols import Progress, no_progress
from recx_agent.recx import Recx

WORDS: Mapping[str, Any] = {
    "en": {"item": "film", "attribute_names": {"year": "release year", "genre": "genre"}},
    "zh": {"item": "电影", "attribute_names": {"year": "年份", "genre": "类型"}},
}
"""What the checker's readers call things."""
_PLACES = (0, 4)


def template_texts(
    workspace: Path | None,
    interactions: Path,
    items: Path,
    *,
    users: int = 60,
    seed: int = 0,
    progress: Progress = no_progress,
) -> Source:
    """The first and the fifth suggestion of some users, explained by the templates.

    Parameters
    ----------
    workspace : Path or None
        A fitted workspace; that of the settings if not given.
    interactions, items : Path
        The CSV files that it was fitted on.
    users : int
        Drawn at random among those with a liking.
    seed : int
    progress : callable

    Raises
    ------
    DataError
        The files cannot be read.
    """
    raw = raw_of(Sources(interactions, items))
    assert raw is not None
    liking = sorted(user for user in raw.ratings if raw.liked_by(user))
    drawn = random.Random(seed).sample(liking, min(users, len(liking)))
    found = []
    settings: dict[str, Any] = {"wording": {"by_language": WORDS}, "llm": {"base_url": None}}
    with Recx.open(workspace, **settings) as recx:
        for number, user in enumerate(drawn):
            progress("explanations", number, len(drawn))
            suggested = recx.recommend(user, max(_PLACES) + 1).items
            for at in _PLACES:
                for language in LANGUAGES:
                    told = recx.explain(user, suggested[at].item_id, language=language)
                    found.append(sample_of(told, f"{user}/{suggested[at].item_id}/{language}"))
    progress("explanations", len(drawn), len(drawn))
    return Source("templates", raw, found)


def sample_of(explanation: Any, key: str) -> Sample:
    """An explanation as a sample, with its public record."""
    left_out: Any = {"attribution": {"contributions": True, "views": {"pair": True}}}
    record = explanation.model_dump(mode="json", exclude=left_out)
    pieces = tuple(
        Piece(
            piece["id"],
            piece["kind"],
            piece["text"],
            {
                **piece["fields"],
                "contribution": piece["contribution"],
                "rank_without": piece["rank_without"],
            },
        )
        for piece in record["evidence"]
    )
    return Sample(
        key=key,
        writer="template",
        user_id=record["user_id"],
        item_id=record["item"]["item_id"],
        language=record["writer"]["language"],
        text=record["text"],
        sentences=tuple(Sentence(s["text"], tuple(s["evidence"])) for s in record["sentences"]),
        evidence=pieces,
        verdict=record["verdict"],
        extra={"title": record["item"]["title"], "explanation": record},
    )
