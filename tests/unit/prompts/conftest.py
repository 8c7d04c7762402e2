"""A writer, and evidence of films to write about, in every language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence

WORDINGS: dict[str, dict[str, Any]] = {
    "en": {
        "language": "en",
        "item": "film",
        "scale_unit": "",
        "attribute_names": {"year": "release year"},
    },
    "zh": {
        "language": "zh",
        "item": "电影",
        "scale_unit": "",
        "attribute_names": {
            "year": "年份",
            "genre": "类型",
            "price": "价格",
            "stock": "库存",
            "device": "设备",
        },
    },
}
LANGUAGES = list(WORDINGS)


def rated(title: str, rating: float, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "event_type": "rating",
        "rating": rating,
        "rating_min": 1,
        "rating_max": 5,
        "date": "1997-11-03",
        **more,
    }


def did(title: str, *kinds: str) -> dict[str, Any]:
    return {"title": title, "events": [{"event_type": kind} for kind in kinds]}


FIELDS: dict[str, dict[str, Any]] = {
    "H1": rated("Fargo", 5.0),
    "H2": rated("Heat", 5.0),
    "H3": rated("Kolya", 4.0),
    "H4": rated("Cats", 1.0, disliked=True),
    "H5": did("Alien", "view"),
    "H6": rated("Bound", 4.5),
    "A1": {"name": "genre", "value": "Drama"},
    "A2": {"name": "genre", "value": "Crime"},
    "A3": {"name": "year", "value": 1997.0},
    "B1": {"liked_by": 298, "users": 943, "share": 0.62, "liked_from": 4.0},
    "T1": {"count": 45, "share": 0.83, "rank": 503, "candidates": 1520},
    "T2": {"count": 1, "share": 0.31},
    "T3": {"count": 2, "share": 0.31},
    "F1": {"name": "genre", "values": ["Action", "Crime", "Thriller"]},
    "F2": {"name": "year", "values": ["1995"]},
    "F3": {"name": "price", "values": ["12.99"], "as_of": "2026-11-22T10:00:00+00:00"},
    "F4": {"name": "stock", "values": ["3"], "as_of": "2026-11-22T10:30:00+00:00"},
    "C1": {"name": "time_of_day", "value": "evening"},
    "C2": {"name": "weekday", "value": "monday"},
    "C3": {"name": "device", "value": "mobile"},
    "O1": {"share": 0.3},
    "R1": {"name": "Acme", "rank": 37, "candidates": 1520},
    "R2": {"name": "Acme", "rank": None, "candidates": 1520},
    "S1": {
        "text": "Cold and funny; more of it!",
        "event_type": "review",
        "title": "Fargo",
        "date": "1997-11-03",
        "similarity": 0.6,
    },
    "S2": {"text": "snow noir.", "event_type": "search", "title": "", "similarity": 0.5},
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
        language: str = "en",
        wording: dict[str, Any] | None = None,
    ) -> list[str]:
        evidence = {
            id: Evidence(id=id, kind="cause", text="-", fields=given)
            for id, given in {**FIELDS, **(fields or {})}.items()
        }
        called = WORDINGS[language] if wording is None else {"language": language, **wording}
        plan = Plan(title, claims, evidence, called, writer.styles.index(style))
        return [sentence.text for sentence in writer.write(plan).sentences]

    return write
