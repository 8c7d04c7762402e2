"""What an index is to hold, and in which collections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recx_agent.retrievers.chroma_store import Space

FORMAT_VERSION = 2

PartKind = Literal["events", "texts", "items"]


@dataclass(frozen=True)
class Part:
    """One collection of an index.

    Attributes
    ----------
    kind : str
        ``events``: what is a term of a score; ``texts``: users' own texts; ``items``: the
        catalogue's texts.
    owner : str
        Whose vectors they are: the model's fingerprint, or a hash of the embedder's name.
    shard : int
        Which users it has; 0 for the items.
    dimensions : int
        Length of a vector.
    space : str
        Chroma's distance.
    """

    kind: PartKind
    owner: str
    shard: int
    dimensions: int
    space: Space

    @property
    def key(self) -> str:
        """Which part of an index it is, whoever's vectors it holds."""
        return f"{self.kind}-{self.shard:04d}"

    def collection(self, prefix: str = "", generation: str = "") -> str:
        """Name of the collection, on a server with the index's name and the generation."""
        told = (self.kind, self.owner, generation, f"{self.shard:04d}")
        return prefix + "-".join(part for part in told if part)


@dataclass(frozen=True)
class TextPlan:
    """What the texts of an index are made for.

    Attributes
    ----------
    embedder : str
        Name of the embedder.
    owner : str
        Hash of the name, for the collections' names.
    dimensions : int
    shards : int
    """

    embedder: str
    owner: str
    dimensions: int
    shards: int

    def part(self, shard: int) -> Part:
        """The collection of the users' texts in a shard."""
        return Part("texts", self.owner, shard, self.dimensions, "cosine")

    @property
    def items(self) -> Part:
        """The collection of the items' texts."""
        return Part("items", self.owner, 0, self.dimensions, "cosine")


@dataclass(frozen=True)
class Plan:
    """What an index is made for.

    Attributes
    ----------
    model : str
        Fingerprint.
    dimensions : int
    shards : int
    disliked : bool
        Whether items with a low rating are terms too.
    texts : TextPlan or None
        ``None`` without an embedder.
    """

    model: str
    dimensions: int
    shards: int
    disliked: bool = False
    texts: TextPlan | None = None
    format_version: int = FORMAT_VERSION

    def part(self, shard: int) -> Part:
        """The collection of the events in a shard."""
        return Part("events", self.model, shard, self.dimensions, "ip")

    def shares_with(self, other: Plan) -> bool:
        """Whether some collection of this plan is one of the other's too."""
        events = (self.model, self.dimensions, self.shards)
        if events == (other.model, other.dimensions, other.shards):
            return True
        return self.texts is not None and self.texts == other.texts

    def has(self, part: Part) -> bool:
        """Whether a collection is one of this plan's."""
        if part.kind == "events":
            return part.shard < self.shards and part == self.part(part.shard)
        if self.texts is None:
            return False
        if part.kind == "items":
            return part == self.texts.items
        return part.shard < self.texts.shards and part == self.texts.part(part.shard)
