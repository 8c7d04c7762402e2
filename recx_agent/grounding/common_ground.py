"""What passages about a user and about an item have in common, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recx_agent.grounding.passage_tongue import Piece, Tongue, tongue_of
from recx_agent.schemas import Passage

_SHORTEST = {"en": 1, "zh": 2}
"""Pieces that a run has at least: a single Chinese character says nothing."""


@dataclass(frozen=True)
class Shared:
    """Words that stand in a passage of either sort; ``text`` is as it stands in the item's."""

    text: str
    user_passage: str
    item_passage: str
    length: int


def common_ground(passages: Sequence[Passage], language: str, limit: int = 3) -> list[Shared]:
    """Runs of content words that both sorts of passages have and neither denies.

    Longest first, none inside another; words that every passage has do not count.
    """
    tongue = tongue_of(language)
    found: dict[str, Shared] = {}
    of_user = [p for p in passages if p.about == "user"]
    for item in (p for p in passages if p.about == "item"):
        for user in of_user:
            for run in _shared_runs(tongue, user.text, item.text):
                text = tongue.joint.join(piece.text for piece in run)
                keys = " ".join(piece.key for piece in run)
                found.setdefault(keys, Shared(text, user.id, item.id, len(run)))
    kept: list[str] = []
    for keys in sorted(found, key=lambda keys: -found[keys].length):
        if found[keys].length >= _SHORTEST[language] and not any(_inside(keys, k) for k in kept):
            kept.append(keys)
    return [found[keys] for keys in kept[:limit]]


def _inside(keys: str, longer: str) -> bool:
    return bool(set(keys.split()) & set(longer.split()))


def _shared_runs(tongue: Tongue, user: str, item: str) -> Iterator[Sequence[Piece]]:
    for theirs in tongue.passage(item):
        for own in tongue.passage(user):
            yield from _runs(tongue, own, theirs)


def _runs(
    tongue: Tongue, own: Sequence[Piece], theirs: Sequence[Piece]
) -> Iterator[Sequence[Piece]]:
    at = 0
    while at < len(theirs):
        best = max((_match(own, start, theirs, at) for start in range(len(own))), default=0)
        if best:
            run = theirs[at : at + best]
            starts = [s for s in range(len(own)) if _match(own, s, theirs, at) == best]
            told = [piece for piece in run if piece.key not in tongue.words.generic]
            if tongue.joint:
                starts = [s for s in starts if _whole(tongue, own, s + best, theirs, at + best)]
            agreed = (
                bool(starts)
                and not tongue.denies(theirs, at, at + best - 1)
                and not any(tongue.denies(own, s, s + best - 1) for s in starts)
            )
            if told and agreed:
                yield run
        at += max(1, best)


def _whole(
    tongue: Tongue, own: Sequence[Piece], end: int, theirs: Sequence[Piece], other: int
) -> bool:
    """Whether the words before these places name a thing, and do not describe two others."""
    if not tongue.joint:  # characters: there is no telling
        return True
    follows = {_what_follows(tongue, own, end), _what_follows(tongue, theirs, other)}
    return follows not in ({"word"}, {"word", "list"})


def _what_follows(tongue: Tongue, sentence: Sequence[Piece], at: int) -> str:
    if at == len(sentence):
        return "end"
    if sentence[at].key in tongue.words.media:
        return "list"  # "fantasy novels" names as much as "fantasy" in a list does
    if sentence[at].kind in ("word", "name", "number"):
        return "word"
    return "list" if sentence[at].key in tongue.words.lists else "end"


def _match(own: Sequence[Piece], start: int, theirs: Sequence[Piece], at: int) -> int:
    """How many content words agree from these places on."""
    length = 0
    while (
        start + length < len(own)
        and at + length < len(theirs)
        and own[start + length].key == theirs[at + length].key
        and own[start + length].kind in ("word", "name")
    ):
        length += 1
    return length
