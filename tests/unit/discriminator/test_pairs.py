"""Reading pairs, and splitting them by user."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from recx_agent.discriminator.pairs import Pair, read_pairs, split
from recx_agent.errors import DataError

ROW = {"user_id": "7", "reference": "They liked it.", "xrec_output": "A read."}


def test_xrec_rows_are_read_plain_and_compressed(tmp_path: Path) -> None:
    plain, packed = tmp_path / "rows.jsonl", tmp_path / "rows.jsonl.gz"
    plain.write_text(json.dumps(ROW) + "\n\n", encoding="utf-8")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_pairs(plain) == read_pairs(packed) == [Pair("7", "They liked it.", "A read.")]


def test_rows_without_a_user_stand_for_themselves(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"reference": "a", "generated": "b"}\n' * 2, encoding="utf-8")
    assert [pair.user_id for pair in read_pairs(path)] == ["row 1", "row 2"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"reference": "a"}', "row 1, field 'generated': no text here"),
        ('{"reference": " ", "generated": "b"}', "field 'reference'"),
        ("[1]", "no JSON object"),
        ("{", "no JSON "),
        ("", "no rows"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_pairs(path)


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode() * 50)[:-12])
    with pytest.raises(DataError, match="not readable"):
        read_pairs(path)


def test_no_user_is_in_two_parts() -> None:
    pairs = [Pair(f"u{n % 200}", "a", "b") for n in range(600)]
    parts = split(pairs, seed=3)
    users = [{pair.user_id for pair in part} for part in parts.values()]
    assert sum(map(len, users)) == 200 == len(set.union(*users))
    assert len(users[0]) > len(users[2]) > len(users[1]) > 0
    assert split(pairs, seed=4) != parts


def test_too_few_users_are_refused() -> None:
    with pytest.raises(DataError, match="too few users: 1"):
        split([Pair("u", "a", "b")] * 9, seed=0)
