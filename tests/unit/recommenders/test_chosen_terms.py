"""Terms are taken up where they are true, and left out where they are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.datasets.events import NO_TIME
from recx_agent.errors import SettingsError
from recx_agent.recommenders import chosen_terms
from recx_agent.recommenders.chosen_terms import choose_terms, fit_with_chosen_terms
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.held_out import HeldOut
from recx_agent.recommenders.lightfm_trainer import fit
from recx_agent.settings import ModelSettings


def auto(settings: ModelSettings, *terms: str, **more: Any) -> ModelSettings:
    return settings.model_copy(update={**dict.fromkeys(terms, "auto"), **more})


@pytest.fixture(scope="module")
def by_context(told_by_context: Dataset, term_settings: ModelSettings) -> FactorModel:
    return fit_with_chosen_terms(told_by_context, auto(term_settings, "context"))


@pytest.fixture(scope="module")
def by_low_ratings(told_by_low_ratings: Dataset, term_settings: ModelSettings) -> FactorModel:
    return fit_with_chosen_terms(told_by_low_ratings, auto(term_settings, "disliked"))


def test_a_true_context_is_taken_up_and_ranks_clearly_better(by_context: FactorModel) -> None:
    (outcome,) = by_context.notes["terms"]
    assert outcome["taken"]
    assert outcome["low"] > 0.05
    assert by_context.notes["settings"]["context"] == "on"
    assert by_context.notes["remarks"] == [
        f"context terms: on, NDCG@10 {outcome['gain']:+.4f} [{outcome['low']:+.4f}, "
        f"{outcome['high']:+.4f}] on the last 3 positives of 300 users"
    ]


def mean_contribution(
    model: FactorModel, titles: tuple[str, ...], pair: tuple[str, str]
) -> dict[str, float]:
    assert model.context_factors is not None
    terms = model.item_factors @ model.context_factors[list(model.contexts).index(pair)]
    kinds = np.array([title.split()[0] for title in titles])
    return {kind: float(terms[kinds == kind].mean()) for kind in set(kinds)}


def test_contributions_of_a_true_context_have_the_right_sign(
    told_by_context: Dataset, by_context: FactorModel
) -> None:
    titles = told_by_context.catalogue.titles
    evening = mean_contribution(by_context, titles, ("part", "evening"))
    morning = mean_contribution(by_context, titles, ("part", "morning"))
    assert evening["Comedy"] > 0.2 > -0.2 > evening["Documentary"]
    assert morning["Documentary"] > 0.2 > -0.2 > morning["Comedy"]
    # The device tells nothing, and its terms are small.
    tv = mean_contribution(by_context, titles, ("device", "tv"))
    assert max(map(abs, tv.values())) < 0.3 * evening["Comedy"]


def test_true_low_ratings_are_taken_up_and_count_against_their_kind(
    told_by_low_ratings: Dataset, by_low_ratings: FactorModel
) -> None:
    (outcome,) = by_low_ratings.notes["terms"]
    assert outcome["taken"]
    assert outcome["low"] > 0.02
    assert by_low_ratings.disliked_factors is not None
    kinds = np.array([t.split()[0] for t in told_by_low_ratings.catalogue.titles])
    terms = by_low_ratings.disliked_factors @ by_low_ratings.item_factors.T
    comedies, westerns = kinds == "Comedy", kinds == "Western"
    assert terms[np.ix_(comedies, comedies)].mean() < 0 < terms[np.ix_(comedies, westerns)].mean()
    assert terms[np.ix_(westerns, westerns)].mean() < 0 < terms[np.ix_(westerns, comedies)].mean()


@pytest.mark.parametrize("term", ["context", "disliked"])
def test_what_tells_nothing_is_left_out(
    world_of: dict[str, Any], term_settings: ModelSettings, term: str
) -> None:
    # One of forty such worlds may be taken up by chance; none of 60 was (docs/terms.md).
    outcomes = [
        choose_terms(world_of[term](False, seed), auto(term_settings, term))[0] for seed in range(4)
    ]
    assert sum(outcome.taken for outcome in outcomes) <= 1
    for outcome in outcomes:
        assert outcome.users == 300
        assert outcome.low is not None and outcome.taken == (outcome.low > 0)


def test_a_model_that_takes_nothing_up_is_the_plain_one(
    world_of: dict[str, Any], term_settings: ModelSettings
) -> None:
    dataset = world_of["context"](False, 0)
    model = fit_with_chosen_terms(dataset, auto(term_settings, "context", "disliked"))
    assert model.fingerprint == fit(dataset, term_settings).fingerprint
    assert model.notes["settings"]["context"] == model.notes["settings"]["disliked"] == "off"
    disliked, context = model.notes["remarks"]
    assert disliked == "disliked terms: off, no item has a rating of 2 or lower"
    assert context.startswith("context terms: off, NDCG@10 ")


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would be trained; each is worth what ``WORTH`` says, to every user."""
    asked: list[tuple[str, str]] = []

    def no_fit(dataset: Dataset, settings: ModelSettings, **_: Any) -> list[tuple[str, str]]:
        asked.append((settings.disliked, settings.context))
        return [asked[-1]] * settings.runs

    def worth(held_out: HeldOut, model: tuple[str, str]) -> Any:
        return np.full(len(held_out.users), WORTH[model])

    monkeypatch.setattr(chosen_terms, "fit_runs", no_fit)
    monkeypatch.setattr(HeldOut, "by_moment", worth)
    monkeypatch.setitem(chosen_terms.WHY_NOT, "disliked", lambda _: None)
    return asked


