"""A history that does not foretell itself gets no reason, from the fit to the text."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.artefacts import write_sealed
from recx_agent.erasure import forget
from recx_agent.errors import ArtefactDamaged
from recx_agent.evals.worlds import WorldSpec, plant
from recx_agent.recommenders.witness.witnesses import fold_of
from recx_agent.schemas import Explanation, ExplanationTold
from recx_agent.workspace import Workspace

MODEL: dict[str, Any] = {"components": 16, "epochs": 20, "runs": 1, "threads": 1}
COLUMNS = ["user_id", "item_id", "value", "timestamp"]


def fit(folder: Path, **model: Any) -> build.Fitted:
    rules = ("attribute", "conjunction", "coin", "hour")
    planted = plant(WorldSpec(rules=rules, users_per_rule=28, noise=0.0))
    return build.fit(
        folder,
        interactions=pd.DataFrame(planted.interactions, columns=COLUMNS),
        items=pd.DataFrame(planted.items),
        data={"scale": (1, 5)},
        model={**MODEL, **model},
        wording={"item": "film"},
    )


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ruled") / "workspace"
    (remark,) = fit(folder).remarks
    assert re.fullmatch(r"witnesses: \d\d% of histories foretell themselves", remark)
    build.index(folder)
    return folder


@pytest.fixture
def own(ruled: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(ruled, tmp_path / "own"))


def first(recx: Recx, user_id: str, **options: Any) -> Explanation:
    return recx.explain(user_id, recx.recommend(user_id, 1).items[0].item_id, **options)


def judged(explanation: Explanation) -> dict[str, Any]:
    (whole,) = (piece for piece in explanation.evidence if piece.id == "T1")
    return whole.fields


def test_coins_get_no_reason_and_rules_get_theirs(ruled: Path) -> None:
    with Recx.open(ruled) as recx:
        verdicts = {
            rule: [first(recx, f"{rule}-{n}").verdict for n in range(8)]
            for rule in ("conjunction", "coin")
        }
    assert verdicts["conjunction"].count("template") >= 7
    assert verdicts["coin"].count("abstained") >= 7


def test_the_sentence_the_figure_and_the_list(ruled: Path) -> None:
    with Recx.open(ruled) as recx:
        user = next(
            f"coin-{n}" for n in range(9) if first(recx, f"coin-{n}").verdict == "abstained"
        )
        told = first(recx, user)
        assert "foretells the rest of it" in told.sentences[0].text
        assert told.sentences[0].evidence == ("T1",)
        assert judged(told)["foretold"] < 0.5
        assert judged(told)["likes_judged"] == 10
        # Nothing of the history is told beside it either, for or against.
        assert not any(id[0] in "HAO" for one in told.sentences for id in one.evidence)
        assert len(recx.recommend(user, 10).items) == 10
        zh = first(recx, user, language="zh")
        assert "推测不出其余部分" in zh.text
        *_, last = recx.stream_explanation(user, told.item.item_id)
        assert last == ExplanationTold(explanation=told)
        rank = recx.explain(user, recx.recommend(user, 20).items[-1].item_id, 10)
        assert "outside your top 10" in rank.sentences[0].text or "rank 20" in rank.text
        assert "nothing in your history is told for or against" in rank.text.lower()
        assert judged(first(recx, "conjunction-0"))["foretold"] >= 0.5


def test_it_can_be_switched_off(ruled: Path) -> None:
    with Recx.open(ruled, evidence={"foretold_from": 0.0}) as recx:
        told = [first(recx, f"coin-{n}") for n in range(3)]
    assert {one.verdict for one in told} == {"template"}
    assert min(judged(one)["foretold"] for one in told) < 0.5


def test_the_figure_is_of_the_history_of_now(ruled: Path) -> None:
    with Recx.open(ruled) as recx:
        item = recx.recommend("coin-0", 1).items[0].item_id
        ids, other = recx.dataset.catalogue.ids, recx.dataset.user("conjunction-3")
        liked = [ids.external(int(i)) for i in recx.dataset.history(other).items]
        strange = recx.explain("coin-0", item, history=liked)
        assert judged(strange)["foretold"] > 0.5 > judged(recx.explain("coin-0", item))["foretold"]


def test_without_witnesses_all_is_as_before(tmp_path: Path) -> None:
    done = fit(tmp_path, witnesses=False)
    assert done.version.witnesses is None
    assert done.remarks == ()
    build.index(tmp_path)
    with Recx.open(tmp_path) as recx:
        told = first(recx, "coin-0")
    assert told.verdict == "template"
    assert "foretold" not in judged(told)


def test_a_version_from_before_there_were_any_loads(own: Path) -> None:
    version = Workspace(own).current()
    notes = json.loads((version.folder / "notes.json").read_text())
    del notes["witnesses"], notes["seal"]
    write_sealed(version.folder / "notes.json", notes)
    shutil.rmtree(version.folder / "witnesses")
    with Recx.open(own) as recx:
        assert first(recx, "coin-0").verdict == "template"


def test_witnesses_that_are_gone_are_an_error(own: Path) -> None:
    shutil.rmtree(Workspace(own).current().folder / "witnesses")
    with pytest.raises(ArtefactDamaged, match="witnesses.*missing"):
        Recx.open(own)


def test_an_update_keeps_them_and_judges_a_new_user(own: Path) -> None:
    before = Workspace(own).current()
    rows = [("new", f"i{n}", 5, 1_800_000_000 + n) for n in (3, 50, 121, 200, 301)]
    build.update(own, interactions=pd.DataFrame(rows, columns=COLUMNS), epochs=0)
    after = Workspace(own).current()
    assert after.name != before.name
    assert after.witnesses is not None
    same = "usual-0.npy"
    assert (after.witnesses / same).read_bytes() == (
        before.folder / "witnesses" / same
    ).read_bytes()
    build.index(own)
    with Recx.open(own) as recx:
        assert judged(first(recx, "new"))["likes_judged"] == 5


def test_a_refit_trains_them_anew_without_the_erased(own: Path) -> None:
    before = Workspace(own).current().witnesses
    assert before is not None
    old = (before / "history_factors-0.npy").read_bytes()
    with Recx.open(own) as recx:
        seen = recx.dataset.users.ids
    erased = next(user for user in seen if fold_of(user) == 1)
    forget(own, erased, refit=True)
    after = Workspace(own).current().witnesses
    assert after is not None
    assert (after / "history_factors-0.npy").read_bytes() != old
