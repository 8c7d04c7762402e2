"""Checks evidence against the raw files, and that a sentence cites what it speaks of."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from tests.e2e.raw_data import LIKED, MAXIMUM, Raw, Shown, causes_of
from tests.e2e.raw_text import Told

_SHOWN_VALUES = 5
_CITED = {"because_history": "H", "against": "H", "own_item": "H", "because_attr": "A"}
_CITED |= {"fact": "F", "no_single_cause": "T", "outside": "T"}
_CITED |= dict.fromkeys(("everyone", "everyone_against", "rests_everyone", "no_history"), "B")
_COLUMNS = {"year": "release year", "genre": "genre"}


def wrong_evidence(raw: Raw, shown: Shown, piece: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one piece of evidence, and with its text."""
    fields, known = piece["fields"], shown.told[0] and shown.told[0].kind == "own_item"
    contribution, text = piece["contribution"], ""
    letter = piece["id"][0]
    expected: float | None = None
    if letter == "H":
        expected = None if known else shown.history.get(fields["item_id"])
        text = yield from _wrong_history(raw, shown, fields)
    elif letter == "A":
        expected = shown.terms.get(f"{fields['name']}={fields['value']}")
        text = f"{_COLUMNS[fields['name']]}: {fields['value']}"
        if fields["value"] not in raw.films[shown.id].attribute(_COLUMNS[fields["name"]]):
            yield f"evidence {piece['id']}: the film has not {fields}"
    elif letter == "B":
        expected = shown.terms.get("*")
        liked, users = raw.liked[shown.id], len(raw.ratings)
        text = f"{liked or 'none'} of {users} users rated it {LIKED} or higher"
        if (fields["liked_by"], fields["users"]) != (liked, users):
            yield f"evidence {piece['id']}: {liked} of {users}, not {fields['liked_by']}"
    elif letter == "T":
        expected = sum(shown.history.values())
        count = len(raw.liked_by(shown.user))
        text = f"{count} film{'s' * (count != 1)} in your history"
        place = (shown.public["attribution"]["rank"], raw.candidates(shown.user))
        if (fields["count"], fields["rank"], fields["candidates"]) != (count, *place):
            yield f"evidence {piece['id']}: {count} films, rank {place[0]} of {place[1]}"
    else:
        name = _COLUMNS[fields["name"]]
        values = raw.films[shown.id].attribute(name)
        text = f"{name}{'s' * (len(values) > 1)}: {_listed(values)}"
        if tuple(fields["values"]) != values:
            yield f"evidence {piece['id']}: its {name} is {values}"
    if text and piece["text"] != text:
        yield f"evidence {piece['id']}: {piece['text']!r} should read {text!r}"
    near = expected is not None and abs((contribution or 0.0) - expected) <= 1e-6
    if (contribution is None) != (expected is None) or not (expected is None or near):
        yield f"evidence {piece['id']}: its term is {expected}, not {contribution}"


def _wrong_history(raw: Raw, shown: Shown, fields: Mapping[str, Any]) -> Generator[str, None, str]:
    film = raw.films[fields["item_id"]]
    entries = [id for id in raw.ids[film.title] if raw.same(id) == raw.same(fields["item_id"])]
    told = {(event["rating"], event["date"]) for event in fields["events"]}
    own = raw.ratings[shown.user]
    mine = {(own[id], raw.days[shown.user, id]) for id in entries if id in own}
    if (
        fields["item_id"] not in raw.ids.get(fields["title"], ())
        or not told <= mine
        or fields["rating_max"] != MAXIMUM
    ):
        yield f"{film.title!r} was rated {mine}"
    for column, name in _COLUMNS.items():
        if tuple(fields["attributes"].get(column, ())) != film.attribute(name):
            yield f"{film.title!r} has {name} {film.attribute(name)}"
    if len(told) > 1:
        return ""
    ((rating, day),) = told
    return f"“{fields['title']}”, rated {rating:g} out of {MAXIMUM} on {day}"


def _listed(values: Sequence[str]) -> str:
    over = len(values) - _SHOWN_VALUES
    named = [*values[:_SHOWN_VALUES], *([f"{over} other{'s' * (over > 1)}"] if over > 0 else [])]
    comma = "," if len(named) > 2 else ""
    return f"{', '.join(named[:-1])}{comma} and {named[-1]}" if len(named) > 1 else named[0]


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
    if told.kind not in ("fact", "in_common", "own_item"):
        if any(piece["kind"] != "cause" for piece in pieces):
            yield "it rests on what is no cause"
    films = {piece["fields"]["title"] for piece in pieces if piece["id"][0] == "H"}
    if films != _films(shown, told):
        yield f"it cites {sorted(films)}"
    values = {
        (_COLUMNS[piece["fields"]["name"]], value)
        for piece in pieces
        if piece["id"][0] in "AF"
        for value in piece["fields"].get("values", [piece["fields"].get("value")])
    }
    said = {(name, value) for name, values in told.attributes.items() for value in values}
    exact = told.kind != "in_common" and not any(told.others_of.values())
    if values != said if exact else not said <= values:
        yield f"it cites {sorted(values)}"


def _cause_sort(told: Told) -> str:
    return "A" if told.attributes else "H"


def _films(shown: Shown, told: Told) -> set[str]:
    """The films of the user's history that a sentence speaks of."""
    if told.kind == "own_item":
        return {shown.title}
    if told.kind in ("because_history", "speaks_for", "against") and (told.deeds or told.again):
        return set(causes_of(told))
    if "those" in told.words and not told.those:
        return set(shown.causes)
    named = {*told.those, *told.everything} - {shown.title}
    return named | {told.cause} if told.cause else named
