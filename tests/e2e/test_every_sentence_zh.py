"""Every sentence shown in Chinese is true: each is read back and held against the raw files."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.check import ListCheck
from recx_agent.evals.scorers.grounded.known.chinese import CHINESE
from recx_agent.evals.scorers.grounded.known.terms import LISTED as K
from recx_agent.evals.scorers.grounded.known.terms import MIN_SHARE, RankWithout
from tests.e2e.raw_lies_zh import LIES
from tests.e2e.raw_report import kinds, plant, problems_of, public, report, shown_first

WORDS = {"item": "电影", "attribute_names": {"year": "年份", "genre": "类型"}}
PLANTED = 60


def check(
    raw: Raw, shown: list[dict[str, object]], rank_without: RankWithout, share: float = MIN_SHARE
) -> ListCheck:
    return ListCheck(raw, shown, K, rank_without, share, CHINESE)


@pytest.fixture(scope="module")
def told_in_chinese(film_workspace: Path) -> Recx:
    return Recx.open(film_workspace, wording={"by_language": {"zh": WORDS}})


@pytest.fixture(scope="module")
def lists(
    told_in_chinese: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> list[ListCheck]:
    return [
        check(
            raw,
            [public(e) for e in told_in_chinese.explain_list(user, K, language="zh")],
            rank_without,
        )
        for user in users[:150]
    ]


@pytest.fixture(scope="module")
def singles(
    told_in_chinese: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> list[ListCheck]:
    """Films taken blindly, some of them known to the user, some chosen elsewhere."""
    dice = random.Random(1)
    films = sorted({raw.same(id) for id in raw.films})
    checks = []
    for user in users[:150]:
        item = dice.choice(films)
        shown = told_in_chinese.explain(user, item, K, language="zh")
        checks.append(check(raw, [public(shown)], rank_without))
        own = raw.same(dice.choice(sorted(raw.ratings[user])))
        for chosen in told_in_chinese.explain_candidates(
            user, [dice.choice(films), own], "Acme", K, language="zh"
        ):
            checks.append(check(raw, [public(chosen)], rank_without))
    return checks


@pytest.fixture(scope="module")
def demanding(
    film_workspace: Path, raw: Raw, users: list[str], rank_without: RankWithout
) -> list[ListCheck]:
    """Where much is asked of a reason, and the language is that of the settings."""
    recx = Recx.open(
        film_workspace, evidence={"min_share": 0.45}, wording={"language": "zh", **WORDS}
    )
    return [
        check(raw, [public(e) for e in recx.explain_list(user, K)], rank_without, 0.45)
        for user in users[:30]
    ]


def test_every_sentence_of_a_list_is_true(lists: list[ListCheck]) -> None:
    problems, told = problems_of(lists), kinds(lists)
    languages = Counter(s.public["writer"]["language"] for check in lists for s in check.shown)
    report("Chinese lists", told)
    assert not problems, shown_first(problems)
    assert languages == {"zh": len(lists) * K}


def test_every_sentence_of_a_single_explanation_is_true(singles: list[ListCheck]) -> None:
    problems, told = problems_of(singles), kinds(singles)
    report("single Chinese explanations", told)
    assert not problems, shown_first(problems)
    assert {"outside", "speaks_for", "chosen_elsewhere", "own_item"} <= set(told)


def test_what_is_said_when_more_is_asked_of_a_reason_is_true(demanding: list[ListCheck]) -> None:
    problems, told = problems_of(demanding), kinds(demanding)
    report("in Chinese with min_share = 0.45", told)
    assert not problems, shown_first(problems)
    assert told["because_attr"] and told["no_single_cause"]


def test_what_is_said_of_a_history_that_foretells_nothing_is_true(
    film_workspace: Path, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    few = sorted(users, key=lambda user: len(raw.ratings[user]))[:8]
    with Recx.open(
        film_workspace, evidence={"foretold_from": 1.0}, wording={"language": "zh", **WORDS}
    ) as recx:
        lists = [[public(e) for e in recx.explain_list(user, K)] for user in few]
    checks = [check(raw, shown, rank_without) for shown in lists]
    for one in checks:
        one.foretold_from = 1.0
    problems, told = problems_of(checks), kinds(checks)
    report("in Chinese with foretold_from = 1", told)
    assert not problems, shown_first(problems)
    assert told["unforetold"] >= 10


def test_what_is_said_without_a_reason_of_the_users_own_is_true(
    told_in_chinese: Recx, raw: Raw, rank_without: RankWithout
) -> None:
    nothing = [user for user, own in raw.ratings.items() if max(own.values()) < raw.scale.liked]
    cases = [
        [public(e) for e in told_in_chinese.explain_list(user, K, allow_cold=True, language="zh")]
        for user in [*nothing, *(f"陌生人{n}" for n in range(8))]
    ]
    checks = [check(raw, case, rank_without) for case in cases]
    problems = problems_of(checks)
    assert not problems, shown_first(problems)
    assert kinds(checks)["no_history"] >= 80


def test_every_untruth_planted_is_found(
    lists: list[ListCheck], singles: list[ListCheck], demanding: list[ListCheck]
) -> None:
    planted, missed = plant(lists + singles + demanding, LIES, PLANTED, random.Random(3))
    assert len(LIES) >= 45
    assert not missed, "\n".join(f"{name}: {texts[:3]}" for name, texts in missed.items())
    assert len(planted) == len(LIES), set(LIES) - set(planted)
    assert sum(count >= 40 for count in planted.values()) >= 38, planted
