"""Killed half-way: the workspace answers as before, and the same command completes.

Every command is killed by SIGKILL at steps spread over its whole run; see ``bad_input/steps.py``.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.errors import RecxError
from tests.e2e.bad_input.place import (
    INTERACTIONS,
    ITEMS,
    WORKSPACE,
    Told,
    copy_of,
    fitted_place,
    recx,
    write_csv,
)

POINTS = 10
"""How often each command is killed at least."""

MORE = "more.csv"
FIT = ("fit", "--interactions", INTERACTIONS, "--items", ITEMS, "--scale", "1:5", "--epochs", "6")
NEW = ("--interactions", MORE, "--items", ITEMS)
UPDATE = ("fit", "--update", *NEW, "--epochs", "4")
FOLD_IN = ("fit", "--update", *NEW, "--epochs", "0")
INDEX = ("index",)
SEVERAL = {
    "RECX_MODEL__RUNS": "2",
    "RECX_RETRIEVER__BATCH_SIZE": "5",
    "RECX_RETRIEVER__EVENTS_PER_COLLECTION": "30",
}
"""Two runs side by side, and an index of several collections written in small batches."""


@dataclass(frozen=True)
class Answers:
    """What a workspace says; equal workspaces say the same."""

    model: str
    data: str
    lists: tuple[str, ...]
    explained: str


def answers(place: Path) -> Answers:
    """Ask a workspace."""
    with Recx.open(place / WORKSPACE) as recx:
        lists = tuple(recx.recommend(f"u{u}", 5).model_dump_json() for u in range(4))
        try:
            texts = [e.model_copy(update={"audit_id": ""}) for e in recx.explain_list("u1", 3)]
            explained = "".join(text.model_dump_json() for text in texts)
        except RecxError as error:
            explained = type(error).__name__
        return Answers(recx.model.fingerprint, recx.dataset.fingerprint, lists, explained)


def run_to(step: int, place: Path, command: Sequence[str], where: str = "at") -> Told:
    """Run a command that is killed at a step or right behind it; at none if it is 0."""
    return recx(place, command, SEVERAL, (f"kill-{where}={step}",))


def points_of(place: Path, command: Sequence[str]) -> list[int]:
    """Run a command whole, and choose steps to kill it at.

    They are spread over all steps, the first and the last among them; and before and
    behind each of the last two renamings, by which something new is put in force.
    """
    told = run_to(0, place, command)
    assert told.code == 0, told.err
    steps, *renames = map(int, told.out.splitlines()[-1].split())
    points = {1 + round(n * (steps - 1) / (POINTS - 1)) for n in range(POINTS)}
    return sorted(points | {step + n for step in renames[-2:] for n in (0, 1)})


def leftovers(place: Path) -> list[str]:
    """Whatever a workspace does not hold after a command that went well."""
    root = place / WORKSPACE
    found: Iterable[Path] = [*root.rglob(".*"), *root.glob("checkpoints")]
    generations = sorted((root / "evidence").glob("generation-*"))
    return [str(path.relative_to(root)) for path in [*found, *generations[1:]]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted and indexed workspace, and rows to add to it."""
    place = fitted_place(tmp_path_factory.mktemp("killed") / "base")
    rows = [(f"u{u}", f"i{(5 * u + n) % 20}", 5, 2_000_000 + n) for u in range(30) for n in (0, 1)]
    write_csv(place / MORE, ("user_id", "item_id", "value", "timestamp"), rows)
    return place


@pytest.fixture(scope="module")
def folded_in(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """New rows are in force, and the index does not have them yet."""
    place = copy_of(base, tmp_path_factory.mktemp("folded") / "place")
    told = recx(place, FOLD_IN, SEVERAL)
    assert told.code == 0, told.err
    return place


def killed_everywhere(before: Path, command: Sequence[str], folder: Path) -> None:
    """Kill a command at every point, look, and let it complete.

    What a workspace says in between is what it said before or, if only tidying was left to
    do, what it says in the end.
    """
    whole = copy_of(before, folder / "whole")
    points = points_of(whole, command)
    steps = points[-1]
    first, last = answers(before), answers(whole)
    assert first != last
    assert leftovers(whole) == []
    told: list[Any] = []
    for number, step in enumerate(points):
        place = copy_of(before, folder / f"killed-{step}")
        where = "behind" if number % 2 and step < steps else "at"
        assert run_to(step, place, command, where).code == -signal.SIGKILL
        between = answers(place)
        assert between in (first, last), f"killed at step {step} of {steps}"
        told.append((step, "as before" if between == first else "done"))
        # What is done already is not done twice; whatever is run next tidies up.
        again = recx(place, command if between == first or command == INDEX else FIT, SEVERAL)
        assert again.code == 0, again.err
        if between == first:
            assert answers(place) == last, f"killed at step {step} of {steps}"
        assert leftovers(place) == [], f"killed at step {step} of {steps}"
    print(f"recx {' '.join(command)}: {steps} steps, killed at {told}")
    assert sum(state == "as before" for _, state in told) >= POINTS // 2


def test_fit(base: Path, tmp_path: Path) -> None:
    killed_everywhere(base, FIT, tmp_path)


def test_update(base: Path, tmp_path: Path) -> None:
    killed_everywhere(base, UPDATE, tmp_path)


def test_update_without_training(base: Path, tmp_path: Path) -> None:
    killed_everywhere(base, FOLD_IN, tmp_path)


def test_index(folded_in: Path, tmp_path: Path) -> None:
    killed_everywhere(folded_in, INDEX, tmp_path)


def test_the_first_index(folded_in: Path, tmp_path: Path) -> None:
    place = copy_of(folded_in, tmp_path / "without")
    shutil.rmtree(place / WORKSPACE / "evidence")
    killed_everywhere(place, INDEX, tmp_path)


def test_rollback(base: Path, tmp_path: Path) -> None:
    killed_everywhere(base, ("model", "rollback"), tmp_path)
