"""Samples as lines of a file."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from recx_agent.errors import DataError
from recx_agent.evals.samples import Piece, Sample, Sentence, read_samples, write_samples

SAMPLE = Sample(
    key="u1 i1 en",
    writer="ours",
    user_id="u1",
    item_id="i1",
    language="en",
    text="You liked “Heat”.\nIt is a drama.",
    sentences=(Sentence("You liked “Heat”.", ("H1",)), Sentence("It is a drama.", ())),
    evidence=(Piece("H1", "cause", "“Heat”: 5 out of 5", {"rating": 5, "contribution": 0.5}),),
    reference="A drama.",
    verdict="supported",
    took={"seconds": 0.25},
    extra={"title": "Ronin"},
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    plain = Sample("k", "w", "u", "i", "zh", "好")
    path = write_samples(tmp_path / "deep" / "samples.jsonl", [SAMPLE, plain])
    assert read_samples(path) == [SAMPLE, plain]


def test_evidence_is_found_by_its_id() -> None:
    piece = SAMPLE.piece("H1")
    assert piece is not None
    assert piece.fields["rating"] == 5
    assert SAMPLE.piece("H2") is None
    assert SAMPLE.title == "Ronin"
    assert dataclasses.replace(SAMPLE, extra={}).title == "i1"


def test_the_digest_is_of_what_a_judge_may_see() -> None:
    slower = dataclasses.replace(SAMPLE, took={"seconds": 9.0})
    other = dataclasses.replace(SAMPLE, text="You liked “Alien”.")
    assert slower.digest == SAMPLE.digest != other.digest


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": None}, "'text' is not a text"),
        ({"user": "u1"}, "unknown field 'user'"),
        ({"took": [1]}, "'took' is not an object"),
        ({"evidence": [{"id": "H1"}]}, "not whole"),
        ({"evidence": [{"id": "H1", "text": "a", "kind": "hearsay"}]}, "kind 'hearsay'"),
        ({"sentences": ["You liked it."]}, "not whole"),
    ],
)
def test_a_line_that_is_no_sample_is_named(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    path = tmp_path / "samples.jsonl"
    lines = [json.dumps(SAMPLE.as_dict()), json.dumps({**SAMPLE.as_dict(), **change})]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match=rf"row 2.*{problem}"):
        read_samples(path)


def test_a_case_is_written_once_by_a_writer(tmp_path: Path) -> None:
    twice = write_samples(tmp_path / "s.jsonl", [SAMPLE, SAMPLE])
    with pytest.raises(DataError, match="'ours' has the case 'u1 i1 en' twice"):
        read_samples(twice)
    write_samples(twice, [SAMPLE, dataclasses.replace(SAMPLE, writer="theirs")])
    assert len(read_samples(twice)) == 2
