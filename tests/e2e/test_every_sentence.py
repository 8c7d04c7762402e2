"""Every sentence shown is true: each is read back and held against the raw MovieLens files."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.check import ListCheck
from recx_agent.evals.scorers.grounded.known.terms import LISTED as K
from recx_agent.evals.scorers.grounded.known.terms import RankWithout
from tests.e2e.raw_lies import LIES
from tests.e2e.raw_report import kinds, plant, problems_of, public, report, shown_first

MIN_EXPLAINED = 0.80
PLANTED = 100
"""Untruths planted of each kind, where so many sentences of the sample are fit for it."""

Json = dict[str, Any]


@pytest.fixture(scope="module")
def lists(recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout) -> list[ListCheck]:
    return [
        ListCheck(raw, [public(e) for e in recx.explain_list(user, K)], K, rank_without)
        for user in users
    ]


@pytest.fixture(scope="module")
def singles(recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout) -> list[ListCheck]:
    """Films taken blindly: far down the ranks, and often against the user's liking."""
    dice = random.Random(1)
    few = sorted(users, key=lambda user: len(raw.ratings[user]))[:30]
    checks = []
    for user in [*users[:150], *3 * few]:
        strange = {
            film.title: raw.same(id)
            for id, film in raw.films.items()
            if not raw.rated(user, film.title)
        }
        item, k = strange[dice.choice(sorted(strange))], dice.choice((1, 5, 10, 100))
        checks.append(ListCheck(raw, [public(recx.explain(user, item, k))], k, rank_without))
    return checks


@pytest.fixture(scope="module")
def demanding(
    film_workspace: Path, raw: Raw, users: list[str], rank_without: RankWithout
) -> list[ListCheck]:
    """Where much is asked of a reason: attributes are told then, or no reason at all."""
    recx = Recx.open(film_workspace, evidence={"min_share": 0.45})
    return [
        ListCheck(raw, [public(e) for e in recx.explain_list(u, K)], K, rank_without, 0.45)
        for u in users[:40]
    ]


def test_every_sentence_of_300_lists_is_true(lists: list[ListCheck]) -> None:
    problems = problems_of(lists)
    verdicts = Counter(s.public["verdict"] for check in lists for s in check.shown)
    explained = 1 - verdicts["abstained"] / sum(verdicts.values())
    report(f"{sum(verdicts.values())} explanations, {explained:.1%} explained", kinds(lists))
    assert sum(verdicts.values()) == len(lists) * K
    assert not problems, shown_first(problems)
    assert explained >= MIN_EXPLAINED


def test_every_sentence_of_a_single_explanation_is_true(singles: list[ListCheck]) -> None:
    problems = problems_of(singles)
    report("single explanations", kinds(singles))
    assert not problems, shown_first(problems)
    assert {"outside", "speaks_for", "against", "everyone_against"} <= set(kinds(singles))


