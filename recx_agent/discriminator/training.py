"""Trains a discriminator; goes on where an interrupted training stood."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recx_agent.artefacts import MANIFEST, peek_manifest
from recx_agent.discriminator import judging, saved
from recx_agent.discriminator.checkpoint import Checkpoint
from recx_agent.discriminator.manner import Vocabulary, manner_of
from recx_agent.discriminator.network import Network, Shape, one_thread
from recx_agent.discriminator.pairs import Pair, Part, read_pairs, split
from recx_agent.errors import ArtefactDamaged, SettingsError
from recx_agent.protocols import Progress

_VOCABULARY = 3000
_IN_AT_LEAST = 0.002
_BATCH = 64
_LEARNING_RATE = 2e-3


@dataclass(frozen=True)
class Texts:
    """The texts of one part, references first and then generated ones.

    Attributes
    ----------
    words : list of list of str
        Masked words, by text.
    reference : array of bool, shape (texts,)
    users : list of str
    """

    words: list[list[str]]
    reference: NDArray[np.bool_]
    users: list[str]

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Texts:
        """Both texts of each pair."""
        texts = [pair.reference for pair in pairs] + [pair.generated for pair in pairs]
        reference = np.arange(len(texts)) < len(pairs)
        return cls([manner_of(t) for t in texts], reference, [pair.user_id for pair in pairs] * 2)

    def tensors(self, vocabulary: Vocabulary, length: int) -> tuple[Tensor, Tensor]:
        """Word numbers of shape (texts, length) and labels of shape (texts,)."""
        rows = [vocabulary.encode(words, length) for words in self.words]
        return torch.tensor(rows), torch.from_numpy(self.reference.astype(np.float32))


def train(
    data: Path, out: Path, *, epochs: int = 8, seed: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """Train on a file of pairs and save to a folder; the same seed gives the same network.

    Of the epochs the one with the lowest loss on the validation users is kept; the figures are
    those of the test users, whom nothing was chosen by.

    Parameters
    ----------
    data : Path
        See :func:`~recx_agent.discriminator.pairs.read_pairs`.
    out : Path
        A new folder. What an interrupted training left beside it is gone on with; one that
        was trained of the same file in the same way is left as it is.
    epochs : int
        Passes over the training texts.
    seed : int
        Of the split, the first weights and the order of the texts.
    progress : callable, optional
        Called with (``"discriminator"``, epochs done, epochs).

    Returns
    -------
    dict
        What the manifest notes, ``figures`` with the AUC among it.

    Raises
    ------
    DataError
        The file cannot be used.
    SettingsError
        The folder holds something else.
    """
    pairs = read_pairs(data)
    task = {"data": _digest(pairs), "pairs": len(pairs), "epochs": epochs, "seed": seed}
    if (done := _done(out, task)) is not None:
        return done
    parts = {name: Texts.of(part) for name, part in split(pairs, seed).items()}
    words = parts["train"].words
    at_least = max(2, round(_IN_AT_LEAST * len(words)))
    vocabulary = Vocabulary.of(words, size=_VOCABULARY, at_least=at_least)
    shape = Shape(words=len(vocabulary))
    place = out.with_name(f".{out.name}.training")
    checkpoint = Checkpoint(place, {**task, "shape": shape.as_dict()})
    with _alone():
        network = _fitted(parts, vocabulary, task, checkpoint, progress)
    notes = {
        "task": task,
        "versions": {"torch": torch.__version__},
        "figures": _figures(network, parts, vocabulary),
    }
    saved.save(out, network, vocabulary, notes)
    shutil.rmtree(checkpoint.folder, ignore_errors=True)
    return notes


def _digest(pairs: Sequence[Pair]) -> str:
    text = json.dumps([asdict(pair) for pair in pairs], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _done(out: Path, task: dict[str, Any]) -> dict[str, Any] | None:
    """What was trained there before, if it is the same."""
    if not out.exists():
        return None
    if (out / MANIFEST).is_file():
        try:
            found = peek_manifest(out)
        except ArtefactDamaged:
            found = {}
        if found.get("task") == task:
            return saved.load(out)[2]
    raise SettingsError(
        f"{out}: there is something here already, and not this training; "
        "give --out a new folder, or remove this one"
    )


@contextmanager
def _alone() -> Iterator[None]:
    """One thread, and random numbers that nobody else notices."""
    state = torch.get_rng_state()
    try:
        with one_thread():
            yield
    finally:
        torch.set_rng_state(state)


def _fitted(
    parts: dict[Part, Texts],
    vocabulary: Vocabulary,
    task: dict[str, Any],
    checkpoint: Checkpoint,
    progress: Progress | None,
) -> Network:
    torch.manual_seed(task["seed"])
    network = Network(Shape(words=len(vocabulary)))
    optimiser = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE)
    numbers, labels = parts["train"].tensors(vocabulary, network.shape.length)
    held_out = parts["validation"].tensors(vocabulary, network.shape.length)
    done = checkpoint.restore(network, optimiser)
    for epoch in range(done, task["epochs"]):
        if progress:
            progress("discriminator", epoch, task["epochs"])
        # Of its own for each epoch, so that one gone on with draws the same.
        torch.manual_seed(task["seed"] * 100_003 + epoch + 1)
        _pass(network, optimiser, numbers, labels)
        checkpoint.keep(network, optimiser, epoch + 1, _loss(network, *held_out))
    if progress:
        progress("discriminator", task["epochs"], task["epochs"])
    checkpoint.restore_best(network)
    return network


def _pass(
    network: Network, optimiser: torch.optim.Optimizer, numbers: Tensor, labels: Tensor
) -> None:
    """One pass over the training texts in an order of its own."""
    network.train()
    for rows in torch.split(torch.randperm(len(labels)), _BATCH):
        optimiser.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(network(numbers[rows]), labels[rows])
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()


@torch.inference_mode()
def _logits(network: Network, numbers: Tensor) -> Tensor:
    network.eval()
    return torch.cat([network(rows) for rows in torch.split(numbers, 512)])


def _loss(network: Network, numbers: Tensor, labels: Tensor) -> float:
    logits = _logits(network, numbers)
    return float(nn.functional.binary_cross_entropy_with_logits(logits, labels))


def _figures(network: Network, parts: dict[Part, Texts], vocabulary: Vocabulary) -> dict[str, Any]:
    """AUC on the test users, of the network and of what needs no network."""
    train, test = parts["train"], parts["test"]
    numbers, _ = test.tensors(vocabulary, network.shape.length)
    scores = {
        "auc": _logits(network, numbers).numpy().astype(np.float64),
        "auc_by_words": judging.by_words(train.words, train.reference, vocabulary)(test.words),
        "auc_by_length": judging.by_length(train.words, train.reference)(test.words),
        "auc_by_opening": judging.by_opening(train.words, train.reference)(test.words),
    }
    measured = {
        name: judging.figures(judging.auc_interval(values, test.reference, test.users))
        for name, values in scores.items()
    }
    openings = {
        "same_opening_reference": judging.same_opening(
            [w for w, r in zip(test.words, test.reference, strict=True) if r]
        ),
        "same_opening_generated": judging.same_opening(
            [w for w, r in zip(test.words, test.reference, strict=True) if not r]
        ),
    }
    return {"test_texts": len(test.words), **measured, **openings}
