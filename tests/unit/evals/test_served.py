"""The model of a run, as it served the users of its cases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.evals.served import Served
from recx_agent.recx import Recx


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Recx:
    return Recx.open(planted_workspace)


def test_scores_and_ranks_are_those_that_are_explained(recx: Recx) -> None:
    served = Served.of(recx, ["u3", "u4", "u3"])
    assert served.standings.keys() == {"u3", "u4"}
    standing = served.standing("u3")
    assert standing is not None
    for one in recx.recommend("u3", 5).items:
        item = served.dataset.catalogue.ids.internal(one.item_id)
        assert (standing.rank(item), standing.scores[item]) == (one.rank, pytest.approx(one.score))
    known = recx.dataset.seen(recx.dataset.user("u3"))
    assert not standing.candidates[known].any()
    assert served.standing("u9") is None


def test_a_standing_is_handed_out_anew(recx: Recx) -> None:
    served = Served.of(recx, ["u3"])
    first, second = served.standing("u3"), served.standing("u3")
    assert first is not None and first.scores is not None
    assert second is not None and "scores" not in second.__dict__


def test_a_stranger_has_no_history(recx: Recx) -> None:
    standing = recx.standing("nobody")
    assert len(standing.history) == 0
    assert standing.candidates.all()


def test_the_digest_hangs_on_histories_models_and_seeds(recx: Recx) -> None:
    served = Served.of(recx, ["u3"])
    assert served.digest == Served.of(recx, ["u3"]).digest
    assert served.digest != Served.of(recx, ["u4"]).digest
    other = recx.standing("u3").model.muted([0])
    muted = {"u3": replace(recx.standing("u3"), model=other)}
    assert served.digest != replace(served, standings=muted).digest
    assert served.digest != replace(served, others=[other]).digest
