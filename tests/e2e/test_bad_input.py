"""Bad input of every kind is told in words, with file, row and remedy, and changes nothing.

``tests/e2e/bad_input`` has the cases, ``docs/bad_input.md`` what each of them gets.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import ArtefactDamaged
from tests.e2e.bad_input.case import INDEX, half, one_bit_flipped
from tests.e2e.bad_input.document import DOCUMENT, GROUPS, document, name_of, row_of, run_case
from tests.e2e.bad_input.place import LOCKS, WORKSPACE, content, copy_of, fitted_place, recx

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


def emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path, _: Path) -> None:
    path.write_bytes(half(path.read_bytes()))


def flipped(path: Path, _: Path) -> None:
    path.write_bytes(one_bit_flipped(path.read_bytes()))


def gone(path: Path, _: Path) -> None:
    path.unlink()


def swapped(path: Path, other: Path) -> None:
    shutil.copyfile(other, path)


def files_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("damage", [emptied, cut, flipped, gone, swapped])
def test_damage_of_any_file_of_a_version_is_named(
    damage: Callable[[Path, Path], None], place: Path
) -> None:
    before, now = (place / WORKSPACE / "versions" / name for name in ("000001", "000002"))
    files = files_below(now)
    assert len(files) > 20
    found = 0
    for path in files:
        good = path.read_bytes()
        other = before / path.relative_to(now)
        damage(path, other)
        if not path.exists() or path.read_bytes() != good:
            found += 1
            with pytest.raises(ArtefactDamaged) as caught:
                assert Recx.open(place / WORKSPACE).version.notes
            assert Path(caught.value.path).is_relative_to(now)
            assert damage is swapped or caught.value.path == str(path)
        path.write_bytes(good)
    assert found == len(files) or (damage is swapped and found > 10)
    assert Recx.open(place / WORKSPACE).version.notes


@pytest.mark.parametrize("damage", [emptied, cut, flipped, gone])
def test_damage_of_any_file_of_the_index_never_gives_another_answer(
    damage: Callable[[Path, Path], None], place: Path
) -> None:
    """What is not noticed hurts nobody: spare room, or what is only for searching."""
    index = place / WORKSPACE / "evidence"
    good = recx(place, ("explain", "u0"))
    assert good.code == 0
    noticed = 0
    for path in [p for p in files_below(index) if p.name not in LOCKS and p.stat().st_size]:
        whole = path.read_bytes()
        damage(path, path)
        told = recx(place, ("explain", "u0"))
        assert told.code in (0, INDEX), f"{path.name}: {told}"
        noticed += told.code != 0
        if told.code:
            assert "recx index" in told.err
        else:
            assert told.out == good.out, path.name
        path.write_bytes(whole)
    assert noticed >= 4
    assert recx(place, ("explain", "u0")).out == good.out
