"""What a text says as five numbers, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.evals.scorers.effect.words import FEATURES, features


def told(text: str, language: str = "en") -> dict[str, float]:
    return dict(zip(FEATURES, features(text, language).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("", "en", {}),
        ("A film.", "en", {}),
        ("You loved “Heat” and “Alien”.", "en", {"praise": 1.0, "reasons": 2 / 3}),
        ("You rated “Heat” 5 out of 5.", "en", {"praise": 1.0, "reasons": 1 / 2}),
        ("You rated “Heat” 1 out of 5.", "en", {"praise": -1.0, "reasons": 1 / 2}),
        ("You rated “Heat” 3 out of 5.", "en", {"reasons": 1 / 2}),
        ("You rated “Heat” 4/5, and loved it.", "en", {"praise": 0.75, "reasons": 1 / 2}),
        ("“The Best Perfect Bad Film”", "en", {"reasons": 1 / 2}),
        ("You disliked it.", "en", {"praise": -1.0}),
        ("However, it may fit.", "en", {"doubt": -2 / 3}),
        ("185 of 943 users rated it 4 or higher.", "en", {"crowd": 185 / 943}),
        ("It counted most, very clearly!", "en", {"strength": 4 / 5}),
        ("你喜欢《英雄》。", "zh", {"praise": 1.0, "reasons": 1 / 2}),
        ("你不喜欢《英雄》。", "zh", {"praise": -1.0, "reasons": 1 / 2, "doubt": -1 / 2}),
        (
            "你给《英雄》打了4分，给《活着》打了5分（满分5分）。",
            "zh",
            {"praise": 0.75, "reasons": 2 / 3},
        ),
        ("943位用户中有185位打了4分及以上。", "zh", {"crowd": 185 / 943}),
    ],
)
def test_what_is_counted(text: str, language: str, expected: dict[str, float]) -> None:
    assert told(text, language) == pytest.approx(dict.fromkeys(FEATURES, 0.0) | expected)


def test_numbers_stay_between_their_ends() -> None:
    loud = "Perfect! Amazing! The best, most brilliant “A” “B” “C” ever, not bad! " * 50
    for text in (loud, loud.replace("Perfect", "Hated")):
        assert (np.abs(features(text, "en")) <= 1).all()
