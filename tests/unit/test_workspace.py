from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import ArtefactDamaged, UsageError, WorkspaceEmpty, WriteFailed
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.workspace import KEPT_VERSIONS, Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


class Failing:
    def save(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "half").write_text("written")
        raise OSError(28, "No space left on device")


def test_an_empty_workspace_says_so(place: Workspace) -> None:
    assert place.versions() == []
    with pytest.raises(WorkspaceEmpty):
        place.current()


def test_the_newest_version_is_in_force_and_can_be_gone_back_from(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    place.add(planted, planted_model, {"how": "fit"})
    second = place.add(planted, planted_model, {"how": "update"})
    assert second.name == "000002"
    assert second.notes["how"] == "update"
    assert place.switch().name == "000001"
    with pytest.raises(UsageError, match="no version before"):
        place.switch()
    assert place.switch("000002").name == "000002"
    with pytest.raises(UsageError, match="000001, 000002"):
        place.switch("7")


def test_old_versions_go_but_never_the_one_in_force(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    for _ in range(KEPT_VERSIONS + 2):
        place.add(planted, planted_model, {"how": "fit"})
    names = [version.name for version in place.versions()]
    assert len(names) == KEPT_VERSIONS
    assert place.current().name == names[-1]


def test_a_failed_save_leaves_everything_as_it_was(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    place.add(planted, planted_model, {"how": "fit"})
    before = sorted(p.relative_to(place.root) for p in place.root.rglob("*"))
    with pytest.raises(WriteFailed, match="versions/000002: the disk is full; make room"):
        place.add(planted, Failing(), {"how": "fit"})
    assert sorted(p.relative_to(place.root) for p in place.root.rglob("*")) == before
    assert place.current().name == "000001"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"000009\n", "names '000009', which is not there"),
        (b"", "missing or empty"),
        (b"../../elsewhere\n", "which is not there"),
        (b".\n", "which is not there"),
        (b"\xff\xfe\x00", "which is not there"),
        (None, "missing or empty"),
    ],
)
def test_a_current_that_names_no_version_is_damage(
    place: Workspace,
    planted: Dataset,
    planted_model: FactorModel,
    content: bytes | None,
    problem: str,
) -> None:
    for _ in range(2):
        place.add(planted, planted_model, {"how": "fit"})
    current = place.root / "CURRENT"
    current.unlink() if content is None else current.write_bytes(content)
    with pytest.raises(ArtefactDamaged) as caught:
        place.current()
    assert str(caught.value).startswith(f"{current}: ")
    assert problem in caught.value.problem
    assert "there are versions 000001, 000002" in caught.value.problem
    assert place.switch().name == "000002"
    assert place.current().name == "000002"


def test_the_notes_of_another_version_and_altered_ones_are_damage(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    first, second = (place.add(planted, planted_model, {"how": how}) for how in ("fit", "update"))
    notes = second.folder / "notes.json"
    good = notes.read_bytes()
    notes.write_bytes((first.folder / "notes.json").read_bytes())
    with pytest.raises(ArtefactDamaged, match="notes.json: these are the notes of another version"):
        assert second.notes
    notes.write_bytes(good.replace(b"update", b"updave"))
    with pytest.raises(ArtefactDamaged, match="checksum is not that of its content"):
        assert second.notes


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("a file")
    with pytest.raises(UsageError, match="this is a file, and a workspace is a folder"):
        Workspace(tmp_path / "w")


def test_what_a_killed_writer_left_is_removed(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    place.add(planted, planted_model, {"how": "fit"})
    before = sorted(place.root.rglob("*"))
    (place.root / ".CURRENT.x1").write_text("0000")
    (place.root / "versions" / ".000002.x1" / "data").mkdir(parents=True)
    place.remove_leftovers()
    assert sorted(place.root.rglob("*")) == before
