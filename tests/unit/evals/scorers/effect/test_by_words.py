"""The reader without a language model: what he learns, from whom, and what he makes of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.scorers.effect import by_words
from recx_agent.evals.scorers.effect.by_words import (
    BELIEF,
    FOLDS,
    STUBBORN,
    WordReader,
    fitted,
    fold_of,
)

GOOD, POOR = "You loved “A” and “B”.", "However, little is known."


def outcomes(users: int, liked: str = GOOD, low: str = POOR) -> list[HeldOut]:
    return [
        HeldOut(f"u{user}", f"{item}{user}", rating, item == "liked", (text,))
        for user in range(users)
        for item, rating, text in (("liked", 5.0, liked), ("low", 1.0, low))
    ]


def test_the_weights_are_where_the_penalised_loss_is_flat() -> None:
    random = np.random.default_rng(3)
    seen = random.uniform(-1, 1, size=(60, 5))
    liked = (random.uniform(size=60) < 1 / (1 + np.exp(-2 * seen[:, 0]))).astype(float)
    start, weights = fitted(seen, liked)
    missed = 1 / (1 + np.exp(-(start + seen @ weights))) - liked
    slope = missed @ seen + STUBBORN * (weights - BELIEF)
    assert missed.sum() == pytest.approx(0, abs=1e-3)
    assert np.where(weights > 1e-9, slope, 0.0) == pytest.approx(np.zeros(5), abs=1e-3)
    assert (slope[weights <= 1e-9] >= -1e-3).all()


def test_who_has_seen_nothing_that_differs_takes_words_at_face_value() -> None:
    start, weights = fitted(np.zeros((4, 5)), np.array([1.0, 0.0, 1.0, 1.0]))
    assert weights == pytest.approx(np.full(5, BELIEF))
    assert start == pytest.approx(math.log(3), abs=1e-4)


def test_words_that_meant_nothing_lose_their_worth_and_others_gain() -> None:
    seen = np.zeros((400, 5))
    seen[:200, 0] = 1.0
    seen[::2, 1] = 1.0
    liked = np.zeros(400)
    liked[:200] = 1.0
    _, weights = fitted(seen, liked)
    assert weights[0] > 2 * BELIEF > 4 * weights[1]


def test_praise_is_never_blame() -> None:
    seen = np.zeros((400, 5))
    seen[:200, 0] = 1.0
    liked = np.concatenate([np.zeros(200), np.ones(200)])
    assert fitted(seen, liked)[1][0] == 0.0


def test_good_evidence_makes_more_hope_than_poor() -> None:
    reader = WordReader(outcomes(20))
    good, poor, none = (
        reader.read(GOOD, "u0", "en"), reader.read(POOR, "u0", "en"), reader.unread("u0", "en"),
    )  # fmt: skip
    assert good and poor and none
    assert good.acceptance > none.acceptance > poor.acceptance
    assert none.acceptance == pytest.approx(0.5)
    assert none.rating == pytest.approx(3.0)
    assert good.rating == pytest.approx(1 + 4 * good.acceptance)


def test_a_reader_has_not_learnt_of_the_user_he_reads_for() -> None:
    known = outcomes(20)
    turned = [
        HeldOut(o.user_id, o.item_id, 6 - o.rating, not o.liked, o.evidence)
        if fold_of(o.user_id) == fold_of("u0")
        else o
        for o in known
    ]
    one, other = WordReader(known), WordReader(turned)
    assert one.read(GOOD, "u0", "en") == other.read(GOOD, "u0", "en")
    foreign = next(f"u{n}" for n in range(20) if fold_of(f"u{n}") != fold_of("u0"))
    assert one.read(GOOD, foreign, "en") != other.read(GOOD, foreign, "en")


def test_who_could_learn_of_nobody_says_nothing() -> None:
    assert WordReader([]).read(GOOD, "u0", "en") is None
    assert WordReader(outcomes(1)).unread("u0", "en") is None


def test_what_he_was_taught_with_is_part_of_his_settings() -> None:
    assert WordReader(outcomes(4)).settings != WordReader(outcomes(5)).settings
    assert "no person" in WordReader([]).settings["reader"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "zh"]))
def test_any_text_makes_an_expectation_on_the_scale(text: str, language: str) -> None:
    reading = READER.read(text, "u0", language)
    assert reading is not None
    assert 0 <= reading.acceptance <= 1
    assert 1 <= reading.rating <= 5


READER = WordReader(outcomes(6))


def test_users_are_spread_over_the_folds() -> None:
    counts = np.bincount([fold_of(f"user {n}") for n in range(500)], minlength=FOLDS)
    assert len(counts) == FOLDS
    assert counts.min() > 60
    assert by_words.LEAST < FOLDS
