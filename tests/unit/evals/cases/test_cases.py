"""Cases of a workspace and of a file of rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import DataError
from recx_agent.evals.cases import workspace_cases, xrec_cases
from recx_agent.evals.cases.workspace import facts_of, sources_of
from recx_agent.protocols import Plan
from recx_agent.schemas import Recommendations


def test_a_case_is_what_the_public_record_tells(planted_workspace: Path) -> None:
    with Recx.open(planted_workspace) as recx:
        cases = workspace_cases(recx, users=3, per_user=2)
        assert len(cases) == 6
        case = cases[0]
        explained = recx.explain(case.user_id, case.item_id)
        record = case.extra["explanation"]
        assert case.item_id == recx.recommend(case.user_id, 2).items[0].item_id
        assert case.extra["k"] == 10
        assert (case.item_id, case.title) == (explained.item.item_id, explained.item.title)
        assert record["attribution"]["score"] == explained.attribution.score
        assert record["attribution"]["views"]["history"]
        assert record["attribution"]["views"]["pair"] is None
        causes = [piece for piece in case.evidence if piece.kind == "cause"]
        assert causes[0].fields["contribution"] == explained.evidence[0].contribution
        assert isinstance(case.material, Plan)
        assert {piece.id for piece in case.told} < {piece.id for piece in case.evidence}
        json.dumps(dict(case.extra))


def test_cases_are_always_the_same_ones(planted_workspace: Path) -> None:
    with Recx.open(planted_workspace) as recx:
        few, more = workspace_cases(recx, users=2), workspace_cases(recx, users=4)
        assert [case.digest for case in few] == [case.digest for case in more[:2]]
        assert len({case.key for case in more}) == 4
        chinese = workspace_cases(recx, users=2, language="zh")
    assert {case.language for case in chinese} == {"zh"}
    assert {case.key for case in chinese}.isdisjoint(case.key for case in few)


def test_there_are_no_more_users_than_there_are(
    planted_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    with Recx.open(planted_workspace) as recx:
        nothing = Recommendations(user_id="u", items=())
        monkeypatch.setattr(recx, "recommend", lambda *args, **options: nothing)
        workspace_cases(recx, users=10_000, progress=lambda stage, done, total: told.append(total))
    assert told == [40] * 40


def test_what_is_known_of_the_data_goes_with_them(planted_workspace: Path) -> None:
    with Recx.open(planted_workspace) as recx:
        facts, sources = facts_of(recx), sources_of(recx)
        assert facts["fingerprint"] == recx.dataset.fingerprint
    assert facts["users"] == 40
    assert sources.data.scale == (1.0, 5.0)
    assert sources.interactions is None, "it was fitted on data frames"


def test_rows_come_with_the_texts_of_others(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {
            "user_id": str(n),
            "title": f"Book {n}",
            "user_summary": "Likes ships.",
            "item_summary": "On ships.",
            "reference": "It has ships.",
            "xrec_output": "The user would enjoy it.",
        }
        for n in range(5)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    cases = xrec_cases(path, 3, seed=1)
    assert [case.key for case in cases] == [case.key for case in xrec_cases(path, 5, seed=1)[:3]]
    assert dict(cases[0].texts) == {
        "xrec": "The user would enjoy it.",
        "reference": "It has ships.",
    }
    assert [(piece.id, piece.kind) for piece in cases[0].evidence] == [
        ("U1", "support"),
        ("I1", "fact"),
    ]
    assert cases[0].told == cases[0].evidence
    path.write_text('{"title": "Book"}\n')
    with pytest.raises(DataError, match="row 1"):
        xrec_cases(path, 3)
