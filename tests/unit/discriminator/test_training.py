"""Training: it learns, comes out the same, goes on after an interruption, and is kept safe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recx_agent.artefacts import MANIFEST, read_sealed, sha256_of, write_sealed
from recx_agent.discriminator import held_out_users, load_discriminator, train
from recx_agent.discriminator.pairs import read_pairs
from recx_agent.discriminator.saved import WEIGHTS
from recx_agent.errors import ArtefactDamaged, ArtefactVersion, SettingsError
from tests.unit.discriminator.conftest import write_pairs

LIKE_A_REFERENCE = "They liked the hero, though the town was slow at times."
LIKE_A_MACHINE = "A captivating hero with a compelling and rich town it is."


def test_it_tells_manners_apart_and_says_how_well(trained: Path) -> None:
    mine, theirs = load_discriminator(trained).scores([LIKE_A_REFERENCE, LIKE_A_MACHINE])
    assert mine > theirs
    figures = read_sealed(trained / MANIFEST)["figures"]
    assert figures["auc"]["value"] > 0.95
    assert figures["auc"]["users"] < 60
    assert {"auc_by_words", "auc_by_length", "auc_by_opening"} <= set(figures)


def test_it_knows_whom_it_was_measured_with(trained: Path, pairs_file: Path) -> None:
    is_held_out = held_out_users(trained)
    held_out = {pair.user_id for pair in read_pairs(pairs_file) if is_held_out(pair.user_id)}
    assert len(held_out) == read_sealed(trained / MANIFEST)["figures"]["auc"]["users"]


def test_a_score_does_not_hang_on_the_texts_beside_it(trained: Path) -> None:
    judge = load_discriminator(trained)
    alone = judge.scores([LIKE_A_MACHINE])[0]
    beside = judge.scores([LIKE_A_REFERENCE * 9, LIKE_A_MACHINE, ""])[1]
    assert beside == pytest.approx(alone, abs=1e-5)
    assert judge.scores([]) == []


def test_the_same_seed_gives_the_same_network(
    pairs_file: Path, trained: Path, tmp_path: Path
) -> None:
    train(pairs_file, tmp_path / "again", epochs=3, seed=1)
    train(pairs_file, tmp_path / "other", epochs=3, seed=2)
    assert sha256_of(tmp_path / "again" / WEIGHTS) == sha256_of(trained / WEIGHTS)
    assert sha256_of(tmp_path / "other" / WEIGHTS) != sha256_of(trained / WEIGHTS)


@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_an_interrupted_training_goes_on(
    pairs_file: Path, trained: Path, tmp_path: Path, epoch: int
) -> None:
    calls: list[int] = []

    def stop(_: str, done: int, __: int) -> None:
        calls.append(done)
        if done == epoch:
            raise KeyboardInterrupt

    out = tmp_path / "d"
    with pytest.raises(KeyboardInterrupt):
        train(pairs_file, out, epochs=3, seed=1, progress=stop)
    assert not out.exists()
    calls.clear()
    train(pairs_file, out, epochs=3, seed=1, progress=lambda _, done, __: calls.append(done))
    assert calls == list(range(epoch, 4))
    assert sha256_of(out / WEIGHTS) == sha256_of(trained / WEIGHTS)
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_checkpoint_that_is_damaged_or_of_another_training_is_not_used(
    pairs_file: Path, trained: Path, tmp_path: Path
) -> None:
    def stop(_: str, done: int, __: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "d"
    with pytest.raises(KeyboardInterrupt):
        train(pairs_file, out, epochs=3, seed=1, progress=stop)
    (kept,) = (tmp_path / ".d.training").iterdir()
    weights = kept / "now.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    train(pairs_file, out, epochs=3, seed=1)
    assert sha256_of(out / WEIGHTS) == sha256_of(trained / WEIGHTS)


def test_what_is_trained_already_is_left_and_what_is_not_is_refused(
    pairs_file: Path, trained: Path, tmp_path: Path
) -> None:
    before = sha256_of(trained / MANIFEST)
    found = train(pairs_file, trained, epochs=3, seed=1)
    assert found["figures"]["auc"]["value"] > 0.95
    assert sha256_of(trained / MANIFEST) == before
    with pytest.raises(SettingsError, match="something here already"):
        train(pairs_file, trained, epochs=2, seed=1)
    with pytest.raises(SettingsError, match="something here already"):
        train(write_pairs(tmp_path / "more.jsonl", users=61), trained, epochs=3, seed=1)


def _copy(folder: Path, to: Path) -> Path:
    to.mkdir()
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


def test_a_damaged_file_is_told_with_what_to_do(trained: Path, tmp_path: Path) -> None:
    for name in (WEIGHTS, MANIFEST):
        folder = _copy(trained, tmp_path / name)
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        with pytest.raises(ArtefactDamaged, match="recx discriminator train"):
            load_discriminator(folder)
        (folder / name).unlink()
        with pytest.raises(ArtefactDamaged, match="missing"):
            load_discriminator(folder)


def _rewritten(trained: Path, to: Path, **changes: Any) -> Path:
    folder = _copy(trained, to)
    write_sealed(folder / MANIFEST, {**read_sealed(folder / MANIFEST), **changes})
    return folder


def test_parts_that_do_not_fit_are_refused(trained: Path, tmp_path: Path) -> None:
    words = read_sealed(trained / MANIFEST)["vocabulary"]
    for name, changes in {
        "words": {"vocabulary": words[:-1]},
        "shape": {"shape": {"words": 3}},
        "sort": {"kind": "model"},
    }.items():
        with pytest.raises(ArtefactDamaged, match="fit|no discriminator"):
            load_discriminator(_rewritten(trained, tmp_path / name, **changes))
    with pytest.raises(ArtefactVersion, match="recx discriminator train"):
        load_discriminator(_rewritten(trained, tmp_path / "version", format_version=9))


def test_nothing_is_pickled(trained: Path) -> None:
    assert sorted(path.name for path in trained.iterdir()) == [MANIFEST, WEIGHTS]
    json.loads((trained / MANIFEST).read_text(encoding="utf-8"))
    assert b"pickle" not in (trained / WEIGHTS).read_bytes()
