"""Which generation of the index is in force: one small file, replaced in one step.

The file is written when a generation is complete and only then, so whoever finds a
generation named there may rely on it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from recx_agent.artefacts import write_atomic

FORMAT_VERSION = 1
STATE_NAME = "index.json"


@dataclass(frozen=True)
class IndexState:
    """What a complete index holds.

    Attributes
    ----------
    generation : str
        Name of its folder.
    model, data : str
        Fingerprints of the model whose vectors it holds and of the data set.
    dimensions : int
        Length of a vector.
    shards : int
        Number of collections that users are spread over.
    collections : int
        Number of those that hold anything.
    users, events : int
        How many it holds.
    """

    generation: str
    model: str
    data: str
    dimensions: int
    shards: int
    collections: int
    users: int
    events: int
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Put this state in force."""
        write_atomic(folder / STATE_NAME, json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> IndexState:
        """Read the state in force.

        Raises
        ------
        FileNotFoundError
            No index was completed here.
        ValueError
            The file is damaged or of another format version.
        """
        try:
            content = json.loads((folder / STATE_NAME).read_text(encoding="utf-8"))
            version = content["format_version"]
            if version != FORMAT_VERSION:
                raise ValueError(f"format version {version}, this is {FORMAT_VERSION}")
            kinds = {"str": str, "int": int}
            return cls(**{f.name: kinds[str(f.type)](content[f.name]) for f in fields(cls)})
        except (KeyError, TypeError) as error:
            raise ValueError(f"{STATE_NAME} lacks a field ({error!r})") from error
