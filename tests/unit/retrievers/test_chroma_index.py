from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import EvidenceIndexError
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.generations import STATE_NAME
from recx_agent.settings import RetrieverSettings

DatasetOf = Callable[..., Dataset]
ModelOf = Callable[..., FactorModel]
ContentOf = Callable[[Path], dict[str, Any]]


def described(dataset: Dataset) -> dict[str, int]:
    """Id and item of every positive event."""
    users = range(len(dataset.users))
    return {event.id: event.item for user in users for event in dataset.describe_terms(user)}


def generations_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "generation" in path.name)


def files_with(folder: Path, words: str) -> list[str]:
    found = [p for p in folder.rglob("*") if p.is_file() and words.encode() in p.read_bytes()]
    return sorted(path.name for path in found)


def test_every_positive_event_is_a_record_with_the_vector_of_its_item(
    sample: Dataset,
    model: FactorModel,
    folder: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
) -> None:
    wanted = described(sample)
    assert ChromaIndex(folder, several).build(sample, model) == len(wanted) == 96
    content = content_of(folder)
    assert content.keys() == wanted.keys()
    for id, (_, _, vector) in content.items():
        assert vector == model.history_factors[wanted[id]].tobytes()


def test_the_state_says_what_the_index_holds(
    sample: Dataset, model: FactorModel, built: ChromaIndex, tmp_path: Path
) -> None:
    assert ChromaIndex(tmp_path).state() is None
    folder, state = built.folder, built.state()
    assert state is not None
    assert (state.model, state.data) == (model.fingerprint, sample.fingerprint)
    assert (state.users, state.events, state.shards) == (12, 96, 4)
    with ChromaStore.in_folder(folder / state.generation) as store:
        names = store.names()
        assert len(names) == state.collections > 1
        assert all(name.startswith(f"events-{model.fingerprint}-") for name in names)
        configuration = store._collection(min(names)).configuration_json
        assert configuration["hnsw"]["space"] == "ip"
        assert store._collection(min(names))._embedding_function is None


def test_ids_do_not_hang_on_the_order_of_the_rows(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    model: FactorModel,
    sample: Dataset,
    tmp_path: Path,
    content_of: ContentOf,
) -> None:
    # The users' internal ids and the source rows change; the events do not.
    turned = dataset_of(rows[::-1], titles)
    assert turned.users.ids != sample.users.ids
    ChromaIndex(tmp_path / "a").build(sample, model)
    ChromaIndex(tmp_path / "b").build(turned, model)
    assert content_of(tmp_path / "a").keys() == content_of(tmp_path / "b").keys()


def test_building_again_writes_nothing(
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    folder: Path,
    content_of: ContentOf,
    written: list[str],
) -> None:
    before, stamp = content_of(folder), (folder / STATE_NAME).stat()
    assert built.build(sample, model) == len(before)
    assert written == []
    assert content_of(folder) == before
    assert (folder / STATE_NAME).stat() == stamp
    assert len(generations_of(folder)) == 1


def test_new_events_are_added_and_only_they(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    model: FactorModel,
    row: Callable[..., Any],
    built: ChromaIndex,
    tmp_path: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    written: list[str],
) -> None:
    more = dataset_of([*rows, row("u1", "i5", 5.0, 2_000_000), row("new", "i6", 5.0)], titles)
    assert built.build(more, model) == 98
    assert sorted(written) == ["new/i6/rating/1000000", "u1/i5/rating/2000000"]
    ChromaIndex(tmp_path / "fresh", several).build(more, model)
    assert content_of(built.folder) == content_of(tmp_path / "fresh")


def test_an_index_that_grows_out_of_its_collections_is_spread_anew(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    model: FactorModel,
    folder: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
) -> None:
    index = ChromaIndex(folder, several)
    few = dataset_of(rows[:9], titles)
    index.build(few, model)
    small = index.state()
    assert small is not None and small.shards == 1
    everything = dataset_of(rows, titles)
    index.build(everything, model)
    large = index.state()
    assert large is not None and large.shards == 4
    assert content_of(folder).keys() == described(everything).keys()


def test_what_is_removed_is_gone_from_the_files_too(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    model: FactorModel,
    row: Callable[..., Any],
    folder: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    written: list[str],
) -> None:
    secret = row("leaver", "i5", 5.0, 2_000_000, text="zanzibar ζξψ")
    kept = row("u1", "i5", 5.0, 2_000_000, text="a quiet remark")
    index = ChromaIndex(folder, several)
    index.build(dataset_of([*rows, secret, kept], titles), model)
    assert "chroma.sqlite3" in files_with(folder, "leaver")
    assert "index_metadata.pickle" in files_with(folder, "leaver")
    # The full-text index holds words in pieces of three letters.
    assert files_with(folder, "zanzibar") == files_with(folder, "ζξψ") == ["chroma.sqlite3"]
    written.clear()
    index.build(dataset_of([*rows, kept], titles), model)
    for words in ("leaver", "zanzibar", "ζξψ"):
        assert files_with(folder, words) == []
    assert files_with(folder, "a quiet remark") == ["chroma.sqlite3"]
    content = content_of(folder)
    assert len(content) == 97
    assert content["u1/i5/rating/2000000"][1] == "a quiet remark"
    assert 0 < len(written) < 97  # the collection of the one who left, not the others


