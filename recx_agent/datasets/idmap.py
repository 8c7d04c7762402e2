"""External ids (any text) to internal ones (0 … n-1) and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def natural_key(external: str) -> tuple[int, int, str]:
    """Sort key of external ids: numbers by value and before all else, the rest by text."""
    if external.isascii() and external.isdigit():
        return (0, int(external), external)
    return (1, 0, external)


class IdMap:
    """A fixed order of distinct external ids; the position is the internal id.

    Parameters
    ----------
    ids : sequence of str
        Distinct external ids; position ``i`` becomes internal id ``i``.

    Raises
    ------
    ValueError
        An id occurs twice.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = tuple(ids)
        self._positions = {external: i for i, external in enumerate(self._ids)}
        if len(self._positions) != len(self._ids):
            raise ValueError("ids are not distinct")

    def __len__(self) -> int:
        """Return the number of ids."""
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        """Go through the external ids in internal order."""
        return iter(self._ids)

    def __contains__(self, external: object) -> bool:
        """Tell whether an external id is in the map."""
        return external in self._positions

    def __repr__(self) -> str:
        """Show the size only: ids can be many and personal."""
        return f"IdMap({len(self)} ids)"

    @property
    def ids(self) -> tuple[str, ...]:
        """All external ids in internal order."""
        return self._ids

    def external(self, internal: int) -> str:
        """Return the external id of an internal one."""
        return self._ids[internal]

    def internal(self, external: str) -> int:
        """Return the internal id of an external one; ``KeyError`` if there is none."""
        return self._positions[external]

    def extended(self, ids: Iterable[str]) -> IdMap:
        """Return a map with the new ones of ``ids`` behind the present ones, in their order."""
        fresh = dict.fromkeys(external for external in ids if external not in self._positions)
        return IdMap(self._ids + tuple(fresh))
