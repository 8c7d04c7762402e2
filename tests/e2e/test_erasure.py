"""A forgotten user is nowhere: in no byte, table, array, archive or vector of the workspace.

Each claim has its control: before, the same search finds every mark in every store that
should have it; afterwards it still finds those of another user.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent import Recx, build
from recx_agent.api_keys import KeyFile
from recx_agent.erasure import forget, lift
from recx_agent.errors import NotSignedIn, UnknownUser
from recx_agent.factory import make_user_store, writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest
from recx_agent.schemas import Forgotten
from recx_agent.settings import load_settings
from tests.e2e.erasure_world import (
    UMIT,
    ZOE,
    Person,
    build_world,
    tiny_embedder,
    write_files,
)
from tests.e2e.traces import Found, Marks, search

KILLS = 12
DRIVER = Path(__file__).with_name("erasure_driver.py")

ID, EVENT_ID, TOWN, TIME = "id", "id in event ids", "town", "time"
WORDS = {"review", "search", "device"}
VECTORS = {"review's vector", "search's vector"}
STORES = {
    "users of each version": (r"^versions/\d+/data(-\d+)?/users\.parquet", {ID, TOWN}),
    "texts of each version": (r"^versions/\d+/data(-\d+)?/event_extras\.parquet", WORDS),
    "times of each version": (r"^versions/\d+/data(-\d+)?/event_time\.npy", {TIME}),
    "data that were replaced": (r"^versions/\d+/\.?data-", {ID, TOWN, TIME, *WORDS}),
    "half of a version": (r"^versions/\.\d+", {ID, TOWN, TIME, *WORDS}),
    "index, tables": (r"^evidence/generation-.*sqlite3", {ID, EVENT_ID, *WORDS}),
    "index, ids of vectors": (r"^evidence/generation-.*\.pickle$", {EVENT_ID}),
    "index, vectors": (r"^evidence/generation-.*data_level0", VECTORS),
    "index, begun": (r"^evidence/generation-000", {ID, EVENT_ID, *WORDS, *VECTORS}),
    "index, half copied": (r"^evidence/\.generation", {ID, EVENT_ID, *WORDS, *VECTORS}),
    "kept texts": (r"^texts\.sqlite3", {ID}),
    "audit records": (r"^audit\.sqlite3", {ID}),
    "API keys": (r"^keys\.json$", {ID}),
    "API keys, half written": (r"^\.keys\.json\.", {ID}),
    "feedback and added events": (r"^users\.sqlite3", {ID, "note", "doing", "device"}),
}
"""Every store, where it is, and what it must have of a user."""

LASTING = [name for name in STORES if not re.search("replaced|half|begun", name)]
"""The stores that stay; the others are what killed writers left behind."""


@pytest.fixture(autouse=True)
def _embedder() -> Iterator[None]:
    with tiny_embedder():
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_files(tmp_path_factory.mktemp("source") / "csv")


@pytest.fixture(scope="module")
def world(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace before the erasure; tests must not change it."""
    workspace = tmp_path_factory.mktemp("erasure") / "workspace"
    with tiny_embedder():
        build_world(workspace, files)
    return workspace


@pytest.fixture
def workspace(world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(world, tmp_path / "workspace"))


@pytest.fixture(scope="module")
def answers_before(world: Path) -> list[object]:
    with tiny_embedder():
        return answers(world)


def traces_of(folder: Path) -> dict[Person, Found]:
    """Search for both, in one go."""
    people = {f"{number}:": person for number, person in enumerate((ZOE, UMIT))}
    marks = Marks(
        {prefix + name: mark for prefix, p in people.items() for name, mark in p.texts.items()},
        {prefix + name: mark for prefix, p in people.items() for name, mark in p.bytes.items()},
        {prefix + name: mark for prefix, p in people.items() for name, mark in p.vectors.items()},
    )
    found = search(folder, marks)
    return {person: found.of(prefix) for prefix, person in people.items()}


def stores_of(found: Found) -> dict[str, set[str]]:
    return {store: found.under(pattern) for store, (pattern, _) in STORES.items()}


def answers(workspace: Path) -> list[object]:
    """What another user is told: items, exact arithmetic and causes."""
    with Recx.open(workspace) as recx:
        return [
            (told.item, told.attribution, [p for p in told.evidence if p.id.startswith("H")])
            for told in recx.explain_list(UMIT.id, 3)
        ]


def assert_nothing_left(workspace: Path) -> Found:
    found = traces_of(workspace)
    assert found[ZOE].marks == {}
    other = stores_of(found[UMIT])
    for store in LASTING:
        assert other[store] >= STORES[store][1], f"the search is blind in {store}"
    return found[ZOE]


def test_before_every_store_has_the_user(world: Path) -> None:
    for person, found in traces_of(world).items():
        held = stores_of(found)
        for store, (_, wanted) in STORES.items():
            assert held[store] >= wanted, store
        for version in ("000001", "000002"):
            assert found.under(f"^versions/{version}/data/") >= {ID, TOWN, TIME, *WORDS}
        print(f"\n{found.files} files searched for {person.id}; marks found")
        for store, names in held.items():
            print(f"  {store}: {', '.join(sorted(names))}")


