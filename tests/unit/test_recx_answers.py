"""The newer answers of the facade, with the real writer and index: on the planted world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from recx_agent import Recx
from recx_agent.errors import NotOffered, SettingsError, UnknownUser, UsageError, Withheld
from recx_agent.protocols import CurrentFact
from recx_agent.schemas import Explanation

SHOP = "our shop's ranker"


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Iterator[Recx]:
    with Recx.open(planted_workspace) as opened:
        yield opened


@pytest.fixture
def own(new_workspace: Callable[[], Path]) -> Iterator[Recx]:
    """A workspace that may be written to."""
    with Recx.open(new_workspace()) as opened:
        yield opened


def letters(explanation: Explanation) -> list[str]:
    return [sentence.evidence[0][0] for sentence in explanation.sentences]


# Candidates from elsewhere


def test_candidates_of_another_recommender(recx: Recx) -> None:
    known = recx.dataset.catalogue.titles[int(recx.dataset.history(0).items[0])]
    best = recx.recommend("u0", 1).items[0]
    found = recx.explain_candidates("u0", [best.item_id, known, "Western 1", best.title], SHOP)
    assert [e.item.title for e in found] == [best.title, known, "Western 1"]
    for explanation in found:
        assert explanation.chosen_by == SHOP
        assert explanation.sentences[0].evidence == ("R1",)
        assert SHOP in explanation.sentences[0].text
        rest = " ".join(sentence.text for sentence in explanation.sentences[1:])
        assert "because" not in rest.replace("not suggested because", "").lower()
    assert "H" in letters(found[0])[1:]
    assert found[1].verdict == "abstained"
    assert found[1].attribution.rank is None


@pytest.mark.parametrize("name", ["", "  "])
def test_the_other_recommender_has_a_name(recx: Recx, name: str) -> None:
    with pytest.raises(UsageError, match="chosen_by"):
        recx.explain_candidates("u0", ["i1"], name)


def test_no_candidates_no_explanations(recx: Recx) -> None:
    assert recx.explain_candidates("u0", [], SHOP) == []


# Counterfactual


def test_a_counterfactual_is_what_the_what_if_gives(recx: Recx) -> None:
    found = 0
    for user in recx.dataset.users.ids[:10]:
        for item in recx.recommend(user, 3).items[1:]:
            answer = recx.counterfactual(user, item.item_id, k=3, budget=4)
            assert answer.rank_before == item.rank
            if not answer.found:
                assert answer.sentence is None
                assert answer.evidence == ()
                continue
            found += 1
            assert answer.sentence is not None
            assert item.title in answer.sentence.text
            ids = [removed.item_id for removed in answer.removed]
            assert set(answer.sentence.evidence) == {piece.id for piece in answer.evidence}
            assert [piece.fields["item_id"] for piece in answer.evidence] == ids
            for removed in answer.removed:
                assert removed.title in answer.sentence.text
            changed = recx.what_if(user, remove=ids, k=20)
            after = {moved.item_id: moved.rank_after for moved in changed.moved}
            assert after[item.item_id] == answer.rank_after > 3
            for one in ids:
                rest = recx.what_if(user, remove=[id for id in ids if id != one], k=20)
                ranks = {moved.item_id: moved.rank_after for moved in rest.moved}
                assert (ranks[item.item_id] or 99) <= 3
    assert found >= 5


def test_a_counterfactual_of_an_item_that_is_not_in_the_list(recx: Recx) -> None:
    fourth = recx.recommend("u0", 4).items[3]
    with pytest.raises(UsageError, match="not among the top 3: its rank is 4"):
        recx.counterfactual("u0", fourth.item_id, k=3)


# Context


def test_a_model_without_contexts_says_so(recx: Recx) -> None:
    for ask in (recx.recommend, recx.explain_list, recx.what_if):
        with pytest.raises(NotOffered, match="context"):
            ask("u0", context={"device": "tv"})


# Language


def test_the_language_can_be_asked_for(recx: Recx) -> None:
    chinese = recx.explain_list("u0", 2, language="zh")
    english = recx.explain_list("u0", 2)
    for there, here in zip(chinese, english, strict=True):
        assert (there.writer.language, here.writer.language) == ("zh", "en")
        assert there.text == "".join(sentence.text for sentence in there.sentences)
        assert "推荐" in there.text
        assert "film" not in there.text, "the noun that is set is an English one"
        assert there.attribution == here.attribution
        assert [p.id for p in there.evidence] == [p.id for p in here.evidence]
    with pytest.raises(UsageError, match="en, zh"):
        recx.explain("u0", english[0].item.item_id, language="fr")


def test_nouns_by_language(planted_workspace: Path) -> None:
    wording: dict[str, Any] = {
        "by_language": {
            "zh": {"item": "电影", "measure_word": "部", "attribute_names": {"genre": "类型"}}
        }
    }
    with Recx.open(planted_workspace, wording=wording) as recx:
        text = "".join(e.text for e in recx.explain_list("u0", 5, language="zh"))
        assert "类型" in text
        assert "genre" not in text
        assert "内容" not in text
        assert "9 films" in recx.explain_list("u0", 1)[0].model_dump_json()


# Facts that change


def test_facts_of_now(planted_workspace: Path) -> None:
    now = datetime.now(UTC)

    def facts(ids: Sequence[str]) -> dict[str, list[CurrentFact]]:
        return {
            ids[0]: [
                CurrentFact("price", ("9 €",), now - timedelta(minutes=1)),
                CurrentFact("stock", ("3",), now - timedelta(days=1)),
            ]
        }

    with Recx.open(planted_workspace, facts=facts) as recx:
        first, second = recx.explain_list("u0", 2)
    assert "9 €" in first.text
    assert "stock" not in first.model_dump_json()
    assert "price" not in second.model_dump_json()


def test_facts_may_be_settings_too(planted_workspace: Path) -> None:
    with (
        Recx.open(planted_workspace, facts={"hook": "no_such_module:facts"}) as recx,
        pytest.raises(SettingsError, match=r"facts\.hook"),
    ):
        recx.explain_list("u0", 1)


# Hidden items and erased users


def test_hiding_and_showing_again(own: Recx) -> None:
    before = own.explain_list("u0", 3)
    item = own.profile("u0").history[0]
    assert own.hide("u0", item.title)
    assert not own.hide("u0", item.item_id)
    assert [ref.title for ref in own.hidden("u0")] == [item.title]
    assert item.item_id not in {entry.item_id for entry in own.profile("u0").history}
    pattern = re.compile(rf"\b{item.title}\b|\b{item.item_id}\b")
    after = own.explain_list("u0", 3)
    assert not pattern.search("".join(e.model_dump_json() for e in after))
    assert item.item_id not in {i.item_id for i in own.recommend("u0", 30).items}
    with pytest.raises(Withheld):
        own.explain("u0", item.title)
    assert pattern.search("".join(e.model_dump_json() for e in own.explain_list("u2", 3)))
    assert own.unhide("u0", item.title)
    assert not own.unhide("u0", item.title)
    assert own.explain_list("u0", 3) == before
    with pytest.raises(UnknownUser):
        own.hide("nobody", item.title)


def test_an_erased_user_is_unknown_at_once(own: Recx) -> None:
    own._store.tombstones.put("u0")
    for ask in (own.recommend, own.explain_list, own.profile, own.what_if, own.hidden):
        with pytest.raises(UnknownUser):
            ask("u0")
    assert own.recommend("u1", 1)


# What is sensitive


def answers(recx: Recx, user: str, items: Sequence[str]) -> Iterator[BaseModel]:
    yield recx.recommend(user, 30)
    yield recx.profile(user)
    yield recx.what_if(user, k=30)
    yield from recx.hidden(user)
    for language in ("en", "zh"):
        yield from recx.explain_list(user, 12, language=language)
        yield from recx.explain_candidates(user, items, SHOP, language=language)
        for item in recx.recommend(user, 4).items:
            yield recx.counterfactual(user, item.item_id, 4, language=language)


@pytest.mark.parametrize("keep", ["text", "score"])
def test_no_answer_names_what_is_sensitive(planted_workspace: Path, keep: str) -> None:
    sensitive = [f"i{n}" for n in (*range(0, 30, 4), 1, 5)]
    rule = {"items": sensitive, "keep_out_of": keep}
    titles = [f"(?:Comedy|Western) {id[1:]}" for id in sensitive]
    pattern = re.compile(rf"\b(?:{'|'.join(titles + sensitive)})\b")
    with Recx.open(planted_workspace, privacy={"sensitive": [rule]}) as recx:
        users = recx.dataset.users.ids[:6]
        told = [f"i{n}" for n in range(30) if f"i{n}" not in sensitive]
        others = 0
        for user in users:
            for answer in answers(recx, user, told):
                found = pattern.search(answer.model_dump_json())
                assert not found, f"{found} in {type(answer).__name__} of {user}"
                others += isinstance(answer, Explanation) and "O1" in {
                    id for sentence in answer.sentences for id in sentence.evidence
                }
            for item in sensitive[:2]:
                with pytest.raises(Withheld):
                    recx.explain(user, item)
        assert bool(others) is (keep == "text")
        if keep == "text":
            assert recx.profile("u0").other_items > 0


def test_an_attribute_that_is_not_told(planted_workspace: Path) -> None:
    rule = {"attributes": ["genre=Film"], "cover_items": False}
    with Recx.open(planted_workspace, privacy={"sensitive": [rule]}) as recx:
        for answer in answers(recx, "u0", ["i1"]):
            assert not re.search(r"\bFilm\b", answer.model_dump_json())
        scores = [item.score for item in recx.recommend("u0").items]
        with pytest.raises(Withheld):
            recx.what_if("u0", mute=["Film"])
    with Recx.open(planted_workspace) as plain:
        assert [item.score for item in plain.recommend("u0").items] == scores
    muting = {"sensitive": [{**rule, "keep_out_of": "score"}]}
    with Recx.open(planted_workspace, privacy=muting) as muted:
        assert [item.score for item in muted.recommend("u0").items] != scores
        for explanation in muted.explain_list("u0", 3):
            total = sum(term.value for term in explanation.attribution.contributions)
            assert total == pytest.approx(explanation.attribution.score, abs=1e-9)


# Closing


def test_closing_lets_go_of_index_and_store(planted_workspace: Path) -> None:
    with Recx.open(planted_workspace) as recx:
        recx.explain_list("u0", 1)
        recx.hidden("u0")
    recx.close()  # once more does no harm
