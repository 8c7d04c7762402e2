"""What the index stores of an event or an item, sealed, and what is made of it again.

The seal is a checksum over id, user, text and fields, and a mark of the vector: whoever
reads a record sees whether it is what was written.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Event

_SEAL = "seal"
_VECTOR_TOLERANCE = 1e-5
"""Of the mark of a vector, relative to its length: Chroma may scale vectors to length 1."""


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Unsound(ValueError):
    """A record is not what was written."""


@dataclass(frozen=True)
class IndexRecord:
    """One event, or one item, as the index stores it.

    Attributes
    ----------
    id : str
        :attr:`Event.id <recx_agent.datasets.Event>`, or an item's id.
    fields : mapping
        Everything else, typed. It is stored as one JSON text, because Chroma stores and
        reads one row for each key, and those rows are most of the time that a fetch takes.
    user_id : str or None
        Kept beside it, to filter by; ``None`` for an item.
    document : str or None
        The text. Records without one have no document: Chroma puts every document into a
        full-text index, which halves the speed of writing.
    item : int
        Internal id of the item, ``NO_ITEM`` for a search.
    disliked : bool
        Whether the event is a term for its low rating.
    """

    id: str
    fields: Mapping[str, Any]
    user_id: str | None = None
    document: str | None = None
    item: int = NO_ITEM
    disliked: bool = False

    def sealed(self, vector: NDArray[np.float32]) -> dict[str, str]:
        """The metadata to store: the fields, with a seal over them, the text and the vector."""
        body = _json(self.fields)
        mark = float(f"{_mark(vector[None])[0]:.9g}")
        seal = [_checksum(self.id, self.user_id, self.document, body), mark]
        metadata = {} if self.user_id is None else {"user_id": self.user_id}
        return metadata | {"event": f'{{"{_SEAL}":{_json(seal)},{body[1:]}'}

    def digest(self) -> int:
        """A number of 64 bits that tells this record from any other, vectors aside."""
        told = _joined(self.id, self.user_id, self.document, _json(self.fields))
        return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "little")


@dataclass(frozen=True)
class StoredRecord:
    """A record read back, its seal unbroken.

    Attributes
    ----------
    id : str
    user_id : str or None
    document : str or None
    fields : mapping
    """

    id: str
    user_id: str | None
    document: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, record: IndexRecord) -> bool:
        """Whether this is the record as it should be; vectors are not looked at."""
        same_text = (self.user_id, self.document) == (record.user_id, record.document)
        return same_text and dict(self.fields) == dict(record.fields)

    def event(self) -> Event:
        """The event that was stored.

        Raises
        ------
        KeyError, TypeError, ValueError
            It is no event.
        """
        fields = self.fields
        value = fields.get("value")
        return Event(
            id=self.id,
            item=int(fields.get("item", NO_ITEM)),
            event_type=str(fields["event_type"]),
            value=None if value is None else float(value),
            date=fields.get("date"),
            text=self.document,
            context=fields.get("context"),
            source=str(fields["source"]),
            positive=not fields.get("negative", False),
        )


def opened(
    ids: Sequence[str],
    metadatas: Sequence[Mapping[str, Any]],
    documents: Sequence[str | None],
    vectors: NDArray[np.float32],
) -> list[StoredRecord]:
    """Open what Chroma gave back.

    Raises
    ------
    Unsound
        A record, its text or its vector is not what was written.
    """
    records, marks = [], []
    try:
        for id, metadata, document in zip(ids, metadatas, documents, strict=True):
            text, user_id = metadata["event"], metadata.get("user_id")
            fields = json.loads(text)
            checksum, mark = fields.pop(_SEAL)
            body = "{" + text.partition("],")[2]
            if checksum != _checksum(id, user_id, document, body):
                raise Unsound(f"the record {id!r} is not what was written")
            records.append(StoredRecord(id, user_id, document, fields))
            marks.append(float(mark))
    except Unsound:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unsound(f"a record cannot be read: {error!r}") from error
    broken = np.flatnonzero(~_bear(vectors, np.array(marks)))
    if len(broken):
        raise Unsound(f"the vector of {ids[broken[0]]!r} is not what was written")
    return records


def _checksum(*texts: str | None) -> int:
    return zlib.crc32(_joined(*texts))


def _joined(*texts: str | None) -> bytes:
    return "\x1f".join(text or "" for text in texts).encode("utf-8", "surrogatepass")


def _mark(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """One number of each vector, that changes when a component does, or changes place."""
    return np.asarray(vectors.astype(np.float64) @ _weights(vectors.shape[1]))


def _bear(vectors: NDArray[np.float32], marks: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which vectors bear their marks, shape (n,)."""
    exact = vectors.astype(np.float64)  # the square of an altered number may pass all float32
    with np.errstate(invalid="ignore"):
        gap = np.abs(_mark(vectors) - marks)
        allowed = _VECTOR_TOLERANCE * np.maximum(1.0, np.linalg.norm(exact, axis=1))
    return np.asarray(np.isfinite(gap) & (gap <= allowed))


@cache
def _weights(dimensions: int) -> NDArray[np.float64]:
    return np.cos(np.arange(dimensions))
