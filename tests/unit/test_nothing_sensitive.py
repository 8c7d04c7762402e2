"""What a rule covers, or a user has hidden, is in no answer: every answer is searched whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset
from recx_agent.errors import UnknownAttribute, UnknownItem, UsageError, Withheld
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.removal import counterfactual
from recx_agent.schemas import Attribution, Counterfactual, Explanation
from recx_agent.settings import SensitiveRule
from tests.unit.every_answer import TV, answers, spelled
from tests.unit.told_world import TITLES, World, make_dataset, make_world, text_of, with_more_terms


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


ASKED = ("u0", "u1", "u4")
ONCOLOGY = {n for n in range(len(TITLES)) if n % 5 == 1}
HALF = {n for n in range(len(TITLES)) if n % 2}

RULES: dict[str, tuple[tuple[SensitiveRule, ...], set[int], set[str]]] = {
    # rules, items they cover, values that must not be told
    "items, text": ((SensitiveRule(items=tuple(f"id{n:02}x" for n in HALF)),), HALF, set()),
    "items, score": (
        (SensitiveRule(items=tuple(f"id{n:02}x" for n in HALF), keep_out_of="score"),),
        HALF,
        set(),
    ),
    "attribute, text": (
        (SensitiveRule(attributes=("topic=oncology",)),),
        ONCOLOGY,
        {"oncology"},
    ),
    "attribute, score": (
        (SensitiveRule(attributes=("topic=oncology",), keep_out_of="score"),),
        ONCOLOGY,
        {"oncology"},
    ),
    "attribute alone, text": (
        (SensitiveRule(attributes=("genre=crime", "topic"), cover_items=False),),
        set(),
        {"crime", "oncology", "sailing", "gardening"},
    ),
    "attribute alone, score": (
        (SensitiveRule(attributes=("genre=crime",), cover_items=False, keep_out_of="score"),),
        set(),
        {"crime"},
    ),
    "words, text": ((SensitiveRule(words=("lane", "docu", "boats")),), set(), {"boats", "docu"}),
    "all of it": (
        (
            SensitiveRule(items=tuple(f"id{n:02}x" for n in range(len(TITLES)))),
            SensitiveRule(attributes=("genre", "topic")),
        ),
        set(range(len(TITLES))),
        {"drama", "crime", "oncology"},
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_no_answer_names_what_a_rule_covers(
    dataset: Dataset, model: FactorModel, name: str
) -> None:
    rules, items, values = RULES[name]
    user = dataset.user("u0")
    event = dataset.describe_terms(user)[0]
    texts = [text_of(event, f"a note on {title} and boats", 0.9, title) for title in TITLES]
    world = make_world(dataset, model, *rules, texts=texts)
    if items or values:
        pattern = spelled(world, items | set(np.flatnonzero(world.sensitive.items)), values)
        open_world = make_world(dataset, model, texts=texts)
        shown = "".join(a.model_dump_json() for a in answers(open_world, "u0"))
        assert pattern.search(shown), "without the rule it is there to be found"
        for user_id in ASKED:
            for answer in answers(world, user_id):
                found = pattern.search(answer.model_dump_json())
                assert not found, f"{found!r} in {type(answer).__name__}"


@pytest.mark.parametrize("name", RULES)
def test_the_sums_are_exact_all_the_same(dataset: Dataset, model: FactorModel, name: str) -> None:
    world = make_world(dataset, model, *RULES[name][0])
    checked = 0
    for user_id in ASKED:
        for answer in answers(world, user_id):
            if isinstance(answer, Explanation):
                check_sums(answer.attribution)
                checked += 1
    assert checked or name == "all of it"


def check_sums(found: Attribution) -> None:
    for terms in (found.views.history, found.views.attribute, found.views.pair):
        assert terms is not None
        total = found.baseline + sum(term.value for term in terms)
        assert total == pytest.approx(found.score, abs=1e-9)


def test_text_rules_leave_every_score_as_it_is(dataset: Dataset, model: FactorModel) -> None:
    plain = make_world(dataset, model)
    told = make_world(dataset, model, *RULES["items, text"][0])
    for user_id in dataset.users:
        before, after = plain.people.person(user_id), told.people.person(user_id)
        assert after.history.items.tolist() == before.history.items.tolist()
        assert after.unnamed == HALF & set(before.history.items.tolist())
        assert set(after.excluded) == set(before.excluded) | HALF
        scores = Standing(plain.model, before.history, before.excluded).scores
        for explanation in told.explainer.explain(after, candidates(told, after), 5):
            item = told.item(explanation.item.title)
            assert explanation.attribution.score == pytest.approx(scores[item])


def candidates(world: World, person: Any) -> list[int]:
    return [int(i) for i in world.model.top_k(person.history, 3, person.excluded)[0]]


def test_score_rules_take_the_terms_out_and_leave_the_other_ages(
    dataset: Dataset, model: FactorModel
) -> None:
    plain = make_world(dataset, model)
    kept = make_world(dataset, model, *RULES["items, score"][0])
    for user_id in dataset.users:
        before, after = plain.people.person(user_id), kept.people.person(user_id)
        rest = before.history.without(sorted(HALF))
        assert after.history.items.tolist() == rest.items.tolist()
        assert after.history.ages.tolist() == rest.ages.tolist()
        assert after.unnamed == frozenset()


def test_the_others_are_told_as_such(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model, *RULES["items, text"][0])
    told = with_others = 0
    for user_id in dataset.users:
        person = world.people.person(user_id)
        for explanation in world.explainer.explain(person, candidates(world, person), 5):
            [piece] = [p for p in explanation.evidence if p.id == "O1"]
            terms = explanation.attribution.views.history
            [term] = [t for t in terms if t.source.kind == "other_history"]
            assert piece.contribution == pytest.approx(term.value)
            standing = Standing(world.model, person.history, person.excluded)
            item = world.item(explanation.item.title)
            shorter = person.history.without(sorted(person.unnamed))
            lost = (
                standing.scores[item] - Standing(world.model, shorter, person.excluded).scores[item]
            )
            assert piece.contribution == pytest.approx(lost)
            assert piece.rank_without is None
            told += 1
            with_others += any('"because_others"' in s.text for s in explanation.sentences)
    assert told > with_others > 0


def test_asked_for_by_name_nothing_is_said(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model, *RULES["attribute, text"][0])
    person = world.people.person("u0")
    for ask in asking(world, person):
        for written in ("id01x", "Bramble Court", "bramble  COURT"):
            with pytest.raises(Withheld) as caught:
                ask(written)
            rest = str(caught.value).replace(repr(written), "")
            assert not re.search("id01x|bramble|oncology", rest, re.I)
    with pytest.raises(Withheld):
        world.people.find_attribute_told("oncology")


def asking(world: World, person: Any) -> list[Callable[[str], object]]:
    people = world.people
    return [
        lambda item: people.find_told(item, person),
        lambda item: people.find_candidate(item, person),
        lambda item: people.in_history(item, person),
    ]


def test_a_withheld_item_is_withheld_whether_it_is_known_or_not(
    dataset: Dataset, model: FactorModel
) -> None:
    world = make_world(dataset, model, *RULES["items, text"][0])
    messages = set()
    for user_id in dataset.users:
        person = world.people.person(user_id)
        for item in HALF:
            with pytest.raises(Withheld) as caught:
                world.people.find_told(f"id{item:02}x", person)
            messages.add(str(caught.value).replace(f"id{item:02}x", ""))
    assert len(messages) == 1, "the refusal does not tell the two apart"


def test_suggestions_name_nothing_sensitive(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model, *RULES["attribute, text"][0])
    plain = make_world(dataset, model)
    with pytest.raises(UnknownItem, match="Bramble Court"):
        plain.people.find("Bramble Cort")
    with pytest.raises(UnknownItem) as item:
        world.people.find("Bramble Cort")
    with pytest.raises(UnknownAttribute) as attribute:
        world.people.find_attribute("oncolgy")
    for error in (item.value, attribute.value):
        assert not re.search("court|oncology", f"{error}{error.closest}", re.I)
        assert error.__cause__ is None
        assert error.__suppress_context__


# By event type


def with_doses(dataset: Dataset) -> Dataset:
    """Views become doses: a type of event that is sensitive."""
    kinds = tuple("dose" if kind == "watch" else kind for kind in dataset.events.kinds)
    return replace(dataset, events=replace(dataset.events, kinds=kinds))


@pytest.mark.parametrize("keep", ["text", "score"])
def test_events_of_a_sensitive_type(
    dataset: Dataset, model: FactorModel, keep: Literal["text", "score"]
) -> None:
    doses = with_doses(dataset)
    rule = SensitiveRule(event_types=("dose",), keep_out_of=keep)
    world, plain = make_world(doses, model, rule), make_world(doses, model)
    for user_id in doses.users:
        user = doses.user(user_id)
        events = doses.describe_terms(user, disliked=True)
        own = {e.item for e in events if e.event_type == "dose"}
        assert len(own) == 2
        person = world.people.person(user_id)
        assert (person.unnamed == own) is (keep == "text")
        assert bool(own & set(person.history.items.tolist())) is (keep == "text")
        assert own <= person.withheld
        assert own <= set(person.excluded.tolist())
        pattern = spelled(world, own, {"dose"})
        assert pattern.search("".join(a.model_dump_json() for a in answers(plain, user_id)))
        for answer in answers(world, user_id):
            assert not pattern.search(answer.model_dump_json())


def test_an_item_with_other_events_as_well_is_told_by_those(
    dataset: Dataset, model: FactorModel
) -> None:
    doses = with_doses(dataset)
    events = doses.events
    user = doses.user("u0")
    where = events.of_user(user)
    kind = np.array(events.kind)
    items = np.array(events.item)
    dosed = next(p for p in range(where.start, where.stop) if events.kinds[kind[p]] == "dose")
    rated = next(p for p in range(where.start, where.stop) if events.value[p] == 5)
    items[dosed] = items[rated]
    both = replace(doses, events=replace(events, item=items))
    world = make_world(both, model, SensitiveRule(event_types=("dose",)))
    person = world.people.person("u0")
    assert int(items[rated]) not in person.unnamed | person.withheld
    shown = "".join(answer.model_dump_json() for answer in answers(world, "u0"))
    assert both.catalogue.titles[items[rated]] in shown
    assert "dose" not in shown


# Counterfactuals


def test_a_counterfactual_removes_only_what_may_be_named(
    dataset: Dataset, model: FactorModel
) -> None:
    world = make_world(dataset, model, *RULES["items, text"][0])
    found = 0
    for user_id in dataset.users:
        for answer in answers(world, user_id):
            if isinstance(answer, Counterfactual) and answer.found:
                found += 1
                ids = [item.item_id for item in answer.removed]
                assert [p.fields["item_id"] for p in answer.evidence] == ids
                assert answer.sentence is not None
                assert answer.sentence.evidence == tuple(p.id for p in answer.evidence)
                person = world.people.person(user_id, context=TV)
                shorter = person.history.without([dataset.catalogue.find(id) for id in ids])
                standing = Standing(world.model, shorter, person.excluded)
                assert standing.rank(world.item(answer.item.title)) == answer.rank_after > 5
    assert found


def test_an_item_below_the_list_has_no_counterfactual(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model)
    person = world.people.person("u0")
    items, _ = world.model.top_k(person.history, 20, person.excluded)
    with pytest.raises(UsageError, match="its rank is 4"):
        counterfactual(world.explainer, person, int(items[3]), 3, 2)
    with pytest.raises(UsageError, match="knows it"):
        counterfactual(world.explainer, person, int(person.history.items[0]), 3, 2)
    with pytest.raises(UsageError, match="at least 1"):
        counterfactual(world.explainer, person, int(items[0]), 3, 0)
