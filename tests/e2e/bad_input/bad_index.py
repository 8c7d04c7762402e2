"""An evidence index that is missing, stale or damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.e2e.bad_input.case import EXPLAIN, INDEX, Case, Make, removed, written
from tests.e2e.bad_input.damage import WORKSPACE, blanked, cut, flipped, of_the_future

REBUILD = "rebuild it with 'recx index --rebuild --workspace workspace'"


def _in_index(pattern: str, damage: Callable[[str], Make]) -> Make:
    """Damage the file of the index that a pattern finds."""

    def make(place: Path) -> None:
        (path,) = (place / WORKSPACE / "evidence").glob(pattern)
        damage(str(path.relative_to(place)))(place)

    return make


CASES = [
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
        written("workspace/CURRENT", "000001\n"),
    ),
    Case(
        "an evidence index of a future format",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index has format version 99", "run 'recx index"),
        of_the_future("workspace/evidence/index.json"),
    ),
    Case(
        "the state of the index cut in the middle",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        cut("workspace/evidence/index.json"),
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
        _in_index("*/chroma.sqlite3", cut),
        foreign=True,
    ),
    Case(
        "the vectors of the index cut in the middle",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/data_level0.bin", cut),
        foreign=True,
    ),
    Case(
        "one bit of the head of the vectors flipped",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/header.bin", flipped),
        foreign=True,
    ),
    Case(
        "the names of the vectors blanked",
        EXPLAIN,
        INDEX,
        ("workspace: the evidence index is damaged", REBUILD),
        _in_index("*/*/index_metadata.pickle", blanked),
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
