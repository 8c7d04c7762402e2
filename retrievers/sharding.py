"""Which collection what is of a user is in.

Chroma writes into, and reads from, a small collection faster than a large one, so the
events are spread over collections by user: all events of one user are in one of them, and
so are all texts.
"""

from __future__ import annotations

import hashlib

from recx_agent.settings import RetrieverSettings


def shard_count(records: int, settings: RetrieverSettings, present: int | None = None) -> int:
    """Number of collections: a power of two, enough for ``events_per_collection``.

    Parameters
    ----------
    records : int
        Events, or texts, to be stored.
    settings : RetrieverSettings
        ``max_collections`` is never exceeded.
    present : int, optional
        Number of collections an index has already. It is kept while it is neither too
        small nor more than four times too large, so that an index does not have to be
        written anew each time a boundary is crossed.
    """
    wanted = 1
    while (
        wanted * settings.events_per_collection < records and wanted * 2 <= settings.max_collections
    ):
        wanted *= 2
    if present is not None and wanted <= present <= min(4 * wanted, settings.max_collections):
        return present
    return wanted


def shard_of(user_id: str, shards: int) -> int:
    """Shard of a user: the same on every machine and in every run."""
    digest = hashlib.blake2b(user_id.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards
