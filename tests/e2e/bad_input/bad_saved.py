"""What recx-agent saved, damaged since; and places where nothing can be read or written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from recx_agent.write_lock import write_lock
from tests.e2e.bad_input.case import (
    FIT,
    INDEX,
    SAVED,
    UPDATE,
    USAGE,
    WRITING,
    Case,
    Make,
    changed,
    half,
    one_bit_flipped,
    removed,
    replaced,
    written,
)

ASK = "recommend u0 -k 1"
EXPLAIN = "explain u0 -k 1"
WORKSPACE = "workspace"
CURRENT = "workspace/CURRENT"
VERSION = "workspace/versions/000002"
BEFORE = "workspace/versions/000001"
REMEDY = "go back with 'recx model rollback' or run 'recx fit' again"
REBUILD = "rebuild it with 'recx index --rebuild --workspace workspace'"
READ_ONLY = ("permissions",)


def _swapped(name: str) -> Make:
    """Put the earlier version's file in the place of that of the one in force."""
    return lambda place: shutil.copyfile(place / BEFORE / name, place / VERSION / name)


def _in_index(pattern: str, damage: Callable[[str], Make]) -> Make:
    """Damage the file of the index that a pattern finds."""

    def make(place: Path) -> None:
        (path,) = (place / WORKSPACE / "evidence").glob(pattern)
        damage(str(path.relative_to(place)))(place)

    return make


def _cut(name: str) -> Make:
    return changed(name, half)


def _flipped(name: str) -> Make:
    return changed(name, one_bit_flipped)


def _blanked(name: str) -> Make:
    return changed(name, lambda data: bytes(len(data)))


def _of_the_future(name: str) -> Make:
    return changed(name, lambda data: data.replace(b'"format_version": ', b'"format_version": 99'))


def _locked(folder: str) -> Make:
    """Hold a write lock, as another process does."""

    def make(place: Path) -> Callable[[], object]:
        held = write_lock(place / folder)
        held.__enter__()
        return lambda: held.__exit__(None, None, None)

    return make


def may_not_be_written(place: Path) -> None:
    for path in [*(place / WORKSPACE).rglob("*"), place / WORKSPACE]:
        path.chmod(0o555 if path.is_dir() else 0o444)


VERSIONS = [
    Case(
        "the notes of a version, cut in the middle",
        EXPLAIN,
        SAVED,
        (f"{VERSION}/notes.json: not readable as JSON", REMEDY),
        _cut(f"{VERSION}/notes.json"),
        foreign=True,
    ),
    Case(
        "the notes of another version",
        EXPLAIN,
        SAVED,
        (f"{VERSION}/notes.json: these are the notes of another version; {REMEDY}",),
        _swapped("notes.json"),
    ),
    Case(
        "one figure of the model's manifest altered",
        ASK,
        SAVED,
        (f"{VERSION}/model/manifest.json: its checksum is not that of its content; {REMEDY}",),
        replaced(f"{VERSION}/model/manifest.json", '"half_life": 6', '"half_life": 7'),
    ),
    Case(
        "the data's manifest missing",
        ASK,
        SAVED,
        (f"{VERSION}/data/manifest.json: missing; {REMEDY}",),
        removed(f"{VERSION}/data/manifest.json"),
    ),
    Case(
        "one bit of the items flipped",
        ASK,
        SAVED,
        (f"{VERSION}/data/items.parquet: its SHA-256 is not the manifest's; {REMEDY}",),
        _flipped(f"{VERSION}/data/items.parquet"),
    ),
    Case(
        "the events cut in the middle",
        "index",
        SAVED,
        (f"{VERSION}/data/event_item.npy: its SHA-256 is not the manifest's; {REMEDY}",),
        _cut(f"{VERSION}/data/event_item.npy"),
    ),
    Case(
        "an array of another version",
        UPDATE,
        SAVED,
        (f"{VERSION}/model/history_factors.npy: its SHA-256 is not the manifest's; {REMEDY}",),
        _swapped("model/history_factors.npy"),
    ),
    Case(
        "the names of the features missing",
        ASK,
        SAVED,
        (f"{VERSION}/model/features.json: missing; {REMEDY}",),
        removed(f"{VERSION}/model/features.json"),
    ),
    Case(
        "a model of a future format",
        ASK,
        SAVED,
        (f"{VERSION}/model/manifest.json: format version 99", "update recx-agent, or run"),
        _of_the_future(f"{VERSION}/model/manifest.json"),
    ),
    Case(
        "CURRENT names no version",
        ASK,
        SAVED,
        (
            f"{CURRENT}: names '000077', which is not there (there are versions 000001, 000002)",
            REMEDY,
        ),
        written(CURRENT, "000077\n"),
    ),
    Case(
        "CURRENT is empty",
        ASK,
        SAVED,
        (f"{CURRENT}: missing or empty (there are versions 000001, 000002)", REMEDY),
        written(CURRENT, ""),
    ),
    Case(
        "CURRENT names a place elsewhere",
        ASK,
        SAVED,
        (f"{CURRENT}: names '../../elsewhere', which is not there",),
        written(CURRENT, "../../elsewhere\n"),
    ),
    Case(
        "CURRENT is no text",
        ASK,
        SAVED,
        (f"{CURRENT}: names ", "which is not there", REMEDY),
        written(CURRENT, b"\xff\xfe\x00"),
    ),
    Case(
        "the pointer of an erasure names no data",
        ASK,
        SAVED,
        (f"{VERSION}/CURRENT_DATA: 'elsewhere' is no name of a data set; {REMEDY}",),
        written(f"{VERSION}/CURRENT_DATA", "elsewhere\n"),
    ),
]

