"""The network: embedding, a recurrent layer, one figure a text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; ``length`` is how many words of a text it reads."""

    words: int
    length: int = 96
    embedding: int = 48
    hidden: int = 96
    dropout: float = 0.3

    def as_dict(self) -> dict[str, float]:
        """For the manifest."""
        return asdict(self)


class Network(nn.Module):
    """Reads word numbers of shape (batch, length) and gives logits of shape (batch,).

    A gated recurrent unit (Cho et al. 2014, section 2.3) read from left to right, so that the
    padding behind a text changes nothing; its states over the words are averaged and their
    maxima taken. Large: like a reference.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.words, shape.embedding, padding_idx=0)
        self.recurrent = nn.GRU(shape.embedding, shape.hidden, batch_first=True)
        self.dropout = nn.Dropout(shape.dropout)
        self.out = nn.Linear(2 * shape.hidden, 1)

    def forward(self, numbers: Tensor) -> Tensor:
        """Logits of padded rows; a row of padding alone counts as its first word."""
        there = numbers != 0
        there[:, 0] = True
        longest = int(there.sum(dim=1).max())
        numbers, there = numbers[:, :longest], there[:, :longest].unsqueeze(-1)
        states, _ = self.recurrent(self.dropout(self.embedding(numbers)))
        mean = (states * there).sum(dim=1) / there.sum(dim=1)
        largest = states.masked_fill(~there, float("-inf")).amax(dim=1)
        logits: Tensor = self.out(self.dropout(torch.cat([mean, largest], dim=1))).squeeze(-1)
        return logits


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for what is done inside.

    Sums come out the same on any number of cores, and threads that wait for one another take
    longer over such small matrices than one alone.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