WORTH = {("off", "off"): 0.1, ("on", "off"): 0.3, ("on", "on"): 0.2, ("off", "on"): 0.4}


def test_the_second_choice_is_made_with_the_first(
    told_by_context: Dataset, term_settings: ModelSettings, tried: list[tuple[str, str]]
) -> None:
    outcomes = choose_terms(told_by_context, auto(term_settings, "context", "disliked"))
    assert tried == [("off", "off"), ("on", "off"), ("on", "on")]
    assert [(one.term, one.taken) for one in outcomes] == [("disliked", True), ("context", False)]
    assert [one.gain for one in outcomes] == pytest.approx([0.2, -0.1])


def test_what_is_set_stays_set_while_the_other_is_chosen(
    told_by_context: Dataset, term_settings: ModelSettings, tried: list[tuple[str, str]]
) -> None:
    choose_terms(told_by_context, auto(term_settings, "context", disliked="on"))
    choose_terms(told_by_context, auto(term_settings, "disliked", context="off"))
    assert tried == [("on", "off"), ("on", "on"), ("off", "off"), ("on", "off")]


def test_nothing_is_taken_up_without_times_or_users(
    told_by_context: Dataset, term_settings: ModelSettings
) -> None:
    settings = auto(term_settings, "context")
    events = told_by_context.events
    timeless = replace(events, time=np.full(len(events), NO_TIME))
    (outcome,) = choose_terms(replace(told_by_context, events=timeless), settings)
    assert not outcome.taken
    assert "have no times" in outcome.why
    few = events.take(np.asarray(events.user) < 40)
    (outcome,) = choose_terms(replace(told_by_context, events=few), settings)
    assert not outcome.taken
    assert "only 40 users" in outcome.why


def test_what_the_data_have_nothing_for_cannot_be_on(
    told_by_context: Dataset, told_by_low_ratings: Dataset, term_settings: ModelSettings
) -> None:
    on = term_settings.model_copy(update={"disliked": "on"})
    with pytest.raises(SettingsError, match=r"model.disliked: no item has a rating of 2 or lower"):
        fit_with_chosen_terms(told_by_context, on)
    on = term_settings.model_copy(update={"context": "on"})
    with pytest.raises(SettingsError, match=r"model.context: no context is named"):
        fit_with_chosen_terms(told_by_low_ratings, on)


def test_training_itself_decides_nothing(
    told_by_context: Dataset, term_settings: ModelSettings
) -> None:
    with pytest.raises(SettingsError, match="decided before training"):
        fit(told_by_context, auto(term_settings, "context"))


def test_an_interrupted_training_does_not_choose_anew(
    told_by_context: Dataset,
    term_settings: ModelSettings,
    by_context: FactorModel,
    tmp_path: Path,
) -> None:
    class Interrupt(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "fit" and done == total // 2:
            raise Interrupt

    settings, folder = auto(term_settings, "context"), tmp_path / "c"
    with pytest.raises(Interrupt):
        fit_with_chosen_terms(told_by_context, settings, checkpoints=folder, progress=stop)
    stages: set[str] = set()
    resumed = fit_with_chosen_terms(
        told_by_context,
        settings,
        checkpoints=folder,
        progress=lambda stage, *_: stages.add(stage),
    )
    assert stages == {"fit"}
    assert resumed.fingerprint == by_context.fingerprint
    assert resumed.notes["terms"] == by_context.notes["terms"]
    assert not folder.exists()


def test_a_choice_of_other_settings_is_not_taken_over(
    told_by_context: Dataset, term_settings: ModelSettings, tmp_path: Path
) -> None:
    settings = auto(term_settings, "context")
    kept = chosen_terms._Choices(tmp_path, told_by_context, settings)
    kept.save([chosen_terms.Chosen("context", taken=True)])
    assert kept.load() == [chosen_terms.Chosen("context", taken=True)]
    other = auto(term_settings, "context", seed=5)
    assert chosen_terms._Choices(tmp_path, told_by_context, other).load() is None
    (tmp_path / "choice.json").write_text("{", encoding="utf-8")
    assert kept.load() is None
