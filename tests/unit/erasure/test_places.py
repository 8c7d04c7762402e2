"""Each place that has something of users is cleaned, whatever state it is in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.api_keys import KeyFile
from recx_agent.datasets import Dataset
from recx_agent.datasets.removal import without_users
from recx_agent.erasure import forget
from recx_agent.erasure.places import Checkpoints
from recx_agent.errors import (
    ErasureUnfinished,
    IndexMissing,
    NotSignedIn,
    UnknownUser,
)
from recx_agent.factory import make_user_store
from recx_agent.settings import load_settings
from recx_agent.stores import SqlUserStore
from recx_agent.workspace import Workspace

SMALL = {"components": 8, "runs": 1, "epochs": 2}


def test_every_kept_version_is_cleaned_and_can_be_gone_back_to(workspace: Path) -> None:
    new = pd.DataFrame({"user_id": ["u0", "u1"], "item_id": ["i1", "i2"], "value": [5, 5]})
    build.update(workspace, interactions=new, epochs=0)
    place = Workspace(workspace)
    assert all("u0" in version.load_data().users for version in place.versions())
    forget(workspace, "u0")
    assert len(place.versions()) == 2
    for version in place.versions():
        assert "u0" not in version.load_data().users
        assert sorted(p.name for p in version.folder.iterdir()) == [
            "CURRENT_DATA",
            "data-2",
            "model",
            "notes.json",
        ]
    place.switch()
    with Recx.open(workspace) as recx:
        assert recx.explain_list("u1", 2)


def test_a_second_erasure_takes_the_next_folder(workspace: Path) -> None:
    forget(workspace, "u0")
    forget(workspace, "u1")
    version = Workspace(workspace).current()
    assert version.data.name == "data-3"
    assert {p.name for p in version.folder.glob("data*")} == {"data-3"}
    assert len(version.load_data().users) == 38


def test_the_data_are_those_without_the_user(workspace: Path) -> None:
    before = Workspace(workspace).current().load_data()
    forget(workspace, "u7")
    after = Workspace(workspace).current().load_data()
    assert after.fingerprint == without_users(before, ["u7"]).fingerprint != before.fingerprint


def test_hidden_items_go_too(workspace: Path) -> None:
    store = SqlUserStore(workspace)
    store.give("u0", "mute", "item", "i2")
    store.give("u1", "mute", "item", "i3")
    store.close()
    result = forget(workspace, "u0")
    assert {entry.place: entry.records for entry in result.erased}["feedback and added events"] == 1
    assert store.feedback("u0") == ()
    assert [e.value for e in store.feedback("u1")] == ["i3"]
    store.close()


def test_checkpoints_are_dropped(workspace: Path) -> None:
    place = Workspace(workspace)
    for run in ("run-0-epoch-3", "run-1-epoch-3", ".run-1-epoch-4.half"):
        (place.checkpoints / run).mkdir(parents=True)
    assert Checkpoints(place).erase("u0") == 2
    assert not place.checkpoints.exists()
    assert Checkpoints(place).erase("u0") == 0


def test_what_killed_writers_left_goes_too(workspace: Path) -> None:
    place = Workspace(workspace)
    version = place.current()
    shutil.copytree(version.folder, workspace / "versions" / ".000002.half")
    shutil.copytree(version.data, version.folder / ".data-2.half")
    shutil.copytree(version.data, version.folder / "data-7")
    generation = next((workspace / "evidence").glob("generation-*"))
    shutil.copytree(generation, workspace / "evidence" / "generation-begun")
    shutil.copytree(generation, workspace / "evidence" / ".generation-x.half")
    forget(workspace, "u0")
    assert [p.name for p in (workspace / "versions").iterdir()] == ["000001"]
    assert {p.name for p in version.folder.glob("*data*")} == {"data-2"}
    assert len(list((workspace / "evidence").glob("*generation-*"))) == 1


@pytest.mark.parametrize("what", ["data", "model"])
def test_an_old_version_that_cannot_be_read_is_removed(workspace: Path, what: str) -> None:
    place = Workspace(workspace)
    first = place.current()
    place.add(first.load_data(), Kept(first.model), first.notes)
    damaged = first.data / "event_user.npy" if what == "data" else first.model / "features.json"
    damaged.write_bytes(b"damaged")
    forget(workspace, "u0")
    kept = ["000002"] if what == "data" else ["000001", "000002"]
    assert [version.name for version in place.versions()] == kept


def test_the_version_in_force_is_not_removed(workspace: Path) -> None:
    place = Workspace(workspace)
    first = place.current()
    place.add(first.load_data(), Kept(first.model), first.notes)
    path = place.current().data / "users.parquet"
    whole = path.read_bytes()
    path.write_bytes(b"damaged")
    with pytest.raises(ErasureUnfinished, match="saved versions.*SHA-256.*same command again"):
        forget(workspace, "u0")
    assert make_user_store(workspace, load_settings(workspace)).tombstones.covers("u0")
    path.write_bytes(whole)
    forget(workspace, "u0")
    assert all("u0" not in version.load_data().users for version in place.versions())


class Kept:
    """A saved model, to be saved again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, folder: Path) -> None:
        shutil.copytree(self.folder, folder)


