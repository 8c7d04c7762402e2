"""What recx-agent saved, damaged since; and places where nothing can be read or written."""

from __future__ import annotations

import shutil

from tests.e2e.bad_input import bad_index
from tests.e2e.bad_input.case import (
    ASK,
    EXPLAIN,
    FIT,
    SAVED,
    UPDATE,
    USAGE,
    WRITING,
    Case,
    Make,
    removed,
    replaced,
    written,
)
from tests.e2e.bad_input.damage import (
    WORKSPACE,
    cut,
    flipped,
    locked,
    may_not_be_written,
    of_the_future,
)

CURRENT = "workspace/CURRENT"
VERSION = "workspace/versions/000002"
BEFORE = "workspace/versions/000001"
REMEDY = "go back with 'recx model rollback' or run 'recx fit' again"
READ_ONLY = ("permissions",)


def _swapped(name: str) -> Make:
    """Put the earlier version's file in the place of that of the one in force."""
    return lambda place: shutil.copyfile(place / BEFORE / name, place / VERSION / name)


VERSIONS = [
    Case(
        "the notes of a version, cut in the middle",
        EXPLAIN,
        SAVED,
        (f"{VERSION}/notes.json: not readable as JSON", REMEDY),
        cut(f"{VERSION}/notes.json"),
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
        flipped(f"{VERSION}/data/items.parquet"),
    ),
    Case(
        "the events cut in the middle",
        "index",
        SAVED,
        (f"{VERSION}/data/event_item.npy: its SHA-256 is not the manifest's; {REMEDY}",),
        cut(f"{VERSION}/data/event_item.npy"),
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
        of_the_future(f"{VERSION}/model/manifest.json"),
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
        locked(WORKSPACE),
    ),
    Case(
        "an index while another process makes it",
        "index",
        SAVED,
        ("evidence/write.lock: process ", "is writing here, and only one may at a time"),
        locked("workspace/evidence"),
    ),
]

CASES = [*VERSIONS, *bad_index.CASES, *PLACES]
