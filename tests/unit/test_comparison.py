"""Why this and not that: the terms add up, the claims follow from them, errors say why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.comparison import compare
from recx_agent.datasets import Dataset, History
from recx_agent.errors import NotOffered, UsageError
from recx_agent.explainer.compare_plan import Pair, compare_script
from recx_agent.explainer.person import Person
from recx_agent.explainer.teller import Script, Teller
from recx_agent.prompts import TemplateWriter
from recx_agent.schemas import Comparison, Evidence
from recx_agent.settings import EvidenceSettings, SensitiveRule
from recx_agent.testing import tolerance
from tests.unit.every_answer import teller_of
from tests.unit.told_world import (
    TITLES,
    World,
    make_dataset,
    make_model,
    make_world,
    with_more_terms,
)

USERS = ("u0", "u1", "u2", "u3", "u4")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def world(dataset: Dataset) -> World:
    return make_world(dataset, with_more_terms(dataset))


def pairs(world: World, **asked: Any) -> Iterator[tuple[Person, int, int]]:
    for user in USERS:
        person = world.people.person(user, **asked)
        items, _ = world.model.top_k(person.history, 20, person.excluded)
        known = [n for n in person.known if n not in person.withheld][:2]
        chosen = [int(i) for i in items[:5]] + known
        for n, one in enumerate(chosen):
            for other in chosen[n + 1 :]:
                yield person, one, other
                yield person, other, one


def scripts(
    world: World, settings: EvidenceSettings | None = None, view: Any = None
) -> Iterator[tuple[Pair, Script]]:
    teller = teller_of(world)
    if settings is not None:
        teller = replace(teller, settings=settings)
    for person, one, other in pairs(world):
        standing = Standing(world.model, person.history, person.excluded)
        pair = Pair.of(*attribute_items(standing, [one, other]))
        yield pair, compare_script(teller, person, pair, view)


def test_the_differences_of_each_view_add_up_to_that_of_the_scores(world: World) -> None:
    teller = teller_of(world)
    for person, one, other in pairs(world, context={"device": "tv"}):
        result = compare(teller, person, one, other)
        gap = result.item.score - result.other.score
        assert result.difference == gap
        assert result.attribute is not None
        for terms in (result.history, result.attribute):
            values = np.array([term.difference for term in terms])
            assert abs(values.sum() - gap) <= tolerance(values)
            # A term altered by 1 % is found.
            altered = values.copy()
            altered[0] *= 1.01
            assert abs(altered.sum() - gap) > tolerance(altered)


def test_a_term_is_what_either_score_loses_with_it(world: World) -> None:
    teller = teller_of(world)
    person, one, other = next(pairs(world))
    result = compare(teller, person, one, other)
    term = next(t for t in result.history if t.source.kind == "history")
    removed = world.dataset.catalogue.ids.internal(term.source.id)
    less = Standing(world.model, person.history.without([removed]), person.excluded).scores
    assert result.item.score - less[one] == pytest.approx(term.to_item, abs=1e-9)
    assert result.other.score - less[other] == pytest.approx(term.to_other, abs=1e-9)


def test_swapped_it_is_the_same_with_the_signs_turned(world: World) -> None:
    teller = teller_of(world)
    for person, one, other in list(pairs(world))[::7]:
        there, back = compare(teller, person, one, other), compare(teller, person, other, one)
        assert there.difference == -back.difference
        turned = {t.source: -t.difference for t in back.history}
        assert {t.source: t.difference for t in there.history} == pytest.approx(turned)
        assert back.told == there.told


def test_every_claim_is_carried_by_its_numbers(world: World) -> None:
    kinds = set()
    for pair, script in scripts(world):
        pieces = {piece.id: piece for piece in script.evidence}
        first, second = "I1", "I2"
        assert pieces[first].fields["score"] >= pieces[second].fields["score"]
        for claim in script.claims:
            kinds.add(claim.kind)
            a, b, *causes = claim.evidence
            for id in causes:
                if id[0] in "HAO":
                    up, down = (_adds(pieces[id], item) for item in (a, b))
                    assert up > down and up > 0, (claim, pieces[id].fields)
                    sign = 1 if a == first else -1
                    assert pieces[id].contribution == pytest.approx(sign * (up - down))
            if claim.kind == "because_more":
                total = pair.history_total if causes[0][0] == "H" else pair.attribute_total
                others = [c for c in script.claims if c.kind == "because_others_more"]
                told = sum(pieces[id].contribution or 0.0 for id in causes)
                assert others or told >= 0.2 * total
    assert {"ahead", "because_more", "more_for_other", "everyone_more"} <= kinds


def _adds(piece: Evidence, item: str) -> float:
    return float(piece.fields["to_ahead" if item == "I1" else "to_behind"])


def test_where_much_is_asked_of_a_reason_it_abstains(world: World) -> None:
    told = {kind for _, s in scripts(world, EvidenceSettings(min_share=0.95)) for kind in _kinds(s)}
    assert "no_single_difference" in told
    assert "because_more" not in told


def _kinds(script: Script) -> list[str]:
    return [claim.kind for claim in script.claims]


def test_nothing_stands_out_is_not_said_where_one_item_does(world: World) -> None:
    settings = EvidenceSettings(min_share=0.4)
    seen = 0
    for pair, script in scripts(world, settings):
        if "no_single_difference" in _kinds(script):
            seen += 1
            assert np.abs(pair.history).max() < 0.4 * pair.history_total
    assert seen


@pytest.mark.parametrize("view", ["history", "attribute"])
def test_a_view_asked_for_is_the_only_one_that_is_told(world: World, view: Any) -> None:
    letters = {"history": "A", "attribute": "HO"}[view]
    for _, script in scripts(world, view=view):
        assert not any(id[0] in letters for claim in script.claims for id in claim.evidence)


def test_what_is_not_to_be_named_is_one_term_and_takes_part_in_the_reason(
    dataset: Dataset,
) -> None:
    half = tuple(f"id{n:02}x" for n in range(0, len(TITLES), 2))
    world = make_world(dataset, make_model(dataset), SensitiveRule(items=half))
    teller, kinds = teller_of(world), set()
    for person, one, other in pairs(world):
        if not person.unnamed or {one, other} & person.withheld:
            continue
        result = compare(teller, person, one, other)
        others = [t for t in result.history if t.source.kind == "other_history"]
        assert len(others) == 1
        values = np.array([term.difference for term in result.history])
        assert abs(values.sum() - result.difference) <= tolerance(values)
        kinds |= {piece.id[0] for piece in result.told.evidence}
    assert "O" in kinds


def test_an_item_twice_and_one_of_the_same_title_are_refused(
    world: World, dataset: Dataset
) -> None:
    teller, person = teller_of(world), world.people.person("u0")
    with pytest.raises(UsageError, match="given twice"):
        compare(teller, person, 3, 3)
    titles = list(dataset.catalogue.titles)
    titles[4] = titles[3]
    catalogue = replace(dataset.catalogue, titles=tuple(titles))
    alike = replace(teller, dataset=replace(dataset, catalogue=catalogue))
    with pytest.raises(UsageError, match="could not tell them apart"):
        compare(alike, person, 3, 4)


def test_without_a_history_there_is_nothing_to_compare(world: World) -> None:
    person = replace(world.people.person("u0"), history=History.of([]))
    with pytest.raises(UsageError, match="has no history that counts"):
        compare(teller_of(world), person, 1, 2)


def test_a_view_that_the_model_does_not_have_is_refused(dataset: Dataset) -> None:
    model = replace(make_model(dataset), kind="bare")
    world = make_world(dataset, model)

    class Bare(type(model)):  # type: ignore[misc]
        views = frozenset({"history"})

    bare = Bare(**{f: getattr(model, f) for f in model.__dataclass_fields__})
    teller = replace(teller_of(world), model=bare)
    person, one, other = next(pairs(world))
    with pytest.raises(NotOffered, match="by the attribute view"):
        compare(teller, person, one, other, "attribute")
    assert compare(teller, person, one, other).attribute is None


def test_equal_scores_are_told_as_such(world: World) -> None:
    person, one, other = next(pairs(world))
    standing = Standing(world.model, person.history, person.excluded)
    first, second = attribute_items(standing, [one, other])
    level = Pair.of(first, replace(second, score=first.score))
    assert _kinds(compare_script(teller_of(world), person, level, None)) == ["level"]


def test_a_known_item_has_no_rank_and_the_text_says_so(world: World) -> None:
    teller = replace(teller_of(world), writer=TemplateWriter())
    person, one, other = next(
        (p, a, b) for p, a, b in pairs(world) if b in p.known and a not in p.known
    )
    result: Comparison = compare(teller, person, one, other)
    assert result.other.rank is None and result.item.rank is not None
    known = f"“{TITLES[other]}” is no candidate, for you know it already"
    assert known in result.told.text
    assert "rank" not in result.told.sentences[0].text


def test_the_same_question_has_the_same_audit_id_and_another_another(world: World) -> None:
    teller: Teller = teller_of(world)
    person, one, other = next(pairs(world))
    first = compare(teller, person, one, other).told.audit_id
    assert compare(teller, person, one, other).told.audit_id == first
    [(person, one, third)] = [next(p for p in pairs(world) if p[1] == one and p[2] != other)]
    assert compare(teller, person, one, third).told.audit_id != first
