from __future__ import annotations

import struct
from pathlib import Path

import pytest

from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.vector_files import blank_spare_room

SECRET = b"a password that was in memory "


def write_segment(folder: Path, version: int = 1, stored: int = 10) -> Path:
    segment = folder / "segment"
    segment.mkdir(parents=True)
    header = struct.pack("<i6Q", version, 0, 10, 4, 30, 22, 8) + bytes(48)
    (segment / "header.bin").write_bytes(header)
    (segment / "data_level0.bin").write_bytes(SECRET * stored)
    (segment / "length.bin").write_bytes(b"pass" * stored)
    return segment


@pytest.mark.parametrize("stored", [10, 7, 4])  # a file can be shorter than the capacity
def test_what_follows_the_last_element_is_blanked(stored: int, tmp_path: Path) -> None:
    segment = write_segment(tmp_path, stored=stored)
    blank_spare_room(tmp_path)
    spare = stored - 4
    assert (segment / "data_level0.bin").read_bytes() == SECRET * 4 + bytes(30 * spare)
    assert (segment / "length.bin").read_bytes() == b"pass" * 4 + bytes(4 * spare)


@pytest.mark.parametrize("strange", [{"version": 2}, {"stored": 11}, {"stored": 3}])
def test_a_file_of_another_form_is_left_and_told(
    strange: dict[str, int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    segment = write_segment(tmp_path, **strange)
    before = (segment / "data_level0.bin").read_bytes()
    blank_spare_room(tmp_path)
    assert (segment / "data_level0.bin").read_bytes() == before
    assert "data_level0.bin is of an unknown form" in caplog.text


def test_half_a_header_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    segment = write_segment(tmp_path)
    (segment / "header.bin").write_bytes(b"abc")
    blank_spare_room(tmp_path)
    assert "unknown form" in caplog.text


def test_an_index_has_nothing_in_its_spare_room(built: ChromaIndex) -> None:
    headers = list(built.folder.rglob("header.bin"))
    assert headers
    for header in headers:
        _, _, capacity, elements, size, _, _ = struct.unpack_from("<i6Q", header.read_bytes())
        assert 0 < elements < capacity
        for name, width in (("data_level0.bin", size), ("length.bin", 4)):
            content = header.with_name(name).read_bytes()
            assert elements <= len(content) // width <= capacity
            assert not any(content[elements * width :])
    # The elements themselves are still there.
    assert any(any(p.read_bytes()) for p in built.folder.rglob("data_level0.bin"))