def test_what_is_said_of_a_film_the_user_knows_is_true(
    recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    dice = random.Random(2)
    checks, planted, missed = [], 0, []
    for user in users[:150]:
        item = dice.choice([id for id in sorted(raw.ratings[user]) if raw.same(id) == id])
        checks.append(ListCheck(raw, [public(recx.explain(user, item))], K, rank_without))
        for rating in {1, 2, 3, 4, 5} - set(raw.rated(user, raw.films[item].title).values()):
            true = checks[-1].shown[0].public["sentences"][0]["text"]
            untrue = true.replace(f"{raw.ratings[user][item]} out of", f"{rating} out of")
            planted += 1
            missed += [untrue] * (not checks[-1].sentence(0, 0, untrue))
    problems = problems_of(checks)
    assert not problems, shown_first(problems)
    assert set(kinds(checks)) == {"own_item"}
    assert planted > 500 and not missed


def test_what_is_said_without_a_reason_of_the_users_own_is_true(
    recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    """Strangers, users who liked nothing, and users of whom little is known."""
    nothing = [user for user, own in raw.ratings.items() if max(own.values()) < raw.scale.liked]
    cases = [[public(e) for e in recx.explain_list(user, K)] for user in nothing]
    cases += [
        [public(e) for e in recx.explain_list(f"stranger {n}", K, allow_cold=True)]
        for n in range(8)
    ]
    items = [raw.same(id) for id in sorted(raw.films)[::40]]
    cases += [[public(recx.explain("a stranger", item, allow_cold=True))] for item in items]
    few = sorted(users, key=lambda user: len(raw.ratings[user]))[:20]
    popular = [raw.same(id) for id in sorted(raw.films, key=lambda id: -raw.liked[id])[:8]]
    for user in few:
        unknown = [id for id in popular if not raw.rated(user, raw.films[id].title)]
        cases += [[public(recx.explain(user, id))] for id in unknown]
    checks = [ListCheck(raw, case, K, rank_without) for case in cases]
    problems = problems_of(checks)
    told = kinds(checks)
    report("without a reason of the user's own", told)
    assert not problems, shown_first(problems)
    assert told["no_history"]


def test_what_is_said_when_more_is_asked_of_a_reason_is_true(
    demanding: list[ListCheck],
) -> None:
    problems = problems_of(demanding)
    told = kinds(demanding)
    report("with min_share = 0.45", told)
    assert not problems, shown_first(problems)
    assert told["because_attr"] and told["no_single_cause"]


def test_what_is_said_of_a_history_that_foretells_nothing_is_true(
    film_workspace: Path, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    """So much is asked of a history here that short ones are not certain enough."""
    checks = []
    few = sorted(users, key=lambda user: len(raw.ratings[user]))[:12]
    with Recx.open(film_workspace, evidence={"foretold_from": 1.0}) as recx:
        for user in few:
            far = recx.recommend(user, 40).items[-1].item_id
            cases = [recx.explain_list(user, 5), [recx.explain(user, far, 5)]]
            cases.append(recx.explain_candidates(user, [far], "the shop's own list"))
            checks += [ListCheck(raw, [public(e) for e in case], 5, rank_without) for case in cases]
    for check in checks:
        check.foretold_from = 1.0
    problems, told = problems_of(checks), kinds(checks)
    report("with foretold_from = 1", told)
    assert not problems, shown_first(problems)
    assert told["unforetold"] >= 20
    for check in checks:
        check.foretold_from = 0.0
    assert len(problems_of(checks)) == told["unforetold"]


def test_what_is_said_of_films_that_another_recommender_chose_is_true(
    recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    dice = random.Random(4)
    films = sorted({raw.same(id) for id in raw.films})
    checks = []
    for user in users[:60]:
        chosen = dice.sample(films, 5) + [raw.same(dice.choice(sorted(raw.ratings[user])))]
        shown = recx.explain_candidates(user, chosen, "the shop's own list")
        checks += [ListCheck(raw, [public(e)], K, rank_without) for e in shown]
    problems, told = problems_of(checks), kinds(checks)
    report("chosen elsewhere", told)
    assert not problems, shown_first(problems)
    assert told["chosen_elsewhere"] == len(checks) >= 300
    assert told["speaks_for"] >= 60 and told["own_item"] >= 60
    planted, missed = plant(checks, LIES, 60, random.Random(5))
    assert not missed, "\n".join(f"{name}: {texts[:3]}" for name, texts in missed.items())
    assert planted["chosen by somebody else"] == planted["rank outside the list one off"] == 60


def test_what_is_said_of_a_history_without_several_films_is_true(
    recx: Recx, raw: Raw, users: list[str], rank_without: RankWithout
) -> None:
    told, several = 0, 0
    for user in users[:60]:
        for item in recx.recommend(user, K).items[::4]:
            found = recx.counterfactual(user, item.item_id, K)
            if found.sentence is None:
                continue
            explained = public(recx.explain(user, item.item_id, K))
            explained["sentences"] = [found.sentence.model_dump()]
            explained["evidence"] = [piece.model_dump(mode="json") for piece in found.evidence]
            explained["text"], explained["verdict"] = found.sentence.text, "abstained"
            check = ListCheck(raw, [explained], K, rank_without)
            problems = check.problems()
            assert not problems, shown_first(problems)
            (sentence,) = check.shown[0].told
            assert sentence is not None and sentence.kind == "without"
            assert sentence.numbers["k"] == K
            told += 1
            several += len(sentence.gone) > 1
            if len(sentence.gone) > 1:
                untrue = found.sentence.text.replace(f"“{sentence.gone[0]}”", "“Toy Story”")
                assert check.sentence(0, 0, untrue)
    assert told >= 60 and several >= 20


def test_every_untruth_planted_is_found(
    lists: list[ListCheck], singles: list[ListCheck], demanding: list[ListCheck]
) -> None:
    """Each kind is planted into true sentences only, each in its own place."""
    planted, missed = plant(lists + singles + demanding, LIES, PLANTED, random.Random(3))
    assert len(LIES) >= 45
    assert not missed, "\n".join(f"{name}: {texts[:3]}" for name, texts in missed.items())
    # Sentences fit for the scarcest are few: little is told anew in a list.
    assert min(planted.values()) >= 3 and len(planted) == len(LIES), planted
    assert sum(count >= 80 for count in planted.values()) >= 40, planted


def _rating(public: Json) -> None:
    piece = public["evidence"][0]
    piece["fields"]["events"][0]["rating"] = 9.0 - piece["fields"]["events"][0]["rating"]


def _date(public: Json) -> None:
    public["evidence"][0]["text"] = public["evidence"][0]["text"][:-1] + "x"


def _support(public: Json) -> None:
    public["evidence"][0]["kind"] = "support"


def _contribution(public: Json) -> None:
    public["evidence"][0]["contribution"] *= 1.01


def _term(public: Json) -> None:
    cited = public["evidence"][0]["fields"]["item_id"]
    for term in public["attribution"]["views"]["history"]:
        term["value"] *= -1 if term["source"]["id"] == cited else 1


def _small_terms(public: Json) -> None:
    told = [piece["fields"].get("item_id") for piece in public["evidence"]]
    for term in public["attribution"]["views"]["history"]:
        term["value"] *= 1 if term["source"]["id"] in told else 30


def _standing(public: Json) -> None:
    (piece,) = [piece for piece in public["evidence"] if piece["id"] == "B1"]
    piece["fields"]["liked_by"] += 1


def _fact(public: Json) -> None:
    (piece,) = [piece for piece in public["evidence"] if piece["id"] == "F1"]
    piece["fields"]["values"] = ["1901"]


def _verdict(public: Json) -> None:
    public["verdict"] = "abstained"


def _text(public: Json) -> None:
    public["text"] += " It won four Oscars."


def _user(public: Json) -> None:
    public["user_id"] = "405" if public["user_id"] != "405" else "13"


@pytest.mark.parametrize(
    "change",
    [_rating, _date, _support, _contribution, _term, _small_terms]
    + [_standing, _fact, _verdict, _text, _user],
)
def test_every_change_of_what_goes_with_the_text_is_found(
    lists: list[ListCheck], raw: Raw, rank_without: RankWithout, change: Callable[[Json], None]
) -> None:
    tried = 0
    for check in lists[:60]:
        first = check.shown[0].told[0]
        if first and first.kind == "because_history":
            changed = [dict(shown.public) for shown in check.shown]
            changed[0] = copy.deepcopy(changed[0])
            change(changed[0])
            after = ListCheck(raw, changed, K, rank_without).problems()
            tried += 1
            assert set(map(of_no_user, after)) - set(map(of_no_user, check.problems()))
    assert tried >= 30


def of_no_user(problem: str) -> str:
    """A problem without the user it begins with."""
    return problem.split(maxsplit=2)[2]