def test_after_nothing_of_the_user_is_anywhere(
    workspace: Path, files: dict[str, Path], answers_before: list[object]
) -> None:
    before = [path.read_bytes() for path in files.values()]
    result = forget(workspace, ZOE.id)
    found = assert_nothing_left(workspace)
    print(f"\n{found.files} files searched after the erasure; marks found: {found.marks}")
    print("\n".join(f"  {e.place}: {e.records} records" for e in result.erased))
    told = {e.kind: e.what for e in result.remains}
    assert str(files["interactions"]) in " ".join(e.what for e in result.remains)
    assert "000001, 000002" in told["factors"]
    assert [path.read_bytes() for path in files.values()] == before
    with Recx.open(workspace) as recx:
        assert recx.check_index()
        with pytest.raises(UnknownUser):
            recx.explain_list(ZOE.id)
    assert answers(workspace) == answers_before


def test_what_stays_is_the_keyed_hash_alone(workspace: Path) -> None:
    forget(workspace, ZOE.id)
    store = make_user_store(workspace, load_settings(workspace))
    tombstone = Marks({"tombstone": store.tombstones.hash_of(ZOE.id)})
    store.close()
    assert search(workspace, tombstone).marks == {"users.sqlite3": {"tombstone"}}


def test_a_key_that_stood_for_the_user_lets_nobody_in(workspace: Path) -> None:
    keys = KeyFile(workspace / "keys.json")
    of = {who: keys.add(f"pass {who}", ["recommend"], user_id=who) for who in (ZOE.id, UMIT.id)}
    program = keys.add("shop", ["recommend"])
    assert keys.find(of[ZOE.id]).user_id == ZOE.id
    result = forget(workspace, ZOE.id)
    assert {one.place: one.records for one in result.erased}["API keys"] == 2
    with pytest.raises(NotSignedIn):
        keys.find(of[ZOE.id])
    assert keys.find(of[UMIT.id]).user_id == UMIT.id
    assert keys.find(program).name == "shop"
    assert {key.name for key in keys.keys()} == {"telephone 1", f"pass {UMIT.id}", "shop"}


def test_an_older_version_has_nothing_either_and_still_answers(workspace: Path) -> None:
    forget(workspace, ZOE.id)
    from recx_agent.workspace import Workspace

    Workspace(workspace).switch("000001")
    build.index(workspace)
    assert_nothing_left(workspace)
    assert answers(workspace)


def test_the_old_files_fitted_again_do_not_bring_the_user_back(
    workspace: Path, files: dict[str, Path]
) -> None:
    forget(workspace, ZOE.id)
    fitted = build.fit(workspace, **files)  # type: ignore[arg-type]
    build.update(workspace, interactions=files["interactions"], epochs=0)
    build.index(workspace)
    assert_nothing_left(workspace)
    assert (fitted.report.left_out_rows, fitted.report.left_out_users) == (8, 1)
    print("\n" + "\n".join(fitted.report.summary()))


def test_without_the_tombstone_they_do(workspace: Path, files: dict[str, Path]) -> None:
    forget(workspace, ZOE.id)
    lift(workspace, ZOE.id)
    build.fit(workspace, **files)  # type: ignore[arg-type]
    build.index(workspace)
    found = stores_of(traces_of(workspace)[ZOE])
    back = {store for store, (_, wanted) in STORES.items() if found[store] >= wanted}
    gone = {"feedback and added events", "kept texts", "audit records", "API keys"}
    assert back == set(LASTING) - gone


def test_a_reader_that_is_open_keeps_answering_others(
    workspace: Path, answers_before: list[object]
) -> None:
    asked = 0

    def ask(stage: str, done: int, total: int) -> None:
        nonlocal asked
        asked += 1
        told = [
            (one.item, one.attribution, [p for p in one.evidence if p.id.startswith("H")])
            for one in recx.explain_list(UMIT.id, 3)
        ]
        assert told == answers_before
        with pytest.raises(UnknownUser):
            recx.explain_list(ZOE.id, 1)

    with Recx.open(workspace) as recx:
        assert recx.explain_list(ZOE.id, 1)
        forget(workspace, ZOE.id, ask)
        ask("afterwards", 1, 1)
        assert asked > 5
        # An open reader holds on to what it opened, but no file of it has a name any more.
        assert traces_of(workspace)[ZOE].marks == {}


