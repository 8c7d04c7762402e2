"""Writers under test, each on a case whose right text is known."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from recx_agent import Recx
from recx_agent.errors import DataError, LlmRefused, LlmUnreachable
from recx_agent.evals.cases import Case, workspace_cases
from recx_agent.evals.samples import Piece, Sentence
from recx_agent.evals.writers import LeftOut, WriterSpec, Written, make_writers
from recx_agent.evals.writers.baselines import BaselineTexts
from recx_agent.evals.writers.model import ModelTexts
from recx_agent.evals.writers.ranking import RankedStatements
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.evals.writers.texts import CaseTexts, FileTexts
from recx_agent.given import given_case
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest
from recx_agent.settings import Settings

CASE = Case(
    key="u1 i1",
    user_id="u1",
    item_id="i1",
    title="Ronin",
    language="en",
    evidence=(
        Piece("F1", "fact", "genre: Drama"),
        Piece("S1", "support", "you searched for heists"),
        Piece("H1", "cause", "“Heat”: 5 out of 5", {"contribution": 0.4}),
        Piece("H2", "cause", "“Alien”: 4 out of 5", {"contribution": 0.6}),
        Piece("H3", "cause", "“Jaws”: 1 out of 5", {"contribution": -0.9}),
        Piece("T1", "cause", "3 films in your history", {"contribution": 1.0}),
    ),
    texts={"theirs": "Critics love it [H1]."},
)


@pytest.fixture(scope="module")
def cases(planted_workspace: Path) -> list[Case]:
    with Recx.open(planted_workspace) as recx:
        return workspace_cases(recx, users=4)


def test_templates_write_what_the_facade_shows(
    planted_workspace: Path, cases: Sequence[Case]
) -> None:
    writer = TemplateTexts(Settings())
    written = [asyncio.run(writer.write(case)) for case in cases]
    writer.close()
    with Recx.open(planted_workspace) as recx:
        shown = [recx.explain(case.user_id, case.item_id) for case in cases]
    assert [one.text for one in written] == [one.text for one in shown]
    assert [one.verdict for one in written] == [one.verdict for one in shown]
    assert [[s.cites for s in one.sentences] for one in written] == [
        [s.evidence for s in one.sentences] for one in shown
    ]
    sample = written[0].sample(cases[0], "ours")
    assert sample.evidence == cases[0].evidence
    assert sample.extra["title"] == cases[0].title
    assert Written.of_dict(json.loads(json.dumps(written[0].as_dict()))) == written[0]


def test_templates_quote_passages() -> None:
    given = given_case("Ronin", ["Likes heists."], ["A film of heists."])
    writer = TemplateTexts(Settings())
    written = asyncio.run(writer.write(replace(CASE, material=given)))
    assert "heists" in written.text
    assert written.verdict == "template"
    with pytest.raises(LeftOut):
        asyncio.run(writer.write(CASE))
    writer.close()


def test_statements_are_shown_by_what_they_contribute() -> None:
    written = asyncio.run(RankedStatements(2).write(CASE))
    assert written.sentences == (
        Sentence("“Alien”: 4 out of 5.", ("H2",)),
        Sentence("“Heat”: 5 out of 5.", ("H1",)),
    )
    more = asyncio.run(RankedStatements(9).write(CASE))
    assert [s.cites for s in more.sentences] == [("H2",), ("H1",), ("S1",), ("F1",)]
    assert more.sentences[2].text == "You searched for heists."
    against = replace(CASE, evidence=CASE.evidence[-2:])
    with pytest.raises(LeftOut, match="no evidence"):
        asyncio.run(RankedStatements(2).write(against))


def answering(*answers: str | Exception) -> ScriptedChatModel:
    def reply(request: ChatRequest) -> ChatReply | Exception:
        answer = answers[min(len(model.asked), len(answers)) - 1]
        if isinstance(answer, Exception):
            return answer
        return ChatReply([ChatChoice(answer, "stop")], "m", 30, 7)

    model = ScriptedChatModel(reply, name="m")
    return model


def test_a_naive_prompt_is_shown_as_it_is() -> None:
    model = answering("You gave it top marks. Critics agree.")
    written = asyncio.run(BaselineTexts("naive", model, Settings().llm).write(CASE))
    assert written.text == "You gave it top marks. Critics agree."
    assert [s.cites for s in written.sentences] == [(), ()]
    assert written.took["completion_tokens"] == 7
    asked = model.requests[0]
    assert "H2: “Alien”: 4 out of 5" in asked.messages[-1].content
    assert asked.grammar is None


def test_json_comes_with_its_citations() -> None:
    answer = json.dumps([{"sentence": "Critics love it.", "evidence": ["H1"]}])
    model = answering(answer)
    written = asyncio.run(BaselineTexts("json", model, Settings().llm).write(CASE))
    assert written.sentences == (Sentence("Critics love it.", ("H1",)),)
    assert written.text == "Critics love it."
    assert model.requests[0].grammar is not None


@pytest.mark.parametrize("answer", ["oh", '["oh"]', '{"sentence": "a"}'])
def test_what_is_no_json_is_left_out(answer: str) -> None:
    with pytest.raises(LeftOut, match="no JSON"):
        asyncio.run(BaselineTexts("json", answering(answer), Settings().llm).write(CASE))


def test_a_refusal_is_left_out_and_a_broken_endpoint_is_not() -> None:
    refuses = BaselineTexts("naive", answering(LlmRefused("too long")), Settings().llm)
    with pytest.raises(LeftOut, match="too long"):
        asyncio.run(refuses.write(CASE))
    broken = BaselineTexts("naive", answering(LlmUnreachable("gone")), Settings().llm)
    with pytest.raises(LlmUnreachable):
        asyncio.run(broken.write(CASE))


def test_our_texts_by_a_model_are_checked_and_metered(cases: Sequence[Case]) -> None:
    model = answering("{ITEM} is here because of {H1}.")
    writer = ModelTexts(Settings(), model)
    written = [asyncio.run(writer.write(case)) for case in cases]
    writer.close()
    assert {one.verdict for one in written} <= {"supported", "repaired", "template", "abstained"}
    own = [one for one in written if one.verdict in ("supported", "repaired")]
    assert own
    assert all("{" not in one.text and one.took["completion_tokens"] >= 7 for one in own)
    assert own[0].extra["model"] == "m"
    assert not model.closed, "several writers share it"
    assert writer.description["model"] == "m"


def test_a_template_in_the_place_of_a_model_that_failed_is_no_text_of_it(
    cases: Sequence[Case],
) -> None:
    writer = ModelTexts(Settings(), answering(LlmUnreachable("gone")))
    with pytest.raises(LlmUnreachable, match="same command again"):
        for case in cases:
            asyncio.run(writer.write(case))
    writer.close()


ROWS = [
    {"user_id": "u1", "item_id": "i1", "text": "You liked “Heat” [H1]. A film."},
    {"user_id": "u2", "item_id": "i1", "text": "Good."},
]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_texts_of_a_file_are_found_by_user_and_item(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"texts{ending}"
    frame = pd.DataFrame(ROWS)
    if ending == ".csv":
        frame.to_csv(path, index=False)
    elif ending == ".parquet":
        frame.to_parquet(path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    writer = FileTexts(path)
    written = asyncio.run(writer.write(CASE))
    assert written.text == "You liked “Heat”. A film."
    assert written.sentences[0].cites == ("H1",)
    with pytest.raises(LeftOut, match="no text for this user"):
        asyncio.run(writer.write(replace(CASE, item_id="i2")))


def test_a_file_may_say_itself_what_its_sentences_cite(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    row = {**ROWS[1], "sentences": [{"text": "Good.", "cites": ["F1"]}]}
    path.write_text(json.dumps(row) + "\n")
    written = asyncio.run(FileTexts(path).write(replace(CASE, user_id="u2")))
    assert written.sentences == (Sentence("Good.", ("F1",)),)
    before = FileTexts(path).description["digest"]
    path.write_text(json.dumps({**row, "sentences": [{"text": "Good.", "cites": ["F2"]}]}) + "\n")
    assert FileTexts(path).description["digest"] != before
    path.write_text(json.dumps({**row, "sentences": ["Good."]}) + "\n")
    with pytest.raises(DataError, match="row 1, field 'sentences'"):
        FileTexts(path)


def test_a_file_that_cannot_be_used_says_where(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("user_id,item_id\nu1,i1\n")
    with pytest.raises(DataError, match="no column 'text'"):
        FileTexts(path)
    path.write_text("user_id,item_id,text\nu1,i1,a\nu1,i1,b\n")
    with pytest.raises(DataError, match="row 3: a second text for user 'u1'"):
        FileTexts(path)
    path.write_text("user_id,item_id,text\n")
    with pytest.raises(DataError, match="no row"):
        FileTexts(path)
    lines = tmp_path / "texts.jsonl"
    lines.write_text("")
    with pytest.raises(DataError, match="no texts"):
        FileTexts(lines)
    lines.write_text('{"user_id": "u1", "item_id": "i1"}\n')
    with pytest.raises(DataError, match="row 1, field 'text'"):
        FileTexts(lines)


def test_equal_files_are_equal_wherever_they_lie(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "texts.csv" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        pd.DataFrame(ROWS).to_csv(path, index=False)
    first, second = (FileTexts(path).description for path in paths)
    assert first == second
    pd.DataFrame(ROWS[:1]).to_csv(paths[1], index=False)
    assert FileTexts(paths[1]).description != first


def test_texts_that_come_with_a_case_are_shown() -> None:
    written = asyncio.run(CaseTexts("theirs").write(CASE))
    assert written.sentences == (Sentence("Critics love it.", ("H1",)),)
    with pytest.raises(LeftOut, match="without a text 'ours'"):
        asyncio.run(CaseTexts("ours").write(CASE))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"kind": "file"}, "needs 'path'"),
        ({"kind": "case"}, "needs 'text'"),
        ({"kind": "template", "statements": 3}, "has no 'statements'"),
        ({"kind": "essay"}, "Input should be"),
        ({"kind": "template", "colour": "red"}, "Extra inputs"),
    ],
)
def test_a_writer_of_a_suite_has_what_it_needs_and_no_more(
    content: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        WriterSpec.model_validate(content)


def test_every_kind_is_made(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False)
    kinds: dict[str, dict[str, Any]] = {
        "template": {},
        "model": {},
        "naive": {},
        "json": {},
        "ranking": {"statements": 3},
        "file": {"path": path},
        "case": {"text": "xrec"},
    }
    specs = {
        kind: WriterSpec.model_validate({"kind": kind, **more}) for kind, more in kinds.items()
    }
    made = make_writers(specs, Settings(), answering("a"))
    assert {name: writer.description["kind"] for name, writer in made.items()} == {
        name: name for name in specs
    }
    for writer in made.values():
        json.dumps(dict(writer.description))
        writer.close()
