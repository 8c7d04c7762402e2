"""What passages of either sort share."""

from __future__ import annotations

import pytest

from recx_agent.grounding.common_ground import common_ground
from recx_agent.schemas import Passage


def shared(user: str, item: str, language: str = "en") -> list[str]:
    passages = [
        Passage(id="U1", about="user", text=user),
        Passage(id="I1", about="item", text=item),
    ]
    return [found.text for found in common_ground(passages, language)]


@pytest.mark.parametrize(
    ("user", "item", "wanted"),
    [
        ("Enjoys historical fiction.", "A piece of historical fiction.", ["historical fiction"]),
        ("Enjoys mysteries and gardens.", "A mystery in a garden.", ["mystery", "garden"]),
        ("Likes gardening.", "A book on submarines.", []),
        ("Enjoys books.", "Readers enjoy this book.", []),
        ("Does not like horror.", "A horror story.", []),
        ("Likes horror.", "This is no horror story.", []),
        ("Likes Rome.", "Set in Rome.", ["Rome"]),
        ("Likes historical fiction.", "Historical fiction set in Rome.", ["Historical fiction"]),
        ("Likes fantasy novels.", "Full of magic, fantasy, and war.", ["fantasy"]),
        ("Likes deep themes.", "Full of deep rivers.", []),
        ("Likes dark humour.", "A dark and slow tale.", []),
        ("Likes a humorous setting.", "Explores a set of rooms.", []),
        ("Likes books that explore grief.", "It explores ruins.", []),
        ("Likes small-town life.", "A small-town tale of life.", ["life"]),
    ],
)
def test_shared_words_are_found_in_any_form(user: str, item: str, wanted: list[str]) -> None:
    assert shared(user, item) == wanted


def test_chinese_is_compared_by_characters_in_a_row() -> None:
    assert shared("喜欢爱情故事。", "讲述战争中的爱情故事。", "zh") == ["爱情故事"]
    assert shared("不喜欢爱情故事。", "讲述爱情故事。", "zh") == []


def test_the_longest_come_first_and_few_of_them() -> None:
    text = "quiet villages, old cypher machines, garden parties, wooden ships and lost letters"
    found = shared(f"Likes {text}.", f"About {text}.")
    assert len(found) == 3
    assert "old cypher machines" in found[0]
