"""docs/wording.md is what the templates give, and says nothing of an event that it was not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from recx_agent.prompts.wording_table import table

ROOT = Path(__file__).parents[2]
WORDING = ROOT / "docs" / "wording.md"
TEMPLATES = ROOT / "prompts" / "templates"
LIKING = re.compile(
    r"\b((?:dis)?lik|lov|enjoy|favou?r|prais|great|good|best|top)|喜欢|喜爱|好评|最爱|高分"
)
SUGGESTED = re.compile(r"because|recommended|因为|^推荐")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in WORDING.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]


def types(row: list[str]) -> set[str]:
    return set(re.findall("`([^`]+)`", row[0]))


def test_the_file_is_what_the_templates_give() -> None:
    assert WORDING.read_text(encoding="utf-8") == table(), (
        "run python -m recx_agent.prompts.wording_table > docs/wording.md"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_event_type_has_a_row(language: str) -> None:
    words = tomllib.loads((TEMPLATES / language / "events.toml").read_text(encoding="utf-8"))
    known = {kind for kinds in words["verbs"].values() for kind in kinds}
    known |= {k for name, kinds in words["places"].items() if name != "put" for k in kinds}
    known |= set(words["unsaid"]["types"])
    assert known <= set().union(*map(types, ROWS))
    assert len(known) > 80


def test_every_level_of_a_rating_has_a_row() -> None:
    for kind in ("rating", "review"):
        levels = [row[1].split(":")[0] for row in ROWS if kind in types(row)]
        assert levels[:6] == ["lowest", "low", "middle", "positive", "highest", "none"]
    scales = " ".join(row[1] for row in ROWS)
    assert all(scale in scales for scale in ("of 1 to 10", "of 0.5 to 5 stars", "thumbs"))


def test_no_event_is_told_as_liking_that_was_none() -> None:
    for row in ROWS:
        for text in row[2:]:
            said = LIKING.search(text)
            expected = types(row) & {"like", "liked", "dislike", "disliked"}
            assert bool(said) == bool(expected), text


def test_a_low_rating_is_never_a_reason_and_a_high_one_never_against() -> None:
    low = [row for row in ROWS if row[1].startswith(("lowest", "low"))]
    low += [row for row in ROWS if row[1].startswith(("2 of 1", "1 of 0.5", "-3.5", "0 of 0"))]
    assert len(low) == 8
    for row in low:
        assert not any(SUGGESTED.search(text) for text in row[2:]), row
        assert "against" in row[2] and "不利" in row[3]
    high = [row for row in ROWS if row[1].startswith(("positive", "highest", "8 of", "4.5 of"))]
    assert len(high) == 6
    for row in high:
        assert all(SUGGESTED.search(text) for text in row[2:]), row
        assert "against" not in row[2] and "不利" not in row[3]


def test_a_rating_is_told_as_the_number_that_it_is_on_its_scale() -> None:
    numbers = re.compile(r"-?\d+(?:\.\d+)?")
    told = 0
    for row in ROWS:
        given = numbers.findall(re.sub(r"\bto (?=\d)", "", row[1]))
        if not given or "thumbs" in row[1]:
            continue
        value, highest = given[0], given[-1]
        for text in row[2:]:
            shown = numbers.findall(text)
            assert shown[0] == value, text
            assert highest in shown or "%" in text or "百分制" in text, text
            told += 1
    assert told >= 30


def test_a_thumb_is_told_as_what_it_is() -> None:
    up, down = [row for row in ROWS if "thumbs" in row[1]]
    assert "thumbs up" in up[2] and "点了赞" in up[3]
    assert "thumbs down" in down[2] and "点了踩" in down[3]
