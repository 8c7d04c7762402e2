"""``recx eval run``, killed half-way: the same command ends as an unbroken run does."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.bad_input.place import INTERACTIONS, ITEMS, WORKSPACE, Told, copy_of, recx
from tests.e2e.bad_input.place import fitted_place as fit

SUITE = """
scorers = ["text.words", "text.distinct_2", "text.words_carried", "grounded"]
[cases]
users = 12
[writers.ours]
kind = "template"
[writers.statements]
kind = "ranking"
"""
SHARES = (0.3, 0.8)
"""At which part of all steps the run is killed."""

RAW = {"RECX_DATA__INTERACTIONS": INTERACTIONS, "RECX_DATA__ITEMS": ITEMS}
COMMAND = ("eval", "run", "mine.toml", "--out", "out", "--threads", "1")
SAME = ("results.json", "scores.jsonl", "cases.jsonl")
"""What does not hold how long something took."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = fit(tmp_path_factory.mktemp("killed") / "base")
    (place / "mine.toml").write_text(SUITE)
    assert (place / WORKSPACE).is_dir()
    return place


def run(place: Path, last: int) -> Told:
    """Run it, killed at a step; at none if that is 0."""
    return recx(place, COMMAND, RAW, (f"kill-at={last}",))


def left(place: Path) -> dict[str, bytes]:
    return {name: (place / "out" / name).read_bytes() for name in SAME}


def test_a_killed_run_ends_as_an_unbroken_one(base: Path, tmp_path: Path) -> None:
    whole = copy_of(base, tmp_path / "whole")
    told = run(whole, 0)
    assert told.code == 0, told.err
    steps = int(told.out.splitlines()[-1].split()[0])
    assert b'"failed": 0' in left(whole)["results.json"]
    journal = len((whole / "out" / "journal.jsonl").read_text().splitlines())
    for share in SHARES:
        place = copy_of(base, tmp_path / f"killed-{share}")
        assert run(place, round(steps * share)).code == -signal.SIGKILL
        assert not (place / "out" / "results.json").exists()
        again = run(place, 0)
        assert again.code == 0, again.err
        assert left(place) == left(whole), f"killed at {share:.0%}"
        lines = (place / "out" / "journal.jsonl").read_text().splitlines()
        assert len(lines) == journal, "nothing is done twice"
