"""Bad input of every kind is told in words, with file, row and remedy, and changes nothing.

``tests/e2e/bad_input`` has the cases, ``docs/bad_input.md`` what each of them gets.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.bad_input.document import DOCUMENT, GROUPS, document, name_of, row_of, run_case
from tests.e2e.bad_input.place import WORKSPACE, content, copy_of, fitted_place

CASES = {case.name: case for cases in GROUPS.values() for case in cases}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files and a fitted workspace, which no test changes."""
    return fitted_place(tmp_path_factory.mktemp("bad") / "base")


@pytest.fixture
def place(base: Path, tmp_path: Path) -> Path:
    """A copy to make bad."""
    return copy_of(base, tmp_path / "place")


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_told_and_changes_nothing(name: str, place: Path) -> None:
    case = CASES[name]
    damaged = {}

    def make_and_look(folder: Path) -> object:
        undo = case.make(folder)
        damaged.update(content(folder / WORKSPACE))
        return undo

    told = run_case(replace(case, make=make_and_look), place)
    output = " ".join((told.out + told.err).split())
    assert told.code == case.code, told.err
    for words in case.words:
        assert " ".join(words.split()) in output
    for words in ("Traceback", "Warning", *case.never):
        assert words not in told.out + told.err
    if case.code:
        assert content(place / WORKSPACE) == damaged
        assert told.out == ""
    else:
        assert not list((place / WORKSPACE).rglob(".*"))
    if not case.foreign:
        assert row_of(case, told) in DOCUMENT.read_text(encoding="utf-8").splitlines()


def test_the_document_has_a_row_for_each_case() -> None:
    written = DOCUMENT.read_text(encoding="utf-8").splitlines()
    rows = {line.split(" | ")[0]: line for line in written if line.startswith("| ")}
    wanted = document(lambda case: rows.get(f"| {name_of(case)}", f"no row for {case.name}"))
    assert written == wanted.splitlines()
    assert len(CASES) == sum(len(cases) for cases in GROUPS.values()) >= 60
