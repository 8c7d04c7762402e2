"""The two sorts of histories are told apart where they are there, and not found where not."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.recommenders.witness.mixture import BINS, NOBODY, Mixture, fit_mixture

Histories = list[np.ndarray]


def chance(random: np.random.Generator, users: int, likes: int = 12) -> Histories:
    return list(random.random((users, likes)))


def ruled(random: np.random.Generator, users: int, likes: int = 12) -> Histories:
    return list(random.beta(3.0, 1.0, (users, likes)))


@pytest.mark.parametrize("seed", range(3))
def test_both_sorts_are_told_apart(seed: int) -> None:
    random = np.random.default_rng(seed)
    rule, coin = ruled(random, 150), chance(random, 150)
    mixture = fit_mixture(rule + coin)
    assert abs(mixture.share - 0.5) < 0.12
    assert np.mean([mixture.likelihood(own) >= 0.5 for own in rule]) > 0.9
    assert np.mean([mixture.likelihood(own) >= 0.5 for own in coin]) < 0.2
    assert np.mean(mixture.density) == pytest.approx(1.0)
    assert (np.diff(mixture.density) >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_where_all_is_chance_nobody_is_known(seed: int) -> None:
    random = np.random.default_rng(seed)
    # The fourth of these worlds lies above chance by itself, and is no likelier than others.
    mixture = fit_mixture(chance(random, 200))
    assert mixture is NOBODY
    assert mixture.likelihood(np.ones(12)) == 0.0


def test_likes_that_hang_together_are_no_sign_that_they_are_foretold() -> None:
    """Of every history all places are the same one: by single likes that would be no chance."""
    same = [np.full(12, place) for place in np.linspace(0.0, 1.0, 200)]
    assert fit_mixture(same) is NOBODY


def test_where_all_foretell_themselves_nearly_all_are_known() -> None:
    random = np.random.default_rng(0)
    rule = ruled(random, 300)
    mixture = fit_mixture(rule)
    assert mixture.share > 0.95
    assert np.mean([mixture.likelihood(own) >= 0.5 for own in rule]) > 0.99


def test_a_long_history_that_foretells_itself_weakly_is_no_chance() -> None:
    random = np.random.default_rng(0)
    strong, weak = random.beta(4.0, 1.0, (300, 64)), random.beta(1.8, 1.0, (30, 64))
    assert abs(weak.mean() - 0.64) < 0.02  # in the mean four standard errors above chance
    mixture = fit_mixture([*strong, *weak, *chance(random, 30, 64)])
    only_strong = Mixture((mixture.share, 1e-9), mixture.density)
    known = [own for own in weak if mixture.likelihood(own) >= 0.5]
    assert len(known) > 24
    assert sum(only_strong.likelihood(own) < 0.5 for own in known) > 12


def test_with_nothing_to_judge_by_the_share_of_all_counts() -> None:
    mixture = Mixture((0.5, 0.2), tuple(np.linspace(0.5, 1.5, BINS)))
    assert mixture.likelihood(np.empty(0)) == pytest.approx(0.7)
