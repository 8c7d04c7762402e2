"""Texts written by hand, and the small world that they are true or untrue of.

Eight users, thirty-five films, and eight suggestions with the terms of their scores. The films
are real, the ratings and terms are made up. Every text was written by hand; each statement of a
true one can be looked up in the files beside it, and of an untrue one all but one can.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from recx_agent.evals.samples import Piece, Sample, Sentence
from recx_agent.evals.scorers.grounded.data import Raw

FOLDER = Path(str(files("recx_agent.evals.meta") / "data"))
HAND = "by hand"
"""Writer of the samples."""


@functools.cache
def world() -> Raw:
    """The interactions and items of the small world."""
    return Raw.of_csv(FOLDER / "interactions.csv", FOLDER / "items.csv")


def hand_written(language: str, batch: int | None = None) -> list[Sample]:
    """The true texts of one language.

    Parameters
    ----------
    language : str
        ``en`` or ``zh``.
    batch : int, optional
        1 to 8; all if not given. docs/meta_evaluation.md tells when each was written.
    """
    return _texts("true", language, batch)


def untrue_by_hand(language: str, batch: int | None = None) -> list[Sample]:
    """Texts in free words of which one statement is untrue, or is said by nothing.

    Parameters
    ----------
    language : str
        ``en`` or ``zh``.
    batch : int, optional
        1, 2, 7 or 8; all if not given.
    """
    return _texts("false", language, batch)


def _texts(kind: str, language: str, batch: int | None) -> list[Sample]:
    cases = _toml("cases.toml")
    prefix = language if kind == "true" else f"{kind}-{language}"
    return [
        _sample(f"{prefix}-{number}", language, text, cases[text["case"]])
        for number, text in enumerate(_toml(f"{kind}_{language}.toml")["text"], 1)
        if batch in (None, text["batch"])
    ]


@functools.cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _sample(key: str, language: str, text: Mapping[str, Any], case: Mapping[str, Any]) -> Sample:
    pieces = _evidence(case)
    id_of = {alias: piece.id for alias, piece in pieces.items()}
    sentences = tuple(
        Sentence(told, tuple(id_of[alias] for alias in cited.split()))
        for told, cited in text["sentences"]
    )
    film = world().films[case["item"]]
    record = {
        "user_id": case["user"],
        "item": {"item_id": case["item"], "title": film.title},
        "writer": {"language": language, "kind": "llm"},
        "attribution": _attribution(case),
    }
    return Sample(
        key=key,
        writer=HAND,
        user_id=case["user"],
        item_id=case["item"],
        language=language,
        text=("" if language == "zh" else " ").join(one.text for one in sentences),
        sentences=sentences,
        evidence=tuple(pieces.values()),
        extra={"title": film.title, "explanation": record, "batch": text["batch"]},
    )


def _attribution(case: Mapping[str, Any]) -> dict[str, Any]:
    def terms(kind: str, values: Mapping[str, float]) -> list[dict[str, Any]]:
        bias = {"source": {"kind": "item_bias", "id": "*"}, "value": case["everyone"]}
        own = [{"source": {"kind": kind, "id": i}, "value": v} for i, v in values.items()]
        return [*own, bias]

    views = {
        "history": terms("history", case["history"]),
        "attribute": terms("attribute", case["attributes"]),
    }
    return {"rank": 1, "views": views}


def _evidence(case: Mapping[str, Any]) -> dict[str, Piece]:
    """Pieces by what the texts cite them as: film, ``A:genre=Crime``, ``F:genre``, ``B``."""
    raw, found = world(), {}
    for number, (id, value) in enumerate(case["history"].items(), 1):
        film, rating = raw.films[id], raw.ratings[case["user"]][id]
        fields = {
            "item_id": id,
            "title": film.title,
            "rating": rating,
            "events": [{"rating": rating, "date": raw.days[case["user"], id]}],
            "contribution": value,
        }
        found[id] = Piece(f"H{number}", "cause", f"“{film.title}”: {rating} out of 5", fields)
    for number, (id, value) in enumerate(case["attributes"].items(), 1):
        name, _, told = id.partition("=")
        fields = {"name": name, "value": told, "contribution": value}
        found[f"A:{id}"] = Piece(f"A{number}", "cause", f"{name}: {told}", fields)
    item = raw.films[case["item"]]
    for number, name in enumerate(("year", "genre"), 1):
        values: Sequence[str] = item.attribute(name)
        text = f"{name}: {', '.join(values)}"
        found[f"F:{name}"] = Piece(
            f"F{number}", "fact", text, {"name": name, "values": list(values)}
        )
    liked, users = raw.liked[case["item"]], len(raw.ratings)
    fields = {"liked_by": liked, "users": users, "liked_from": raw.scale.liked}
    fields["contribution"] = case["everyone"]
    found["B"] = Piece("B1", "cause", f"{liked} of {users} users", fields)
    return found
