"""True sentences, varied: what can be decided is not refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from recx_agent.grounding import fill, tell
from tests.unit.grounding import world

FOLDER = Path(__file__).parent / "sentences"
PLANS = {"history": world.BY_HISTORY, "attribute": world.BY_ATTRIBUTE}


def truths(language: str) -> list[tuple[str, str, str]]:
    table = tomllib.loads((FOLDER / f"true_{language}.toml").read_text(encoding="utf-8"))
    return [(language, plan, text) for plan, texts in table.items() for text in texts]


TRUTHS = [*truths("en"), *truths("zh")]


@pytest.mark.parametrize(("language", "plan", "text"), TRUTHS)
def test_a_true_sentence_passes(language: str, plan: str, text: str) -> None:
    slots = world.slots(language, PLANS[plan])
    for written in (text, fill(text, slots), tell(text, slots)):
        reading = world.verifier(language).read(written, PLANS[plan], slots)
        found = [each.violations for each in reading.sentences]
        assert reading.ok, (written, found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_many(language: str) -> None:
    assert len(truths(language)) >= 60
