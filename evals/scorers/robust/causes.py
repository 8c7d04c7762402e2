"""Which causes a text tells of, whatever ids its evidence has."""

from __future__ import annotations

from recx_agent.evals.samples import Piece, Sample


def causes_of(sample: Sample) -> frozenset[str]:
    """The causes that a text cites; of a writer that cites nothing, those whose name it says.

    A cause is known by its item, or by name and value; one without either, such as the whole
    history, by its id.
    """
    causes = [piece for piece in sample.evidence if piece.kind == "cause"]
    cited = {id for sentence in sample.sentences for id in sentence.cites}
    if cited:
        return frozenset(identity(piece) for piece in causes if piece.id in cited)
    return frozenset(identity(piece) for piece in causes if _named(piece, sample.text))


def identity(piece: Piece) -> str:
    """What a piece of evidence is about."""
    fields = piece.fields
    if "item_id" in fields:
        return f"item {fields['item_id']}"
    if "name" in fields and "value" in fields:
        return f"{fields['name']}={fields['value']}"
    return piece.id


def jaccard(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Shared over all (Jaccard 1912); ``None`` where there is nothing at all."""
    return len(one & other) / len(one | other) if one | other else None


def _named(piece: Piece, text: str) -> bool:
    name = str(piece.fields.get("title") or piece.fields.get("value") or "")
    return bool(name) and name in text
