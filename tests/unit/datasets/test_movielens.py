"""Small made-up sources in the layouts of the real ones; no network."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from recx_agent.datasets import fetch_ml_100k, movielens, read_dataset
from recx_agent.datasets.movielens import FILES
from recx_agent.datasets.movielens_formats import GENRES, parse
from recx_agent.errors import DataError, SourceUnavailable
from recx_agent.settings import DataSettings


def item_line(item: int, title: str, *genres: str) -> str:
    flags = "|".join("1" if genre in genres else "0" for genre in GENRES)
    return f"{item}|{title}|01-Jan-1995||http://x|{flags}"


GROUPLENS = {
    "u.data": "196\t2\t3\t881250949\n22\t1\t1\t878887116\n196\t1\t5\t881250949\n".encode("latin-1"),
    "u.item": "\n".join(
        [
            item_line(1, "Toy Story (1995)", "Animation", "Children's", "Comedy"),
            item_line(10, "Cérémonie, La (1995) ", "Film-Noir"),
            item_line(2, "Land Before Time III (1995) (V)", "Sci-Fi"),
            "267|unknown||||" + "|".join(["1", *["0"] * 18]),
        ]
    ).encode("latin-1"),
    "u.user": b"196|49|M|writer|55105\n22|25|M|none|40206\n",
}
RECBOLE = {
    "ml-100k.inter": (
        b"user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
        b"22\t1\t1\t878887116\n196\t1\t5\t881250949\n196\t2\t3\t881250949"
    ),
    "ml-100k.item": (
        "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
        "1\tToy Story\t1995\tAnimation Children's Comedy\n"
        "2\tLand Before Time III (1995)\tV\tSci-Fi\n"
        "267\tunkonwn\tunkonwn\tunknown\n"
        "10\tCérémonie, La\t1995\tFilm-Noir\n"
    ).encode(),
    "ml-100k.user": (
        b"user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n"
        b"22\t25\tM\tnone\t40206\n196\t49\tM\twriter\t55105\n"
    ),
}
EXPECTED = {
    "interactions.csv": (
        "user_id,item_id,value,timestamp\n22,1,1,878887116\n196,1,5,881250949\n196,2,3,881250949\n"
    ),
    "items.csv": (
        "item_id,title,year,genre\n"
        "1,Toy Story,1995,Animation|Children's|Comedy\n"
        "2,Land Before Time III,1995,Sci-Fi\n"
        "10,La Cérémonie,1995,Film-Noir\n"
        "267,267,,\n"
    ),
    "users.csv": "user_id,age,gender,occupation\n22,25,M,none\n196,49,M,writer\n",
}


def zipped(members: Mapping[str, bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(folder + name, data)
    return out.getvalue()


def fake_wheel(folder: Path) -> Path:
    """A wheel pip accepts, with the data where RecBole has it."""
    info = "recbole-1.2.1.dist-info/"
    members = {
        **{f"recbole/dataset_example/ml-100k/{name}": data for name, data in RECBOLE.items()},
        f"{info}METADATA": b"Metadata-Version: 2.1\nName: recbole\nVersion: 1.2.1\n",
        f"{info}WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}RECORD": b"",
    }
    path = folder / "recbole-1.2.1-py3-none-any.whl"
    path.write_bytes(zipped(members))
    return path


@pytest.fixture(autouse=True)
def closed_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """GroupLens is a missing file, and pip has no index but an empty folder."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setattr(movielens, "GROUPLENS_URL", (tmp_path / "ml-100k.zip").as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


def unpacked(folder: Path, members: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, data in members.items():
        (folder / name).write_bytes(data)
    return folder


def contents(target: Path) -> dict[str, str]:
    return {name: (target / name).read_text(encoding="utf-8") for name in FILES}


@pytest.mark.parametrize("members", [GROUPLENS, RECBOLE], ids=["grouplens", "recbole"])
@pytest.mark.parametrize("form", ["folder", "parent folder", "zip", "zip with folder"])
def test_every_local_copy_gives_the_same_files(
    tmp_path: Path, members: Mapping[str, bytes], form: str
) -> None:
    local = tmp_path / "local"
    if form == "folder":
        unpacked(local, members)
    elif form == "parent folder":
        unpacked(local / "ml-100k", members)
    else:
        local.write_bytes(zipped(members, "ml-100k/" if "with" in form else ""))
    found = fetch_ml_100k(tmp_path / "data", local=local)
    assert contents(tmp_path / "data") == EXPECTED
    assert found.source == str(local)
    assert (found.interactions.name, found.items.name, found.users.name) == FILES


def test_the_files_can_be_read(tmp_path: Path) -> None:
    found = fetch_ml_100k(tmp_path / "data", local=unpacked(tmp_path / "local", GROUPLENS))
    dataset, report = read_dataset(
        DataSettings(), interactions=found.interactions, items=found.items, users=found.users
    )
    assert (report.users, report.items, report.events) == (2, 4, 3)
    assert dataset.catalogue.titles[0] == "Toy Story"
    assert dataset.events.kinds == ("rating",)


def test_notes_beside_the_files_tell_the_source(tmp_path: Path) -> None:
    fetch_ml_100k(tmp_path / "data", local=unpacked(tmp_path / "local", RECBOLE))
    notes = json.loads((tmp_path / "data" / "SOURCE.json").read_text())
    assert notes["source"] == str(tmp_path / "local")
    assert notes["source_sha256"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in RECBOLE.items()
    }
    for name, text in EXPECTED.items():
        assert notes["files"][name] == hashlib.sha256(text.encode()).hexdigest()
    for word in ("research", "permission", "commercially", "endorses", "Harper", "README"):
        assert word in notes["terms"]


def test_what_is_there_and_whole_is_not_fetched_again(tmp_path: Path) -> None:
    local = unpacked(tmp_path / "local", RECBOLE)
    first = fetch_ml_100k(tmp_path / "data", local=local)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()}
    told: list[str] = []
    # No source is left, so anything but leaving the files alone would fail.
    again = fetch_ml_100k(tmp_path / "data", progress=lambda stage, *_: told.append(stage))
    assert again == first
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()} == before


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["changed", "removed"])
def test_what_is_damaged_is_fetched_again(tmp_path: Path, name: str, how: str) -> None:
    local = unpacked(tmp_path / "local", RECBOLE)
    fetch_ml_100k(tmp_path / "data", local=local)
    if how == "changed":
        (tmp_path / "data" / name).write_text("cut short")
    else:
        (tmp_path / "data" / name).unlink()
    fetch_ml_100k(tmp_path / "data", local=local)
    assert contents(tmp_path / "data") == EXPECTED


