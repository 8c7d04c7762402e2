"""Checks evidence against the raw files, and that a sentence cites what it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.beside import same_values
from recx_agent.evals.scorers.grounded.known.deeds import wrong_deed
from recx_agent.evals.scorers.grounded.known.reading import RECORD, Told
from recx_agent.evals.scorers.grounded.known.values import Others
from recx_agent.evals.scorers.grounded.known.values import shown as plain_title
from recx_agent.evals.scorers.grounded.shown import Shown, causes_of

_CITED = {"because_history": "H", "against": "H", "own_item": "HF", "because_attr": "A"}
_CITED["unforetold"] = "T"
_CITED |= {"fact": "F", "no_single_cause": "T", "outside": "T", "because_others": "O"}
_CITED |= {"context": "C", "support": "S", "current_fact": "F", "chosen_elsewhere": "R"}
_CITED |= {"record_history": "H", "record_attribute": "AF", "record_everyone": "B"}
_CITED |= {"record_whole": "T", "record_others": "O", "record_recommender": "R"}
_CITED |= {"record_words": "S", "record_context": "C"}
_CITED |= dict.fromkeys(("everyone", "everyone_against", "rests_everyone", "no_history"), "B")
_NO_CAUSES = ("fact", "in_common", "own_item", "support", "current_fact", "chosen_elsewhere")

_ROUNDED = 0.0051
"""Ratings are told with two decimals."""

Piece = Mapping[str, Any]
Found = Generator[str, None, float | None]
"""What is wrong, and in the end the term that the piece should have."""


def wrong_evidence(raw: Raw, shown: Shown, piece: Piece) -> Iterator[str]:
    """What is wrong with one piece of evidence, and with its text."""
    letter, contribution = piece["id"][0], piece["contribution"]
    if letter not in _LETTERS:
        yield f"evidence {piece['id']}: there is nothing of the sort in the files"
        return
    expected = yield from _LETTERS[letter](raw, shown, piece)
    yield from _wrong_text(raw, shown, piece)
    near = expected is not None and abs((contribution or 0.0) - expected) <= 1e-6
    if (contribution is None) != (expected is None) or not (expected is None or near):
        yield f"evidence {piece['id']}: its term is {expected}, not {contribution}"


def _attribute(raw: Raw, shown: Shown, piece: Piece) -> Found:
    name, value = piece["fields"]["name"], piece["fields"]["value"]
    if value not in raw.films[shown.id].attribute(name):
        yield f"evidence {piece['id']}: the film has not {name} {value}"
    return shown.terms.get(f"{name}={value}")


def _everyone(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields = piece["fields"]
    liked, users = raw.liked[shown.id], len(raw.ratings)
    bar = fields["liked_from"]
    if (fields["liked_by"], fields["users"], raw.scale.liked if bar is None else bar) != (
        liked,
        users,
        raw.scale.liked,
    ):
        yield f"evidence {piece['id']}: {liked} of {users}, not {fields['liked_by']}"
    return shown.terms.get("*")


def _place(raw: Raw, shown: Shown) -> tuple[int | None, int]:
    return shown.public["attribution"]["rank"], raw.candidates(shown.user)


def _whole(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields, count = piece["fields"], len(raw.liked_by(shown.user))
    place = _place(raw, shown)
    if (fields["count"], fields["rank"], fields["candidates"]) != (count, *place):
        yield f"evidence {piece['id']}: {count} films, rank {place[0]} of {place[1]}"
    return sum(shown.history.values())


def _recommender(raw: Raw, shown: Shown, piece: Piece) -> Found:
    fields, place = piece["fields"], _place(raw, shown)
    told = (fields["name"], fields["rank"], fields["candidates"])
    if told != (shown.public.get("chosen_by"), *place):
        yield f"evidence {piece['id']}: rank {place[0]} of {place[1]}"
    return None


def _fact(raw: Raw, shown: Shown, piece: Piece) -> Found:
    name, values = piece["fields"]["name"], tuple(piece["fields"]["values"])
    own = raw.films[shown.id].attribute(name)
    if values != own:
        yield f"evidence {piece['id']}: its {name} is {own}"
    return None


def _history(raw: Raw, shown: Shown, piece: Piece) -> Found:
    known = any(told and told.kind == "own_item" for told in shown.told)
    yield from _wrong_history(raw, shown, piece["fields"])
    return None if known else shown.history.get(piece["fields"]["item_id"])


def _wrong_history(raw: Raw, shown: Shown, fields: Mapping[str, Any]) -> Iterator[str]:
    film, title = raw.films[fields["item_id"]], plain_title(fields["title"])
    entries = [id for id in raw.ids[film.title] if raw.same(id) == raw.same(fields["item_id"])]
    told = {(event["rating"], event["date"] or "") for event in fields["events"]}
    own = [event for id in entries for event in raw.events.get((shown.user, id), ())]
    mine = {(event.rating, event.day) for event in own}
    scale = (fields["rating_min"], fields["rating_max"])
    rated = any(rating is not None for rating, _ in told)
    if (
        fields["item_id"] not in raw.ids.get(title, ())
        or not told <= mine
        or (rated and scale != (raw.scale.low, raw.scale.high))
    ):
        yield f"{film.title!r} was rated {mine}"
    for column in raw.columns:
        if tuple(fields["attributes"].get(column, ())) != film.attribute(column) and not raw.hides:
            yield f"{film.title!r} has {column} {film.attribute(column)}"


def _wrong_text(raw: Raw, shown: Shown, piece: Piece) -> Iterator[str]:
    """What is wrong with the words of a piece of evidence: they say what its fields say."""
    told, fields = shown.tongue.record(piece["text"]), piece["fields"]
    if told is None:
        yield f"evidence {piece['id']}: {piece['text']!r} is not known"
        return
    for group in told.deeds:
        own = raw.done(shown.user, group.titles[0])
        for deed in group.deeds:
            yield from wrong_deed(own, deed, raw.scale, f"evidence {piece['id']}")
        if group.titles != (plain_title(fields["title"]),):
            yield f"evidence {piece['id']}: it tells of {group.titles}"
    values = fields.get("values", [fields.get("value")])
    if told.attributes and not same_values(told.attributes.get(fields["name"], ()), values):
        yield f"evidence {piece['id']}: it tells {told.attributes}"
    numbers = {"liked": fields.get("liked_by"), "users": fields.get("users")}
    numbers["count"] = fields.get("count")
    for name in told.numbers.keys() & numbers.keys():
        if told.numbers[name] != numbers[name]:
            yield f"evidence {piece['id']}: {name} is {numbers[name]}"
    if told.bar is not None and abs(told.bar - fields.get("liked_from", 0.0)) > _ROUNDED:
        yield f"evidence {piece['id']}: the bar is {fields.get('liked_from')}"


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
    if told.kind == "caution":
        return
    sort = _CITED.get(told.kind, "HF" if told.kind == "in_common" else _cause_sort(told))
    if any(id[0] not in sort for id in cited):
        yield f"it cannot rest on {cited}"
        return
    if told.kind not in _NO_CAUSES and not told.kind.startswith(RECORD):
        if any(piece["kind"] != "cause" for piece in pieces):
            yield "it rests on what is no cause"
    films = {plain_title(piece["fields"]["title"]) for piece in pieces if piece["id"][0] == "H"}
    if films != _films(shown, told):
        yield f"it cites {sorted(films)}"
    values = {
        (piece["fields"]["name"], value)
        for piece in pieces
        if piece["id"][0] in "AF"
        for value in piece["fields"].get("values", [piece["fields"].get("value")])
    }
    said = {(name, value) for name, values in told.attributes.items() for value in values}
    exact = told.kind not in ("in_common", "current_fact", "record_attribute")
    if any(isinstance(value, Others) for _, value in said):
        exact, said = False, {(name, v) for name, v in said if not isinstance(v, Others)}
    if values != said if exact else not said <= values:
        yield f"it cites {sorted(values)}"


def _cause_sort(told: Told) -> str:
    return "A" if told.attributes else "O" if "hidden" in told.words else "H"


def _films(shown: Shown, told: Told) -> set[str]:
    """The films of the user's history that a sentence speaks of."""
    if told.kind == "own_item":
        return {shown.title} if told.own else set()
    if told.kind == "support":  # what was written is cited, not the film it was written of
        return set()
    if told.kind in ("because_history", "speaks_for", "against", "record_history") and (
        told.deeds or told.again
    ):
        return set(causes_of(told))
    if "those" in told.words and not told.those:
        return set(shown.causes)
    named = {*told.those, *told.everything, *told.gone} - {shown.title}
    return named | {told.cause} if told.cause else named
