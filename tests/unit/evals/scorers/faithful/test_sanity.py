"""Texts that have to change, and cases that make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recx_agent.evals.cases import workspace_cases
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.faithful.sanity import OTHER_USER, SHUFFLED, sanity_scorers
from recx_agent.evals.served import Served
from recx_agent.evals.variants.sanity import sanity_cases, shuffled
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.protocols import Plan
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recx import Recx
from tests.unit.evals.scorers.faithful.conftest import told

SCORERS = {one.name: one for one in sanity_scorers("faithful")}


def beside(base: Sample | None, text: str) -> Sample:
    return replace(told(text), variant=SHUFFLED, base=base)


@pytest.mark.parametrize(
    ("text", "changed", "kept"),
    [
        ("You liked “Item 0” and “Item 1”.", 0.0, 1.0),
        ("You liked  “Item 0” and “Item 1”.", 0.0, 1.0),
        ("You liked “Item 0” and “Item 2”.", 1.0, 0.5),
        ("Everyone likes it.", 1.0, 0.0),
    ],
)
def test_a_text_is_held_against_that_of_its_base(text: str, changed: float, kept: float) -> None:
    sample = beside(told("You liked “Item 0” and “Item 1”."), text)
    assert SCORERS["shuffled_changed"].score(sample).value == changed
    assert SCORERS["shuffled_causes_kept"].score(sample).value == kept


def test_without_a_base_or_a_cause_there_is_nothing_to_hold_it_against() -> None:
    for scorer in SCORERS.values():
        assert scorer.score(beside(None, "You liked “Item 0”.")).answer == "no base"
    empty = beside(told("Everyone likes it."), "You liked “Item 0”.")
    assert SCORERS["shuffled_causes_kept"].score(empty).value is None


def test_shuffling_keeps_every_factor_and_gives_it_to_another(planted_model: FactorModel) -> None:
    dealt = shuffled(planted_model)
    before, after = planted_model.feature_factors, dealt.feature_factors
    assert np.array_equal(dealt.history_factors, planted_model.history_factors)
    kinds = [feature.kind for feature in planted_model.features]
    for kind in set(kinds):
        own = [n for n, one in enumerate(kinds) if one == kind]
        assert sorted(map(tuple, before[own].tolist())) == sorted(map(tuple, after[own].tolist()))
    assert (before != after).any(axis=1).mean() > 0.5
    assert dealt.fingerprint != planted_model.fingerprint
    assert shuffled(planted_model).fingerprint == dealt.fingerprint


async def test_what_the_planted_world_says_changes(planted_workspace: Path) -> None:
    """Every text of another user's evidence differs; what changes is not the style."""
    with Recx.open(planted_workspace) as recx:
        cases = workspace_cases(recx, users=4)
        variants = sanity_cases(recx, cases, 3)
        served = Served.of(recx, (case.user_id for case in cases))
        writer = TemplateTexts(recx.settings)
    assert [case.variant for case in variants] == [OTHER_USER] * 3 + [SHUFFLED] * 3
    assert [case.base_key for case in variants] == [case.key for case in cases[:3]] * 2
    assert len({case.key for case in [*cases, *variants]}) == len(cases) + len(variants)
    texts = {case.key: (await writer.write(case)).sample(case, "t") for case in cases}
    for case in variants:
        base = next(one for one in cases if one.key == case.base_key)
        assert isinstance(case.material, Plan) and isinstance(base.material, Plan)
        assert case.material.variant == base.material.variant
        assert (case.user_id, case.item_id) == (base.user_id, base.item_id)
        assert served.standing(case.user_id) is not None
        sample = replace((await writer.write(case)).sample(case, "t"), base=texts[base.key])
        if case.variant == OTHER_USER:
            assert SCORERS["other_user_changed"].score(sample).value == 1.0
            assert (SCORERS["other_user_causes_kept"].score(sample).value or 0.0) < 1.0
