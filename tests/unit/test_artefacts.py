from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import numpy as np
import pytest

from recx_agent.artefacts import (
    load_array,
    new_folder,
    peek_manifest,
    read_manifest,
    read_sealed,
    save_array,
    why_unwritable,
    write_atomic,
    write_manifest,
    write_sealed,
)
from recx_agent.errors import ArtefactDamaged, ArtefactVersion, WriteFailed

NOTES = {"title": "Amélie", "share": 0.1, "names": ["a", "b"], "none": None, "of": {"1": "x"}}


def test_sealed_notes_come_back_as_they_were(tmp_path: Path) -> None:
    write_sealed(tmp_path / "n.json", NOTES)
    assert read_sealed(tmp_path / "n.json") == NOTES


def test_every_single_bit_of_sealed_notes_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    write_sealed(path, NOTES)
    good = path.read_bytes()
    for position in range(len(good)):
        for bit in range(8):
            bad = bytearray(good)
            bad[position] ^= 1 << bit
            path.write_bytes(bad)
            with pytest.raises(ArtefactDamaged):
                read_sealed(path)
    path.write_bytes(good)
    assert read_sealed(path) == NOTES


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b'"x"', b"\xff\xfe", b"{}"])
def test_what_is_not_sealed_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n.json").write_bytes(content)
    with pytest.raises(ArtefactDamaged, match=r"n\.json: .*run 'recx fit' again"):
        read_sealed(tmp_path / "n.json")


def test_a_name_that_is_no_unicode_can_be_noted(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    write_sealed(tmp_path / "n.json", {"source": name})
    assert read_sealed(tmp_path / "n.json") == {"source": name}


def saved_folder(tmp_path: Path) -> Path:
    with new_folder(tmp_path / "f") as scratch:
        save_array(scratch, "a", np.arange(6, dtype=np.float32).reshape(2, 3))
        write_manifest(scratch, 1, {"kind": "x"})
    return tmp_path / "f"


@pytest.mark.parametrize("shape", [(0,), (0, 4), (3,), (2, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.bool_])
def test_arrays_come_back_as_they_were(
    tmp_path: Path, shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    array = np.ones(shape, dtype=dtype)
    save_array(tmp_path, "a", array)
    back = load_array(tmp_path, "a")
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert np.array_equal(back, array)


def test_a_column_of_a_matrix_is_saved_in_order(tmp_path: Path) -> None:
    matrix = np.arange(6).reshape(2, 3).T
    save_array(tmp_path, "a", matrix)
    assert np.array_equal(load_array(tmp_path, "a"), matrix)


def test_another_format_version_is_told_before_damage(tmp_path: Path) -> None:
    manifest = saved_folder(tmp_path) / "manifest.json"
    manifest.write_text(json.dumps({"format_version": 99, "shape": "unknown"}))
    with pytest.raises(ArtefactVersion, match="format version 99, .* reads 1; update recx-agent"):
        read_manifest(manifest.parent, 1)
    with pytest.raises(ArtefactVersion, match="format version 99, .* reads 100; run 'recx fit'"):
        read_manifest(manifest.parent, 100)


def test_one_can_look_whose_a_manifest_is(tmp_path: Path) -> None:
    folder = saved_folder(tmp_path)
    assert peek_manifest(folder)["kind"] == "x"
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ArtefactDamaged, match=r"manifest\.json: not readable as JSON"):
        peek_manifest(folder)


def test_a_missing_file_is_named_once(tmp_path: Path) -> None:
    folder = saved_folder(tmp_path)
    (folder / "a.npy").unlink()
    with pytest.raises(ArtefactDamaged) as caught:
        read_manifest(folder, 1)
    assert str(caught.value).startswith(f"{folder / 'a.npy'}: missing; go back")


@pytest.mark.parametrize(
    ("number", "words"),
    [(28, "the disk is full; make room"), (27, "ulimit -f"), (30, "read-only")],
)
def test_a_failed_write_names_the_final_place_and_leaves_nothing(
    tmp_path: Path, number: int, words: str
) -> None:
    with pytest.raises(WriteFailed) as caught, new_folder(tmp_path / "outer") as scratch:
        with new_folder(scratch / "inner") as inner:
            (inner / "half").write_text("written")
            raise OSError(number, os.strerror(number))
    assert str(caught.value).startswith(f"{tmp_path / 'outer'}: ")
    assert words in str(caught.value)
    assert caught.value.exit_code == 6
    assert list(tmp_path.iterdir()) == []


def test_other_errors_are_not_called_failed_writes(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "f"):
        (tmp_path / "none").read_text()
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteFailed, match="there is a file where a folder is needed"):
        write_atomic(tmp_path / "file" / "CURRENT", "1")


def test_a_full_device_is_told_and_the_old_text_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CURRENT"
    write_atomic(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailed, match="CURRENT: the disk is full"):
        write_atomic(path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["CURRENT"]
    assert path.read_text() == "old"


def test_a_place_is_asked_why_it_cannot_be_written(tmp_path: Path) -> None:
    assert why_unwritable(tmp_path) is None
    assert why_unwritable(tmp_path / "none") is None
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        found = why_unwritable(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert found is not None
    assert str(found).startswith(f"{tmp_path}: a file would grow beyond the limit")
    assert list(tmp_path.iterdir()) == []
