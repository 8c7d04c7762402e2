"""Whatever a user did, however it is told: the reader finds the very events of the evidence.

Every type of event that the templates have words for, every scale, every style, both languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from recx_agent.evals.cases.houses import houses_of
from recx_agent.evals.scorers.grounded.data import Event, Scale
from recx_agent.evals.scorers.grounded.known.chinese import chinese
from recx_agent.evals.scorers.grounded.known.deeds import key_of, wrong_deed
from recx_agent.evals.scorers.grounded.known.english import english
from recx_agent.evals.scorers.grounded.known.reading import Told, Tongue
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.template_set import load_templates
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence
from recx_agent.settings import LanguageWording, WordingSettings

WRITER = TemplateWriter()
TYPES = sorted({*load_templates("en").events.types, "teleport"} - {"search", "searched", "query"})
SCALES: dict[str, tuple[float, ...]] = {
    "": (1, 5, 4, 2),
    "stars": (0.5, 5, 4.5, 1.5),
    "%": (0, 100, 90, 75),
    "thumbs": (0, 1, 1, 0),
    "grades": (-10, 10, 7.25, -3),
}
"""Unit to lowest, highest, and two ratings."""
KINDS = ("because_history", "against", "own_item")


def wording(unit: str) -> WordingSettings:
    zh = LanguageWording(item="课程", scale_unit=unit)
    return WordingSettings(item="course", scale_unit=unit, by_language={"zh": zh})


def tongue(language: str, unit: str) -> Tongue:
    house = houses_of(wording(unit))[language]
    return (chinese if language == "zh" else english)(house, ("level",), {})


TONGUES = {(code, unit): tongue(code, unit) for code in ("en", "zh") for unit in SCALES}


def history(title: str, events: list[Event], scale: Scale) -> dict[str, Any]:
    told = [
        {"event_type": e.kind, "rating": e.rating, "date": e.day or None,
         "rating_min": scale.low, "rating_max": scale.high} for e in events
    ]  # fmt: skip
    return {"title": title, "rating_min": scale.low, "rating_max": scale.high, "events": told}


def written(kind: str, own: dict[str, list[Event]], scale: Scale, **asked: Any) -> str:
    fields = {f"H{n}": history(title, own[title], scale) for n, title in enumerate(own, 1)}
    evidence = {
        id: Evidence(id=id, kind="cause", text="-", fields=given) for id, given in fields.items()
    }
    language, unit = asked["language"], asked["unit"]
    called = {**wording(unit).model_dump(), "language": language, "scale_unit": unit}
    called["item"] = "课程" if language == "zh" else "course"
    cited = ("H1",) if kind != "because_history" else tuple(evidence)
    item = "A" if kind == "own_item" else "X"
    plan = Plan(item, (Claim(kind, cited),), evidence, called, asked["style"])
    return WRITER.write(plan).sentences[0].text


def problems(told: Told, own: dict[str, list[Event]], scale: Scale) -> list[str]:
    found = [
        problem
        for group in told.deeds
        for title in group.titles
        for deed in group.deeds
        for problem in wrong_deed(own[title], deed, scale, title)
    ]
    return found + [p for deed in told.own for p in wrong_deed(own["A"], deed, scale, "A")]


def cases() -> Iterator[tuple[dict[str, list[Event]], str]]:
    for unit, (_, _, high, low) in SCALES.items():
        rated = {
            "A": [Event("u", "a", high, "2024-03-01"), Event("u", "a", None, "", "", "view")],
            "B": [Event("u", "b", high)],
            "C": [Event("u", "c", low, "2024-05-01", "", "review")],
        }
        yield rated, unit
        twice = [Event("u", "a", high), Event("u", "a", low)]
        yield {"A": twice, "B": [Event("u", "b", None, kind="interaction")]}, unit
    for kind in TYPES:
        one = Event("u", "a", None, "2024-01-02", kind=kind)
        several = [Event("u", "b", None, f"2024-0{n}-05", kind=kind) for n in range(1, 5)]
        yield {"A": [one], "B": several}, ""
        yield {"A": [one, Event("u", "a", None, kind="purchase")], "C": [one]}, ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_done_is_read_back_and_nothing_else(language: str) -> None:
    read = {title: 0 for title in "ABC"}
    for at, (own, unit) in enumerate(cases()):
        low, high, *_ = SCALES[unit]
        scale = Scale(low, high)
        for style in range(len(WRITER.styles)) if "C" in own and unit else (at % 8,):
            for kind in KINDS:
                text = written(kind, own, scale, language=language, unit=unit, style=style)
                told = TONGUES[language, unit].read(text)
                assert told is not None, text
                assert told.kind == kind
                assert problems(told, own, scale) == [], text
                titles = {title for group in told.deeds for title in group.titles}
                assert titles == {"because_history": {*own}, "against": {"A"}}.get(kind, set())
                for title in titles:
                    read[title] += 1
    assert min(read.values()) > 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_another_event_than_the_one_that_was_is_found(language: str) -> None:
    """The same words about somebody who did something else."""
    scale = Scale()
    missed = []
    for at, kind in enumerate(TYPES):
        other = TYPES[(at + 7) % len(TYPES)]
        own = {"A": [Event("u", "a", None, kind=kind)]}
        text = written("because_history", own, scale, language=language, unit="", style=at % 8)
        told = TONGUES[language, ""].read(text)
        assert told is not None, text
        kinds = {k for group in told.deeds for deed in group.deeds for k in deed.kinds}
        if key_of(other) in kinds or not kinds:  # the same word, or none for it
            continue
        if not problems(told, {"A": [Event("u", "a", None, kind=other)]}, scale):
            missed.append((text, other))
    assert missed == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_evidence_are_read_back(language: str) -> None:
    read = 0
    for own, unit in cases():
        low, high, *_ = SCALES[unit]
        scale = Scale(low, high)
        called = {**wording(unit).model_dump(), "language": language, "scale_unit": unit}
        called["item"] = "课程" if language == "zh" else "course"
        for title, events in own.items():
            text = WRITER.evidence_text("H1", history(title, events, scale), called)
            told = TONGUES[language, unit].record(text)
            assert told is not None, text
            assert told.kind == "record_history"
            assert problems(told, own, scale) == [], text
            read += len(told.deeds[0].deeds)
    assert read > 200


def test_a_rating_that_is_not_so_is_found() -> None:
    own = {"A": [Event("u", "a", 4.5)]}
    scale = Scale(0.5, 5)
    text = written("because_history", own, scale, language="en", unit="stars", style=0)
    told = TONGUES["en", "stars"].read(text.replace("4.5", "5"))
    assert told is not None
    assert problems(told, own, scale) == ["A was rated [4.5]"]
