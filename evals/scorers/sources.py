"""What a scorer may look into besides the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.prices import Prices
from recx_agent.evals.scorers.house import House
from recx_agent.evals.served import Served
from recx_agent.protocols import ChatModel
from recx_agent.settings import DataSettings


@dataclass(frozen=True)
class Sources:
    """The raw data, as the user gave them, and what their columns mean.

    A scorer that has no use for them ignores them; one that cannot do without says so in the
    ``reason`` of an unscored :class:`~recx_agent.evals.scorers.Score`.

    Attributes
    ----------
    interactions, items : Path or None
        The files that the recommender was fitted on; ``None`` where nobody knows.
    data : DataSettings
        Column names, scale and what is positive.
    houses : mapping of str to House
        By language, what things are called; empty where nobody knows: then they are films.
    hides : bool
        Whether rules keep some items and attributes out of texts.
    served : Served or None
        The model that the cases were explained by, with what it knew of their users; ``None``
        where the cases are of no workspace.
    variants : mapping of str to Sources
        By variant of a case, the raw data by which its texts are true or not, where those are
        others.
    outcomes : tuple of HeldOut
        What users thought of the held-out items, which no case holds.
    prices : Prices or None
        Of a language model's tokens.
    reader : ChatModel or None
        Whom scorers may ask that ask a language model.
    """

    interactions: Path | None = None
    items: Path | None = None
    data: DataSettings = field(default_factory=DataSettings)
    houses: Mapping[str, House] = field(default_factory=dict)
    hides: bool = False
    served: Served | None = None
    variants: Mapping[str, Sources] = field(default_factory=dict)
    outcomes: tuple[HeldOut, ...] = ()
    prices: Prices | None = None
    reader: ChatModel | None = None

    @classmethod
    def of_log(cls, content: Mapping[str, Any]) -> Sources:
        """Read back what a run log holds; files that are no longer there are not looked into."""
        files = {
            name: Path(content[name])
            for name in ("interactions", "items")
            if content.get(name) and Path(content[name]).is_file()
        }
        return cls(
            files.get("interactions"),
            files.get("items"),
            DataSettings(**content["data"]),
            {name: House(**own) for name, own in content.get("houses", {}).items()},
            bool(content.get("hides")),
        )
