"""One writer at a time on a server, whoever dies or is held up."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.errors import EvidenceIndexError, IndexMissing, WriteLocked
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.server_lease import LEASE_SECONDS, Holder
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma.scene import (
    MODEL,
    SAMPLE,
    content_of,
    leave_lease,
    names_of,
    retriever_of,
    store_of,
)
from tests.unit.retrievers.killed_build import killed_half_way
from tests.unit.retrievers.small_world import make_model


def test_a_killed_build_is_taken_over_at_once_and_goes_on(
    folder: Path, tmp_path: Path, settings: RetrieverSettings, written: list[str]
) -> None:
    index = ChromaIndex(folder, settings)
    # A copy of the workspace, such as another machine has: no lock file is shared.
    elsewhere = ChromaIndex(tmp_path / "copy" / "evidence", settings)
    with killed_half_way(index, SAMPLE, MODEL, 45) as process:
        with pytest.raises(WriteLocked, match=f"process {process} is writing"):
            index.build(SAMPLE, MODEL)
        with pytest.raises(WriteLocked, match=f"process {process} on .*, last seen \\d+ s ago"):
            elsewhere.build(SAMPLE, MODEL)
        with retriever_of(index) as retriever, pytest.raises(IndexMissing):
            retriever.fetch("u1", ["any"])
    assert index.build(SAMPLE, MODEL) == 96
    assert 0 < len(written) <= 96 - 45
    assert index.check(SAMPLE, MODEL).events == 96
    assert f"{settings.index_name}.lock" not in names_of(settings)


HERE = Holder.of_this_process()
ELSEWHERE = replace(HERE, host="web-3", process=4711, place="another machine")
GONE = replace(HERE, process=2**22 + 1)


def test_the_lease_of_another_machine_is_respected_while_it_is_renewed(
    folder: Path, settings: RetrieverSettings
) -> None:
    leave_lease(settings, ELSEWHERE, LEASE_SECONDS / 2)
    with pytest.raises(WriteLocked, match="process 4711 on web-3, last seen 6. s ago"):
        ChromaIndex(folder, settings).build(SAMPLE, MODEL)


def test_a_lease_that_tells_no_holder_is_respected_too(
    folder: Path, settings: RetrieverSettings
) -> None:
    leave_lease(settings, '{"of": "a later version"}', 1)
    with pytest.raises(WriteLocked, match="another process, last seen 1 s ago"):
        ChromaIndex(folder, settings).build(SAMPLE, MODEL)


@pytest.mark.parametrize(
    ("holder", "seconds_ago"),
    [
        (ELSEWHERE, LEASE_SECONDS + 1),
        (GONE, 0),
        (replace(HERE, started="1"), 0),  # its number was given again
        (HERE, 0),  # of this process, which let it go but could not say so
        ("{", LEASE_SECONDS + 1),
    ],
    ids=["silent", "gone", "another of that number", "let go", "unreadable"],
)
def test_a_stale_lease_is_taken_over(
    holder: Holder | str, seconds_ago: float, folder: Path, settings: RetrieverSettings
) -> None:
    leave_lease(settings, holder, seconds_ago)
    assert ChromaIndex(folder, settings).build(SAMPLE, MODEL) == 96
    assert not any(".lock" in name for name in names_of(settings))


@pytest.mark.parametrize("until", [1, 96])
def test_who_lost_the_lease_writes_no_more(
    until: int, folder: Path, settings: RetrieverSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recx_agent.retrievers.server_lease.RENEWED_EVERY", 0.01)
    taken = threading.Event()

    def take_over(stage: str, done: int, total: int) -> None:
        if done >= until and not taken.is_set():
            taken.set()
            with store_of(settings) as store:
                store.drop(f"{settings.index_name}.lock")
            leave_lease(settings, ELSEWHERE, 0)

    index = ChromaIndex(folder, settings)
    with pytest.raises(WriteLocked, match="another process, which took over"):
        index.build(SAMPLE, MODEL, take_over)
    assert index.state() is None
    with pytest.raises(WriteLocked, match="web-3"):  # the other one's lease was not removed
        index.build(SAMPLE, MODEL)


def test_another_workspaces_index_is_not_replaced_unasked(
    built: ChromaIndex, settings: RetrieverSettings, tmp_path: Path
) -> None:
    before = content_of(built)
    stranger = ChromaIndex(tmp_path / "other" / "evidence", settings)
    other = make_model(SAMPLE, seed=1)
    with pytest.raises(EvidenceIndexError, match="another workspace's; .*retriever.index_name"):
        stranger.build(SAMPLE, other)
    assert content_of(built) == before
    assert stranger.build(SAMPLE, other, anew=True) == 96
    with pytest.raises(EvidenceIndexError, match="another workspace's"):
        built.build(SAMPLE, MODEL)


def test_what_was_embedded_goes_when_the_index_moves(
    folder: Path, settings: RetrieverSettings
) -> None:
    ChromaIndex(folder).build(SAMPLE, MODEL)
    assert list(folder.glob("generation-*"))
    ChromaIndex(folder, settings).build(SAMPLE, MODEL)
    assert sorted(path.name for path in folder.iterdir()) == ["index.owner", "write.lock"]