def test_an_altered_event_is_written_anew(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    model: FactorModel,
    built: ChromaIndex,
    folder: Path,
    content_of: ContentOf,
) -> None:
    assert files_with(folder, "Title of i7") != []
    renamed = {**titles, "i7": "Another title"}
    built.build(dataset_of(rows, renamed), model)
    assert files_with(folder, "Title of i7") == []
    changed = [m for m, _, _ in content_of(folder).values() if "Another title" in m["event"]]
    assert len(changed) == sum(r.item == "i7" and r.value != 2.0 for r in rows) > 0


def test_another_model_takes_the_place_of_the_first(
    sample: Dataset,
    model: FactorModel,
    model_of: ModelOf,
    built: ChromaIndex,
    folder: Path,
    content_of: ContentOf,
) -> None:
    other = model_of(sample, seed=1)
    assert other.fingerprint != model.fingerprint
    built.build(sample, other)
    state = built.state()
    assert state is not None and state.model == other.fingerprint
    assert generations_of(folder) == [state.generation]
    wanted = described(sample)
    for id, (_, _, vector) in content_of(folder).items():
        assert vector == other.history_factors[wanted[id]].tobytes()


def sqlite_of(generation: Path) -> Path:
    return generation / "chroma.sqlite3"


def lose(generation: Path, name: str) -> None:
    for path in generation.rglob(name):
        path.unlink()


def cut(path: Path) -> int:
    return path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def alter_a_vector(generation: Path) -> None:
    (path, *_) = sorted(generation.rglob("data_level0.bin"))
    whole = bytearray(path.read_bytes())
    whole[80:84] = b"\x00\x00\x80\x3f"
    path.write_bytes(bytes(whole))


def lose_a_row(generation: Path) -> None:
    database = sqlite3.connect(sqlite_of(generation))
    database.execute("DELETE FROM embeddings WHERE id = (SELECT MAX(id) FROM embeddings)")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda g: sqlite_of(g).write_bytes(b"no database" * 999),
        lambda g: sqlite_of(g).unlink(),
        lambda g: cut(sqlite_of(g)),
        lose_a_row,
        alter_a_vector,
        lambda g: lose(g, "index_metadata.pickle"),
        lambda g: [cut(path) for path in g.rglob("data_level0.bin")],
        lambda g: (g / "plan.json").unlink(),
        lambda g: (g.parent / STATE_NAME).write_text("{"),
    ],
    ids=[
        "garbage",
        "no database",
        "half a database",
        "lost row",
        "altered vector",
        "no label files",
        "half vector files",
        "no plan",
        "half a state",
    ],
)
def test_a_damaged_index_is_repaired(
    damage: Callable[[Path], object],
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    folder: Path,
    content_of: ContentOf,
) -> None:
    before, state = content_of(folder), built.state()
    assert state is not None
    damage(folder / state.generation)
    assert built.build(sample, model) == len(before)
    assert content_of(folder) == before
    assert len(generations_of(folder)) == 1


def test_progress_counts_up_to_all_events(
    sample: Dataset, model: FactorModel, folder: Path, several: RetrieverSettings
) -> None:
    told: list[tuple[str, int, int]] = []
    for _ in range(2):  # when all is written, and when all is there
        told.clear()
        ChromaIndex(folder, several).build(sample, model, lambda *a: told.append(a))
        done = [at for _, at, _ in told]
        assert {(stage, total) for stage, _, total in told} == {("evidence index", 96)}
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0, 96)
        assert len(set(done)) > 2


def test_a_model_of_other_items_is_refused(
    sample: Dataset, model_of: ModelOf, dataset_of: DatasetOf, rows: list[Any], folder: Path
) -> None:
    fewer = model_of(dataset_of(rows[:9]))
    with pytest.raises(EvidenceIndexError, match=r"the model knows \d items and the data set has"):
        ChromaIndex(folder).build(sample, fewer)
    assert not folder.exists()


def test_a_data_set_without_positive_events_has_an_empty_index(
    dataset_of: DatasetOf, model_of: ModelOf, row: Callable[..., Any], folder: Path
) -> None:
    dataset = dataset_of([row("u", "i", 1.0)])
    assert ChromaIndex(folder).build(dataset, model_of(dataset)) == 0
    assert ChromaIndex(folder).build(dataset, model_of(dataset)) == 0


def test_a_folder_that_chroma_cannot_write_in_is_told_in_words(
    sample: Dataset, model: FactorModel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb.errors import InternalError

    def full(*args: object, **kwargs: object) -> None:
        raise InternalError("database or disk is full")

    monkeypatch.setattr("chromadb.api.models.Collection.Collection.add", full)
    with pytest.raises(EvidenceIndexError, match="cannot write here: database or disk is full"):
        ChromaIndex(folder).build(sample, model)
    assert ChromaIndex(folder).state() is None


class Bare:
    """No more of a model than an index needs; its vectors have a length of their own."""

    fingerprint = "bare"
    uses_disliked = False

    def __init__(self, n_items: int) -> None:
        self.item_factors = np.zeros((n_items, 9))

    def event_vectors(
        self, items: NDArray[np.int32], disliked: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        return np.outer(items + 1, np.arange(3)).astype(np.float32)


def test_a_model_of_another_kind(sample: Dataset, folder: Path, content_of: ContentOf) -> None:
    model: Any = Bare(len(sample.catalogue))
    assert ChromaIndex(folder).build(sample, model) == 96
    wanted = described(sample)
    for id, (_, _, vector) in content_of(folder).items():
        assert np.frombuffer(vector, np.float32).tolist() == [
            n * (wanted[id] + 1.0) for n in range(3)
        ]
