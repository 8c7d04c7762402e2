"""A writer, and evidence of films to write about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence

WORDING = {"item": "film", "scale_unit": "", "attribute_names": {"year": "release year"}}


def rated(title: str, rating: float) -> dict[str, Any]:
    return {
        "title": title,
        "event_type": "rating",
        "rating": rating,
        "rating_max": 5,
        "date": "1997-11-03",
    }


def did(title: str, *kinds: str) -> dict[str, Any]:
    return {"title": title, "events": [{"event_type": kind} for kind in kinds]}


FIELDS: dict[str, dict[str, Any]] = {
    "H1": rated("Fargo", 5.0),
    "H2": rated("Heat", 5.0),
    "H3": rated("Kolya", 4.0),
    "H4": rated("Cats", 1.0),
    "H5": did("Alien", "view"),
    "H6": rated("Bound", 4.5),
    "A1": {"name": "genre", "value": "Drama"},
    "A2": {"name": "genre", "value": "Crime"},
    "A3": {"name": "year", "value": 1997.0},
    "B1": {
        "liked_by": 298,
        "users": 943,
        "share": 0.62,
        "liked_by_text": "rated it 4 or higher",
    },
    "T1": {"count": 45, "share": 0.83, "rank": 503, "candidates": 1520},
    "T2": {"count": 1, "share": 0.31},
    "F1": {"name": "genre", "values": ["Action", "Crime", "Thriller"]},
    "F2": {"name": "year", "values": ["1995"]},
}

Written = Callable[..., list[str]]


@pytest.fixture(scope="session")
def writer() -> TemplateWriter:
    return TemplateWriter()


@pytest.fixture
def written(writer: TemplateWriter) -> Written:
    """Write claims in a style; returns the text of each sentence."""

    def write(
        style: str,
        *claims: Claim,
        title: str = "Jackie Brown",
        fields: dict[str, dict[str, Any]] | None = None,
        wording: dict[str, Any] | None = None,
    ) -> list[str]:
        evidence = {
            id: Evidence(id=id, kind="cause", text="-", fields=given)
            for id, given in {**FIELDS, **(fields or {})}.items()
        }
        variant = writer.styles.index(style)
        plan = Plan(title, claims, evidence, WORDING if wording is None else wording, variant)
        return [sentence.text for sentence in writer.write(plan).sentences]

    return write