def test_an_index_of_a_model_that_is_gone_is_removed(workspace: Path) -> None:
    place = Workspace(workspace)
    old = place.current()
    build.fit(
        workspace,
        interactions=pd.DataFrame({"user_id": ["u0", "x"] * 2, "item_id": ["a", "b", "c", "a"]}),
        model=SMALL,
    )
    place.remove(place.versions()[0])
    assert old.name not in [version.name for version in place.versions()]
    result = forget(workspace, "u0")
    assert {e.place: e.records for e in result.erased}["evidence index"] == 40 * 9
    assert not list((workspace / "evidence").glob("*generation*"))
    with Recx.open(workspace) as recx, pytest.raises(IndexMissing):
        recx.explain_list("x", 1)


def test_one_whom_only_an_old_index_knows_is_erased(
    workspace: Path, few_rows: pd.DataFrame
) -> None:
    place = Workspace(workspace)
    build.fit(workspace, interactions=few_rows, model=SMALL)
    place.remove(place.versions()[0])
    assert {e.place: e.records for e in forget(workspace, "u7").erased}["evidence index"] == 360
    assert forget(workspace, "u7").already_erased
    with pytest.raises(UnknownUser):
        forget(workspace, "u8")


def test_the_index_of_an_earlier_version_stays_its_own(
    workspace: Path, few_rows: pd.DataFrame
) -> None:
    build.fit(workspace, interactions=few_rows, model=SMALL)
    forget(workspace, "u0")
    place = Workspace(workspace)
    place.switch("000001")
    with Recx.open(workspace) as recx:
        assert recx.check_index()
        assert recx.explain_list("u1", 2)


def test_a_workspace_without_an_index_needs_none(workspace: Path) -> None:
    shutil.rmtree(workspace / "evidence")
    forget(workspace, "u0")
    assert "u0" not in Workspace(workspace).current().load_data().users


def test_loading_is_tried_again_when_data_are_replaced_meanwhile(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = Workspace(workspace).current()
    smaller = without_users(version.load_data(), ["u0"])
    load, asked = Dataset.load, []

    def replaced_on_the_way(folder: Path) -> Dataset:
        asked.append(folder.name)
        if len(asked) == 1:
            version.replace_data(smaller)
            Workspace(workspace).remove_leftovers()
        return load(folder)

    monkeypatch.setattr(Dataset, "load", staticmethod(replaced_on_the_way))
    assert version.load_data().fingerprint == smaller.fingerprint
    assert asked == ["data", "data-2"]


def test_the_users_own_keys_go_with_him(workspace: Path) -> None:
    file = KeyFile(workspace / "keys.json")
    his, hers, programs = (
        file.add("u0's phone", ["recommend"], user_id="u0"),
        file.add("u1's phone", ["recommend"], user_id="u1"),
        file.add("shop", ["recommend"]),
    )
    done = forget(workspace, "u0")
    assert {one.place: one.records for one in done.erased}["API keys"] == 1
    with pytest.raises(NotSignedIn):
        KeyFile(workspace / "keys.json").find(his)
    assert "u0" not in (workspace / "keys.json").read_text()
    assert file.find(hers).user_id == "u1"
    assert file.find(programs).name == "shop"


def test_a_copy_of_the_keys_that_a_killed_writer_left_goes_too(workspace: Path) -> None:
    file, left = KeyFile(workspace / "keys.json"), workspace / ".keys.json.x7_kq2ab"
    hers = file.add("u1's phone", ["recommend"], user_id="u1")
    left.write_text("u0")
    forget(workspace, "u0")
    assert not left.exists(), "although no key is his any more"
    left.write_text("u0")
    file.add("u0's phone", ["recommend"], user_id="u0")
    forget(workspace, "u0")
    assert not left.exists()
    assert file.find(hers).user_id == "u1"
    assert (workspace / ".keys.json.lock").exists()


def test_a_key_made_after_the_erasure_goes_with_the_next_one(workspace: Path) -> None:
    forget(workspace, "u0")
    KeyFile(workspace / "keys.json").add("again", ["recommend"], user_id="u0")
    forget(workspace, "u0")
    assert KeyFile(workspace / "keys.json").keys() == ()
