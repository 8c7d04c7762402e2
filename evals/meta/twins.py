"""The sentences of some operators with what is so: they must raise no alarm."""

from __future__ import annotations

from recx_agent.evals.meta.place import LEAST, Place, Plant
from recx_agent.evals.meta.second import because
from recx_agent.evals.samples import Sample

TWINS: dict[str, Plant] = {}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def twin(make: Plant) -> Plant:
    """Enter the true twin of an operator under its own name."""
    TWINS[make.__name__.replace("_", " ")] = make
    return make


@twin
def its_year(p: Place) -> Sample | None:
    """The release year as it is."""
    year = p.raw.films[p.sample.item_id].year
    if not year:
        return None
    return p.with_more(p.words.year.format(item=p.item, value=year), p.facts()[:1])


@twin
def its_genre(p: Place) -> Sample | None:
    """A genre that the item has."""
    own = p.raw.films[p.sample.item_id].genres
    if not own:
        return None
    text = p.words.genre.format(item=p.item, value=p.dice.choice(own))
    return p.with_more(text, p.facts()[-1:])


@twin
def the_number_of_users(p: Place) -> Sample | None:
    """As many users as liked it."""
    liked, users = p.raw.liked[p.sample.item_id], len(p.raw.ratings)
    if not liked or not any(piece.id == "B1" for piece in p.sample.evidence):
        return None
    return p.with_more(p.words.users.format(number=liked, users=users), ["B1"])


@twin
def the_day(p: Place) -> Sample | None:
    """The day on which a film was rated."""
    at = p.first
    if at < 0:
        return None
    title = p.dice.choice(p.titles(at))
    (id,) = p.raw.rated(p.user, title)
    year, month, day = (int(part) for part in p.raw.days[p.user, id].split("-"))
    told = p.words.dated.format(title=title, rating=p.rating(title))
    told = told.replace("1 January 2001", f"{day} {_MONTHS[month - 1]} {year}")
    told = told.replace("2001年1月1日", f"{year}年{month}月{day}日")
    return p.with_more(told, p.cited_of(title))


@twin
def the_rating(p: Place) -> Sample | None:
    """The largest cause with its rating, told as the reason."""
    title = max(p.terms, key=lambda title: p.terms[title])
    known = [piece for piece in p.sample.evidence if piece.fields.get("title") == title]
    if title not in p.rated(p.raw.scale.liked) or not known or p.terms[title] < LEAST * p.total:
        return None
    return because(p, title)
