"""What a scorer may look into besides the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    """

    interactions: Path | None = None
    items: Path | None = None
    data: DataSettings = field(default_factory=DataSettings)

    @classmethod
    def of_log(cls, content: Mapping[str, Any]) -> Sources:
        """Read back what a run log holds; files that are no longer there are not looked into."""
        files = {
            name: Path(content[name])
            for name in ("interactions", "items")
            if content.get(name) and Path(content[name]).is_file()
        }
        return cls(**files, data=DataSettings(**content["data"]))