def test_files_of_someone_else_are_not_replaced(tmp_path: Path) -> None:
    own = tmp_path / "data" / "items.csv"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(DataError, match="not put here by recx-agent.*choose another folder"):
        fetch_ml_100k(own.parent, local=unpacked(tmp_path / "local", RECBOLE))
    assert own.read_text() == "mine"


def test_a_target_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataError, match="this is no folder"):
        fetch_ml_100k(tmp_path / "data")


def test_grouplens_is_used_if_its_checksum_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped(GROUPLENS, "ml-100k/")
    (tmp_path / "ml-100k.zip").write_bytes(data)
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(movielens, "GROUPLENS_MD5", digest)
    found = fetch_ml_100k(tmp_path / "data")
    assert found.source == movielens.GROUPLENS_URL
    assert contents(tmp_path / "data") == EXPECTED


def test_the_wheel_is_used_if_its_checksum_is_right(
    tmp_path: Path, closed_network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = fake_wheel(closed_network)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(movielens, "WHEEL_SHA256", digest)
    told: list[tuple[str, int, int]] = []
    found = fetch_ml_100k(tmp_path / "data", progress=lambda *step: told.append(step))
    assert found.source == "the wheel recbole==1.2.1"
    assert contents(tmp_path / "data") == EXPECTED
    assert [done for _, done, _ in told] == [0, 1]


def test_every_source_is_named_with_its_reason(tmp_path: Path, closed_network: Path) -> None:
    (tmp_path / "ml-100k.zip").write_bytes(zipped(GROUPLENS))
    fake_wheel(closed_network)
    with pytest.raises(SourceUnavailable) as caught:
        fetch_ml_100k(tmp_path / "data", local=tmp_path / "nowhere")
    message = str(caught.value)
    assert f"{tmp_path / 'nowhere'}: there is no such file or folder" in message
    assert f"{movielens.GROUPLENS_URL}: its MD5 is" in message
    assert "the wheel recbole==1.2.1: its SHA-256 is" in message
    assert "--local ml-100k.zip" in message
    assert not (tmp_path / "data").exists()


def test_no_network_at_all(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        fetch_ml_100k(tmp_path / "data")
    message = str(caught.value)
    assert "not reachable" in message
    assert "No matching distribution found" in message


@pytest.mark.parametrize(
    ("local", "reason"),
    [
        (b"no archive", "no readable zip archive"),
        (
            zipped({"u.data": b"", "other": b""}),
            "it lacks u.data, u.item, u.user, or ml-100k.inter",
        ),
        (zipped({**GROUPLENS, "u.data": b"1\t2\t3\n"}), "u.data, row 1: 3 fields, expected 4"),
        (zipped({**GROUPLENS, "u.item": b"1|Toy"}), "u.item, row 1: 2 fields, expected 24"),
        (zipped({**RECBOLE, "ml-100k.user": b"id:token\n1"}), "row 1: no column 'user_id'"),
        (
            zipped({**RECBOLE, "ml-100k.user": RECBOLE["ml-100k.user"] + b"5\t6"}),
            "ml-100k.user, row 4: 2 fields, expected 5",
        ),
        (zipped({**RECBOLE, "ml-100k.item": b"\xff"}), "ml-100k.item: not UTF-8: byte 0"),
    ],
)
def test_an_unusable_local_copy_is_told(tmp_path: Path, local: bytes, reason: str) -> None:
    (tmp_path / "local.zip").write_bytes(local)
    with pytest.raises(SourceUnavailable) as caught:
        fetch_ml_100k(tmp_path / "data", local=tmp_path / "local.zip")
    assert reason in str(caught.value)


def test_a_folder_without_the_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    with pytest.raises(SourceUnavailable, match="it lacks u.data"):
        fetch_ml_100k(tmp_path / "data", local=tmp_path / "local")


def test_both_layouts_are_parsed_alike() -> None:
    assert parse(GROUPLENS) == parse(RECBOLE)