@pytest.fixture(scope="module")
def steps(world: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many things an erasure does to the disk."""
    copy = Path(shutil.copytree(world, tmp_path_factory.mktemp("whole") / "workspace"))
    done = run_driver(copy, 0)
    assert done.returncode == 0, done.stderr
    assert traces_of(copy)[ZOE].marks == {}
    print(f"\nan erasure takes {done.stdout.strip()} steps; killed at {KILLS} of them")
    return int(done.stdout)


def run_driver(workspace: Path, at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DRIVER), str(workspace), ZOE.id, str(at)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_anywhere_it_goes_on_and_ends(
    workspace: Path, steps: int, answers_before: list[object], kill: int
) -> None:
    at = 1 + kill * (steps - 1) // (KILLS - 1)
    assert run_driver(workspace, at).returncode == -signal.SIGKILL
    store = make_user_store(workspace, load_settings(workspace))
    begun = store.tombstones.covers(ZOE.id)
    store.close()
    left = traces_of(workspace)[ZOE].marks
    print(f"\nkilled at step {at} of {steps}: tombstone {begun}, marks left in {len(left)} files")
    # Others are answered as if nothing had happened; the user is unknown from the tombstone on.
    assert answers(workspace) == answers_before
    with Recx.open(workspace) as recx:
        if begun:
            with pytest.raises(UnknownUser):
                recx.recommend(ZOE.id)
        else:
            assert recx.recommend(ZOE.id).items
    if begun and kill % 2:
        build.index(workspace)  # knows nothing but the hash
    else:
        result: Forgotten = forget(workspace, ZOE.id)
        assert result.user_id == ZOE.id
    assert_nothing_left(workspace)
    assert answers(workspace) == answers_before
    with Recx.open(workspace) as recx:
        assert recx.check_index()


WORD = "zwimfty ëxtra"
VECTOR = np.linspace(-0.4, 0.7, 8).astype(np.float32)


def plant_sqlite(path: Path, *, live: bool, log: bool) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA journal_mode={'WAL' if log else 'DELETE'}")
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("CREATE TABLE t (x)")
        database.executemany("INSERT INTO t VALUES (?)", [(f"{WORD} {n}",) for n in range(500)])
        if not live:
            database.execute("DELETE FROM t")
        if log:  # what a killed process leaves
            for suffix in ("", "-wal"):
                shutil.copy(f"{path}{suffix}", f"{path}.copy{suffix}")
    if log:
        path.unlink()


def plant_words(path: Path) -> None:
    """Words of a deleted document stay in the full-text index until it is made anew."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram', content='')")
        database.execute("INSERT INTO t VALUES (?)", (WORD,))
        database.commit()


def plant_npz(path: Path) -> None:
    np.savez_compressed(path, a=np.array([WORD, "more"]))


def plant_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.json.gz", gzip.compress(json.dumps({WORD: 1}).encode()))


def plant_parquet(path: Path) -> None:
    pq.write_table(pa.table({"x": [f"{'so ' * 50}{WORD}"] * 3}), path, compression="zstd")


def plant_array(path: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.asfortranarray(np.tile(VECTOR.astype(np.float64), (3, 1))))
    path.write_bytes(buffer.getvalue())


PLANTED: dict[str, Callable[[Path], object]] = {
    "plain": lambda path: path.write_text(f"…{WORD}…"),
    "utf-16": lambda path: path.write_bytes(b"x" + WORD.encode("utf-16-be")),
    "utf-32": lambda path: path.write_bytes(WORD.encode("utf-32-le")),
    "json, escaped": lambda path: path.write_text(json.dumps({"a": [{"b": WORD}]})),
    "sqlite": lambda path: plant_sqlite(path, live=True, log=False),
    "sqlite, free pages": lambda path: plant_sqlite(path, live=False, log=False),
    "sqlite, log": lambda path: plant_sqlite(path, live=False, log=True),
    "sqlite, words": plant_words,
    "parquet, zstd": plant_parquet,
    "npz": lambda path: plant_npz(path.with_suffix(".npz")),
    "zip of gzip of json": plant_zip,
    "vector": lambda path: path.write_bytes(b"odd" + VECTOR.tobytes()),
    "vector, big-endian": lambda path: path.write_bytes(VECTOR.astype(">f4").tobytes()),
    "vectors, doubles in columns": plant_array,
}


@pytest.mark.parametrize("how", PLANTED)
def test_the_search_finds_what_is_packed(tmp_path: Path, how: str) -> None:
    marks = Marks({"word": WORD}, {}, {"vector": VECTOR})
    PLANTED[how](tmp_path / "file")
    found = search(tmp_path, marks)
    assert found.under("") == {"vector" if "vector" in how else "word"}
    unlike = Marks({"word": "zwimfty extra"}, {}, {"vector": VECTOR[::-1].copy()})
    assert search(tmp_path, unlike).marks == {}


def test_a_model_that_answers_late_does_not_bring_anything_back(workspace: Path) -> None:
    """What a process that was open before the erasure still wants to keep is refused."""
    asked: list[bool] = []

    def late(request: ChatRequest) -> str:
        if not asked:
            asked.append(True)
            forget(workspace, ZOE.id)
        return "{ITEM} is here because of {H1}."

    model = ScriptedChatModel(late)
    with (
        mock.patch.object(writers, "open_chat_model", lambda settings: model),
        Recx.open(workspace, llm={"deadline_ms": 120_000, "temperature": 0.1}) as recx,
    ):
        recx.explain_list(ZOE.id, 3)
    assert asked
    assert_nothing_left(workspace)
