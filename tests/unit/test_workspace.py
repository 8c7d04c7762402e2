from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import ArtefactDamaged, UsageError, WorkspaceEmpty
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
    with pytest.raises(OSError, match="No space left"):
        place.add(planted, Failing(), {"how": "fit"})
    assert sorted(p.relative_to(place.root) for p in place.root.rglob("*")) == before
    assert place.current().name == "000001"


def test_a_missing_version_is_damage(
    place: Workspace, planted: Dataset, planted_model: FactorModel
) -> None:
    place.add(planted, planted_model, {"how": "fit"})
    (place.root / "CURRENT").write_text("000009\n")
    with pytest.raises(ArtefactDamaged, match="000009"):
        place.current()