EVIDENCE = [
    Case(
        "no evidence index",
        EXPLAIN,
        INDEX,
        ("workspace: no evidence index", "run 'recx index --workspace workspace'"),
        removed("workspace/evidence"),
    ),
    Case(
        "an evidence index of another model",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is of model ", "run 'recx index --workspace workspace'"),
        written(CURRENT, "000001\n"),
    ),
    Case(
        "an evidence index of a future format",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index has format version 99", "run 'recx index"),
        _of_the_future("workspace/evidence/index.json"),
    ),
    Case(
        "the state of the index cut in the middle",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _cut("workspace/evidence/index.json"),
        foreign=True,
    ),
    Case(
        "the folder of the index missing",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("generation-*", removed),
        foreign=True,
    ),
    Case(
        "the database of the index missing",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/chroma.sqlite3", removed),
        foreign=True,
    ),
    Case(
        "the database of the index cut in the middle",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/chroma.sqlite3", _cut),
        foreign=True,
    ),
    Case(
        "the vectors of the index cut in the middle",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/data_level0.bin", _cut),
        foreign=True,
    ),
    Case(
        "one bit of the head of the vectors flipped",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/header.bin", _flipped),
        foreign=True,
    ),
    Case(
        "the names of the vectors blanked",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/index_metadata.pickle", _blanked),
        foreign=True,
    ),
    Case(
        "the lengths of the vectors missing",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/length.bin", removed),
        foreign=True,
    ),
    Case(
        "a Chroma server that does not answer",
        EXPLAIN,
        INDEX,
        (
            "the Chroma server at http://127.0.0.1:9 cannot be used",
            "start it with 'chroma run'",
            "retriever.url",
        ),
        env={"RECX_RETRIEVER__URL": "http://127.0.0.1:9"},
        foreign=True,
    ),
]

PLACES = [
    Case(
        "a workspace that is not there",
        ASK,
        SAVED,
        ("elsewhere: nothing is fitted here yet; run 'recx fit' or 'recx demo'",),
        env={"RECX_WORKSPACE": "elsewhere"},
    ),
    Case(
        "an update of a workspace that is not there",
        UPDATE,
        SAVED,
        ("elsewhere: nothing is fitted here yet",),
        env={"RECX_WORKSPACE": "elsewhere"},
    ),
    Case(
        "a file in place of the workspace",
        FIT,
        USAGE,
        ("items.csv: this is a file, and a workspace is a folder", "with --workspace"),
        env={"RECX_WORKSPACE": "items.csv"},
    ),
    Case(
        "a fit in a workspace that may not be written",
        FIT,
        WRITING,
        ("workspace/", "there is no permission to write; change it, or write to another place"),
        may_not_be_written,
        limits=READ_ONLY,
    ),
    Case(
        "an index in a workspace that may not be written",
        "index",
        WRITING,
        ("workspace/", "there is no permission to write; change it, or write to another place"),
        may_not_be_written,
        limits=READ_ONLY,
    ),
    Case(
        "reasons asked of a workspace that may not be written",
        EXPLAIN,
        WRITING,
        (
            "workspace/evidence: there is no permission to write",
            "change it, or write to another place",
        ),
        may_not_be_written,
        limits=READ_ONLY,
    ),
    Case(
        "a fit while another process fits",
        FIT,
        SAVED,
        (
            "workspace/write.lock: process ",
            "is writing here, and only one may at a time",
            "wait until it ends, or stop it",
        ),
        _locked(WORKSPACE),
    ),
    Case(
        "an index while another process makes it",
        "index",
        SAVED,
        ("evidence/write.lock: process ", "is writing here, and only one may at a time"),
        _locked("workspace/evidence"),
    ),
]

CASES = [*VERSIONS, *EVIDENCE, *PLACES]
