"""What the index in force holds: one small record, replaced in one step.

It is written when a generation is complete and only then, so whoever finds a generation
named there may rely on it. Embedded it is a file, on a server the metadata of a
collection of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from recx_agent.retrievers.chroma_faults import OtherFormat, StoreDamaged
from recx_agent.retrievers.index_plan import FORMAT_VERSION, Plan, TextPlan


@dataclass(frozen=True)
class Collected:
    """One collection of an index: its name, and how many records it holds."""

    name: str
    count: int


@dataclass(frozen=True)
class IndexState:
    """What a complete index holds.

    Attributes
    ----------
    generation : str
        Embedded, the name of its folder; on a server, part of its collections' names.
    plan : Plan
        Which model's and which embedder's vectors, in how many collections.
    data : str
        Fingerprint of the data set.
    texts_data : str
        Fingerprint of the texts, empty without an embedder.
    parts : mapping of str to Collected
        The collections by :attr:`~recx_agent.retrievers.index_plan.Part.key`; a part that
        holds nothing has none.
    users, events, texts : int
        How many users with events, events and texts it holds.
    owner : str
        On a server, the workspace it is of.
    """

    generation: str
    plan: Plan
    data: str
    texts_data: str
    parts: Mapping[str, Collected] = field(default_factory=dict)
    users: int = 0
    events: int = 0
    texts: int = 0
    owner: str = ""
    format_version: int = FORMAT_VERSION

    @property
    def model(self) -> str:
        """Fingerprint of the model whose vectors it holds."""
        return self.plan.model

    @property
    def dimensions(self) -> int:
        """Length of the vector of an event."""
        return self.plan.dimensions

    @property
    def shards(self) -> int:
        """Number of collections that users' events are spread over."""
        return self.plan.shards

    @property
    def collections(self) -> int:
        """Number of collections that hold anything."""
        return len(self.parts)

    def to_json(self) -> str:
        """Write it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> IndexState:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        StoreDamaged
            It is no such text; ``OtherFormat`` if it is one of another format version.
        """
        try:
            content = dict(json.loads(text))
            version = content["format_version"]
            if version != FORMAT_VERSION:
                raise OtherFormat(
                    f"the evidence index has format version {version}, this recx-agent reads "
                    f"{FORMAT_VERSION}"
                )
            parts = dict(content["parts"])
            return cls(
                generation=str(content["generation"]),
                plan=plan_of(content["plan"]),
                data=str(content["data"]),
                texts_data=str(content["texts_data"]),
                parts={k: Collected(str(v["name"]), int(v["count"])) for k, v in parts.items()},
                users=int(content["users"]),
                events=int(content["events"]),
                texts=int(content["texts"]),
                owner=str(content["owner"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreDamaged(f"its state cannot be read: {error!r}") from error


def plan_of(content: Any) -> Plan:
    """Read the plan in a state.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is none.
    """
    texts = content["texts"]
    return Plan(
        model=str(content["model"]),
        dimensions=int(content["dimensions"]),
        shards=int(content["shards"]),
        disliked=bool(content["disliked"]),
        texts=None if texts is None else TextPlan(**texts),
        format_version=int(content["format_version"]),
    )
