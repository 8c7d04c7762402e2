"""Who likes what in a planted world is what the rules say, and nothing else decides it."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from recx_agent.errors import DataError
from recx_agent.evals.worlds import (
    KNOWABLE,
    RULES,
    UNKNOWABLE,
    Planted,
    WorldSpec,
    plant,
    read_rules,
    write_world,
)
from recx_agent.evals.worlds.files import RULES_FILE

CLEAN = WorldSpec(noise=0.0)
DAY, HOUR = 86_400, 3_600


@pytest.fixture(scope="module")
def clean() -> Planted:
    return plant(CLEAN)


def of_user(planted: Planted, user: str) -> list[tuple[str, int, int]]:
    return [(item, value, time) for who, item, value, time in planted.interactions if who == user]


def liked(planted: Planted, user: str) -> list[str]:
    return [item for item, value, _ in of_user(planted, user) if value >= 4]


def attributes_of(planted: Planted) -> dict[str, set[str]]:
    """``name=value`` of every item, read off the columns of the items file."""
    columns = planted.items
    return {
        item: {
            f"{name}={value}"
            for name in ("genre", "tone", "era", "tags")
            for value in columns[name][at].split("|")
        }
        for at, item in enumerate(columns["item_id"])
    }


def test_equal_settings_give_equal_worlds() -> None:
    assert plant(WorldSpec(seed=3)) == plant(WorldSpec(seed=3))
    assert plant(WorldSpec(seed=3)) != plant(WorldSpec(seed=4))


def test_every_rule_has_its_users_and_every_user_so_many_ratings(clean: Planted) -> None:
    assert Counter(rule.kind for rule in clean.rules.values()) == dict.fromkeys(RULES, 24)
    for user in clean.rules:
        items = [item for item, *_ in of_user(clean, user)]
        assert len(liked(clean, user)) == 10
        assert len(items) == len(set(items)) == 15


@pytest.mark.parametrize("kind", [*KNOWABLE, "either", "private"])
def test_without_noise_a_rule_decides_every_rating(clean: Planted, kind: str) -> None:
    for user in (user for user, rule in clean.rules.items() if rule.kind == kind):
        follows = set(clean.rules[user].items)
        assert all((value >= 4) == (item in follows) for item, value, _ in of_user(clean, user))


def test_noise_is_a_share_of_the_likes() -> None:
    noisy = plant(WorldSpec(noise=0.4, rules=("attribute", "alike")))
    strays = [
        sum(item not in rule.items for item in liked(noisy, user))
        for user, rule in noisy.rules.items()
    ]
    # Four of ten are drawn from all that is left; a few of them follow the rule by chance.
    assert max(strays) == 4
    assert 3.0 < np.mean(strays) < 4.0
    low = [(user, item) for user, item, value, _ in noisy.interactions if value < 4]
    assert not any(item in noisy.rules[user].items for user, item in low)


def test_the_items_of_a_rule_are_those_with_its_attributes(clean: Planted) -> None:
    has = attributes_of(clean)
    for rule in clean.rules.values():
        parts = set(rule.parts)
        if rule.kind == "either":
            assert set(rule.items) == {item for item, own in has.items() if len(parts & own) == 1}
        elif parts:
            assert set(rule.items) == {item for item, own in has.items() if parts <= own}


def test_a_twin_goes_together_with_the_rule_and_nothing_else_does(clean: Planted) -> None:
    has = attributes_of(clean)
    for genre in sorted({part for rule in clean.rules.values() for part in rule.parts[:1]}):
        if not genre.startswith("genre="):
            continue
        items = [own for own in has.values() if genre in own]
        twins = {t for r in clean.rules.values() if genre in r.parts for t in r.twins}
        shares = Counter(value for own in items for value in own - {genre})
        for value, count in shares.items():
            usual = np.mean([value in own for own in has.values()])
            if value in twins:
                assert count / len(items) > 0.8
            elif not (value.startswith("tone=") and twins):
                assert abs(count / len(items) - usual) < 0.2, (genre, value)


def test_of_a_series_no_attribute_says_anything(clean: Planted) -> None:
    has = attributes_of(clean)
    series = {rule.items for rule in clean.rules.values() if rule.kind == "alike"}
    assert len(series) == 3
    assert all(not set(one) & set(other) for one, other in pairwise(sorted(series)))
    for own in series:
        most = Counter(v for item in own for v in has[item] if not v.startswith("tags="))
        assert max(most.values()) < 0.75 * len(own)


def test_where_the_hour_rules_nothing_but_the_hour_does(clean: Planted) -> None:
    for user in (user for user, rule in clean.rules.items() if rule.kind == "hour"):
        for _, value, time in of_user(clean, user):
            assert (value >= 4) == (time % DAY >= 18 * HOUR)


def test_nobody_shares_an_unknowable_rule(clean: Planted) -> None:
    for kind in ("either", "private"):
        rules = [(r.parts, r.items) for r in clean.rules.values() if r.kind == kind]
        assert len(set(rules)) == len(rules)
    assert all(clean.rules[f"coin-{n}"].items == () for n in range(24))
    assert {rule.kind for rule in clean.rules.values() if not rule.knowable} == set(UNKNOWABLE)


def test_no_value_stands_in_a_title_or_belongs_to_two_attributes(clean: Planted) -> None:
    ids = set().union(*attributes_of(clean).values())
    values = [id.partition("=")[2] for id in ids]
    assert len(values) == len(set(values))
    words = {word for title in clean.items["title"] for word in title.split()}
    assert not words & set(values)
    assert len(set(clean.items["title"])) == CLEAN.items


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"likes": 11}, "11 likes of 360 items leave nothing to suggest; give 10"),
        ({"rules": ("coin", "coin")}, "twice"),
        ({"rules": ("weather",)}, "attribute"),
        ({"users_per_rule": 29}, "28"),
        ({"noise": 1.0}, "less than 1"),
    ],
)
def test_a_world_that_cannot_be_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        WorldSpec.model_validate(changes)


def test_a_world_as_files_holds_the_rules_beside_the_data(tmp_path: Path) -> None:
    planted = plant(WorldSpec(items=72, likes=2, users_per_rule=2))
    folder = write_world(tmp_path / "world", planted)
    assert read_rules(folder) == planted.rules
    text = (folder / "interactions.csv").read_text() + (folder / "items.csv").read_text()
    assert text.startswith("user_id,item_id,value,timestamp\nattribute-0,")
    assert len(text.splitlines()) == 1 + len(planted.interactions) + 1 + 72
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    write_world(folder, planted)
    assert before == [path.read_bytes() for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("damage", ["", "[1]", json.dumps({"u": {"kind": "coin"}})])
def test_damaged_rules_are_an_error_with_a_remedy(tmp_path: Path, damage: str) -> None:
    (tmp_path / RULES_FILE).write_text(damage)
    with pytest.raises(DataError, match=r"no rules of a planted world.*plants the world anew"):
        read_rules(tmp_path)


def test_where_few_items_follow_a_rule_the_rest_is_liked_by_chance() -> None:
    few = plant(WorldSpec(rules=("conjunction",), items=72, likes=2, noise=0.0, seed=4))
    sizes = [len(rule.items) for rule in few.rules.values()]
    assert min(sizes) < 2
    assert all(len(liked(few, user)) == 2 for user in few.rules)
