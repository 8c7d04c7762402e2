"""Checks evidence against the raw files, and that a sentence cites what it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.shown import Shown, causes_of

_CITED = {"because_history": "H", "against": "H", "own_item": "H", "because_attr": "A"}
_CITED |= {"fact": "F", "no_single_cause": "T", "outside": "T", "because_others": "O"}
_CITED |= {"context": "C", "support": "S", "current_fact": "F", "chosen_elsewhere": "R"}
_CITED |= dict.fromkeys(("everyone", "everyone_against", "rests_everyone", "no_history"), "B")
_NO_CAUSES = ("fact", "in_common", "own_item", "support", "current_fact", "chosen_elsewhere")
_COLUMNS = ("year", "genre")


Piece = Mapping[str, Any]
Found = Generator[str, None, tuple[float | None, str]]
"""What is wrong, and in the end the term and the text that the piece should have."""


def wrong_evidence(raw: Raw, shown: Shown, piece: Piece) -> Iterator[str]:
    """What is wrong with one piece of evidence, and with its text."""
    letter, contribution = piece["id"][0], piece["contribution"]
    if letter not in _LETTERS:
        yield f"evidence {piece['id']}: there is nothing of the sort in the files"
        return
    expected, text = yield from _LETTERS[letter](raw, shown, piece)
    if text and piece["text"] != text:
        yield f"evidence {piece['id']}: {piece['text']!r} should read {text!r}"
    near = expected is not None and abs((contribution or 0.0) - expected) <= 1e-6
    if (contribution is None) != (expected is None) or not (expected is None or near):
        yield f"evidence {piece['id']}: its term is {expected}, not {contribution}"


def _attribute(raw: Raw, shown: Shown, piece: Piece) -> Found:
    name, value = piece["fields"]["name"], piece["fields"]["value"]
    if value not in raw.films[shown.id].attribute(name):
        yield f"evidence {piece['id']}: the film has not {name} {value}"
    return shown.terms.get(f"{name}={value}"), shown.tongue.evidence["A"](name, [value])


def _everyone(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields = piece["fields"]
    liked, users = raw.liked[shown.id], len(raw.ratings)
    if (fields["liked_by"], fields["users"], fields["liked_from"]) != (
        liked,
        users,
        raw.scale.liked,
    ):
        yield f"evidence {piece['id']}: {liked} of {users}, not {fields['liked_by']}"
    return shown.terms.get("*"), shown.tongue.evidence["B"](liked, users, raw.scale.liked)


def _place(raw: Raw, shown: Shown) -> tuple[int | None, int]:
    return shown.public["attribution"]["rank"], raw.candidates(shown.user)


def _whole(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields, count = piece["fields"], len(raw.liked_by(shown.user))
    place = _place(raw, shown)
    if (fields["count"], fields["rank"], fields["candidates"]) != (count, *place):
        yield f"evidence {piece['id']}: {count} films, rank {place[0]} of {place[1]}"
    return sum(shown.history.values()), shown.tongue.evidence["T"](count)


def _recommender(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields, place = piece["fields"], _place(raw, shown)
    told = (fields["name"], fields["rank"], fields["candidates"])
    if told != (shown.public.get("chosen_by"), *place):
        yield f"evidence {piece['id']}: rank {place[0]} of {place[1]}"
    return None, ""


def _fact(raw: Raw, shown: Shown, piece: Piece) -> Found:
    name, values = piece["fields"]["name"], tuple(piece["fields"]["values"])
    own = raw.films[shown.id].attribute(name)
    if values != own:
        yield f"evidence {piece['id']}: its {name} is {own}"
    return None, shown.tongue.evidence["F"](name, own)


def _history(raw: Raw, shown: Shown, piece: Piece) -> Found:
    known = any(told and told.kind == "own_item" for told in shown.told)
    text = yield from _wrong_history(raw, shown, piece["fields"])
    return None if known else shown.history.get(piece["fields"]["item_id"]), text


def _wrong_history(raw: Raw, shown: Shown, fields: Mapping[str, Any]) -> Generator[str, None, str]:
    film = raw.films[fields["item_id"]]
    entries = [id for id in raw.ids[film.title] if raw.same(id) == raw.same(fields["item_id"])]
    told = {(event["rating"], event["date"]) for event in fields["events"]}
    own = raw.ratings[shown.user]
    mine = {(own[id], raw.days[shown.user, id]) for id in entries if id in own}
    if (
        fields["item_id"] not in raw.ids.get(fields["title"], ())
        or not told <= mine
        or (fields["rating_min"], fields["rating_max"]) != (raw.scale.low, raw.scale.high)
    ):
        yield f"{film.title!r} was rated {mine}"
    for column in _COLUMNS:
        if tuple(fields["attributes"].get(column, ())) != film.attribute(column):
            yield f"{film.title!r} has {column} {film.attribute(column)}"
    if len(told) > 1:
        return ""
    ((rating, day),) = told
    return shown.tongue.evidence["H"](fields["title"], f"{rating:g}", day)


_LETTERS: Mapping[str, Callable[[Raw, Shown, Piece], Found]] = {
    "H": _history,
    "A": _attribute,
    "B": _everyone,
    "T": _whole,
    "R": _recommender,
    "F": _fact,
}


def wrong_citations(shown: Shown, told: Told, cited: Sequence[str]) -> Iterator[str]:
    """What is wrong with the evidence that a sentence cites."""
    missing = [id for id in cited if id not in shown.evidence]
    if missing or not cited or len(set(cited)) < len(cited):
        yield f"it cites {cited}"
        return
    pieces = [shown.evidence[id] for id in cited]
    sort = _CITED.get(told.kind, "HF" if told.kind == "in_common" else _cause_sort(told))
    if any(id[0] not in sort for id in cited):
        yield f"it cannot rest on {cited}"
        return
    if told.kind not in _NO_CAUSES:
        if any(piece["kind"] != "cause" for piece in pieces):
            yield "it rests on what is no cause"
    films = {piece["fields"]["title"] for piece in pieces if piece["id"][0] == "H"}
    if films != _films(shown, told):
        yield f"it cites {sorted(films)}"
    values = {
        (piece["fields"]["name"], value)
        for piece in pieces
        if piece["id"][0] in "AF"
        for value in piece["fields"].get("values", [piece["fields"].get("value")])
    }
    said = {(name, value) for name, values in told.attributes.items() for value in values}
    exact = told.kind not in ("in_common", "current_fact")
    if values != said if exact else not said <= values:
        yield f"it cites {sorted(values)}"


def _cause_sort(told: Told) -> str:
    return "A" if told.attributes else "O" if "hidden" in told.words else "H"


def _films(shown: Shown, told: Told) -> set[str]:
    """The films of the user's history that a sentence speaks of."""
    if told.kind == "own_item":
        return {shown.title}
    if told.kind == "support":  # what was written is cited, not the film it was written of
        return set()
    if told.kind in ("because_history", "speaks_for", "against") and (told.deeds or told.again):
        return set(causes_of(told))
    if "those" in told.words and not told.those:
        return set(shown.causes)
    named = {*told.those, *told.everything, *told.gone} - {shown.title}
    return named | {told.cause} if told.cause else named
