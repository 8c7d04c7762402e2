"""Planted untruths: each is found, and the true sentence it was made of is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from recx_agent.grounding import Reading, fill
from tests.unit.grounding import world

FOLDER = Path(__file__).parent / "sentences"
PLANS = {"history": world.BY_HISTORY, "attribute": world.BY_ATTRIBUTE}


def lies(language: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"lies_{language}.toml").read_text(encoding="utf-8")
    return [{"language": language, "plan": "history", **lie} for lie in tomllib.loads(text)["lie"]]


LIES = [*lies("en"), *lies("zh")]


def read(lie: dict[str, Any], text: str) -> Reading:
    plan = PLANS[lie["plan"]]
    return world.verifier(lie["language"]).read(text, plan, world.slots(lie["language"], plan))


def filled(lie: dict[str, Any], text: str) -> str:
    return fill(text, world.slots(lie["language"], PLANS[lie["plan"]]))


def kinds(reading: Reading) -> set[str]:
    return {found.kind for sentence in reading.sentences for found in sentence.violations}


def named(lie: dict[str, Any]) -> str:
    return f"{lie['language']}: {lie['kind']}"


@pytest.mark.parametrize("lie", LIES, ids=named)
def test_the_true_sentence_passes(lie: dict[str, Any]) -> None:
    for text in (lie["true"], filled(lie, lie["true"])):
        assert kinds(read(lie, text)) == set(), text


@pytest.mark.parametrize("lie", LIES, ids=named)
def test_the_lie_is_found_for_what_it_is(lie: dict[str, Any]) -> None:
    assert lie["violation"] in kinds(read(lie, lie["lie"]))


@pytest.mark.parametrize("lie", LIES, ids=named)
def test_the_lie_is_found_in_a_filled_text(lie: dict[str, Any]) -> None:
    assert not read(lie, filled(lie, lie["lie"])).ok


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_many_kinds(language: str) -> None:
    assert len({lie["kind"] for lie in lies(language)}) >= 45


REFUSED = [
    (language, plan, text)
    for language in ("en", "zh")
    for plan, texts in tomllib.loads(
        (FOLDER / f"refused_{language}.toml").read_text(encoding="utf-8")
    ).items()
    for text in texts
]


@pytest.mark.parametrize(("language", "plan", "text"), REFUSED)
def test_what_is_untrue_or_undecidable_is_refused(language: str, plan: str, text: str) -> None:
    lie = {"language": language, "plan": plan}
    assert not read(lie, text).ok
    assert not read(lie, filled(lie, text)).ok
