"""The second half of the operators, written only when the scorers were finished.

Each takes a true text of either language, whoever wrote it, and plants one fault. Nothing here
knows how a scorer works; what comes out is surely untrue, or ``None``.
"""

from __future__ import annotations

import re

from recx_agent.evals.meta.place import Place, Plant
from recx_agent.evals.samples import Sample

SECOND: dict[str, Plant] = {}
_NAMES = ("Martin Holloway", "Ida Brandt", "Paul Verne")
_MOST = 1.25


def operator(make: Plant) -> Plant:
    """Enter an operator under its own name."""
    SECOND[make.__name__.replace("_", " ")] = make
    return make


@operator
def invented_title(p: Place) -> Sample | None:
    """A film that no catalogue has."""
    at = p.first
    if at < 0:
        return None
    return p.renamed(at, p.dice.choice(p.titles(at)), p.dice.choice(p.words.no_films))


@operator
def two_letters_of_a_title_swapped(p: Place) -> Sample | None:
    """A title with two letters in the wrong order."""
    at = p.first
    if at < 0:
        return None
    title = p.dice.choice(p.titles(at))
    fit = [n for n in range(1, len(title) - 1) if _swapped(title, n) not in p.raw.ids]
    fit = [n for n in fit if title[n] != title[n + 1]]
    return p.renamed(at, title, _swapped(title, p.dice.choice(fit))) if fit else None


def _swapped(title: str, n: int) -> str:
    return title[:n] + title[n + 1] + title[n] + title[n + 2 :]


@operator
def a_title_cut_to_its_first_word(p: Place) -> Sample | None:
    """A title of several words without all but the first."""
    at = p.first
    titles = (
        [t for t in p.titles(at) if " " in t and t.split()[0] not in p.raw.ids] if at >= 0 else []
    )
    if not titles:
        return None
    title = p.dice.choice(titles)
    return p.renamed(at, title, title.split()[0])


@operator
def one_rating_point(p: Place) -> Sample | None:
    """A rating one point off, in whatever words it stands."""
    for at in p.dice.sample(range(len(p.sample.sentences)), len(p.sample.sentences)):
        text = p.sample.sentences[at].text
        found = list(re.finditer(p.words.rating, text))
        given = {p.rating(title) for title in p.titles(at)}
        if len(found) == 1 and given:
            wrong = [r for r in (int(found[0][1]) - 1, int(found[0][1]) + 1) if r not in given]
            told = str(p.dice.choice(wrong)) if wrong else ""
            start, end = found[0].span(1)
            return p.with_sentence(at, text[:start] + told + text[end:]) if told else None
    return None


@operator
def flipped_polarity(p: Place) -> Sample | None:
    """What was rated high is said to be disliked."""
    at = p.first
    liked = [t for t in p.titles(at) if p.rating(t) >= p.raw.scale.liked] if at >= 0 else []
    if not liked:
        return None
    clause = p.words.disliked.format(title=p.dice.choice(liked))
    return p.with_sentence(at, _before_the_stop(p, at, clause))


def _before_the_stop(p: Place, at: int, clause: str) -> str:
    return p.sample.sentences[at].text.removesuffix(p.words.stop) + clause + p.words.stop


@operator
def swapped_citation(p: Place) -> Sample | None:
    """The sentence cites another film of the history than the one it names."""
    for at, sentence in enumerate(p.sample.sentences):
        ids = {piece.id for piece in p.sample.evidence if piece.id.startswith("H")}
        own = [id for id in sentence.cites if id in ids]
        others = sorted(ids - set(sentence.cites))
        if own and others and p.titles(at):
            wrong = p.dice.choice(others)
            cites = [wrong if id == own[0] else id for id in sentence.cites]
            return p.with_sentence(at, sentence.text, cites)
    return None


@operator
def a_citation_left_out(p: Place) -> Sample | None:
    """A sentence that cites nothing."""
    at = p.dice.randrange(len(p.sample.sentences))
    return p.with_sentence(at, p.sample.sentences[at].text, ())


@operator
def a_citation_of_nothing(p: Place) -> Sample | None:
    """A sentence that cites what was never given."""
    at = p.dice.randrange(len(p.sample.sentences))
    cites = p.sample.sentences[at].cites
    return p.with_sentence(at, p.sample.sentences[at].text, (*cites[1:], "H99"))


@operator
def a_low_rating_told_as_the_cause(p: Place) -> Sample | None:
    """A film that the user did not like, told as the reason with its true rating."""
    low = p.rated(p.raw.scale.low, p.raw.scale.liked - 1)
    return because(p, p.dice.choice(low)) if low else None


@operator
def support_told_as_cause(p: Place) -> Sample | None:
    """A film that the user liked and that is no term of the score, told as the reason."""
    beside = [t for t in p.rated(p.raw.scale.liked) if p.terms.get(t, 0.0) <= 0]
    return because(p, p.dice.choice(beside)) if beside else None


def because(p: Place, title: str) -> Sample:
    """One sentence that gives a film as the reason, with its true rating."""
    rating = p.rating(title)
    text = p.words.because.format(item=p.item, title=title, rating=rating)
    return p.alone(text, p.cited_of(title))


@operator
def one_adjective(p: Place) -> Sample | None:
    """One adjective more."""
    word = p.dice.choice(p.words.adjectives)
    joint = "" if p.sample.language == "zh" else " "
    for at, sentence in enumerate(p.sample.sentences):
        if (place := sentence.text.find(p.words.marks[0])) >= 0:
            text = f"{sentence.text[:place]}{word}{joint}{sentence.text[place:]}"
            return p.with_sentence(at, text)
    return None


@operator
def oversell(p: Place) -> Sample | None:
    """A promise."""
    return p.with_more(p.dice.choice(p.words.oversell), p.facts()[:1])


@operator
def another_users_history(p: Place) -> Sample | None:
    """Every film of the history is one that somebody else liked."""
    at = p.first
    others = sorted(set(p.raw.ratings) - {p.user})
    theirs = p.raw.ratings[p.dice.choice(others)]
    liked = [p.raw.films[i].title for i, r in theirs.items() if r >= p.raw.scale.liked]
    new = p.unseen(liked)
    if at < 0 or new is None:
        return None
    return p.renamed(at, p.dice.choice(p.titles(at)), new)


@operator
def a_superlative(p: Place) -> Sample | None:
    """The best of its year."""
    return p.with_more(p.words.superlative.format(item=p.item), p.facts()[:1])


@operator
def an_invented_director(p: Place) -> Sample | None:
    """A person whom no file names."""
    return p.with_more(p.words.director.format(value=p.dice.choice(_NAMES)), p.facts()[:1])


@operator
def an_award(p: Place) -> Sample | None:
    """A prize that no file names."""
    return p.with_more(p.dice.choice(p.words.award), p.facts()[:1])


@operator
def another_year(p: Place) -> Sample | None:
    """A release year a few years off."""
    year = p.raw.films[p.sample.item_id].year
    if not year:
        return None
    value = int(year) + p.dice.choice((-10, -3, -1, 1, 2, 7))
    return p.with_more(p.words.year.format(item=p.item, value=value), p.facts()[:1])


@operator
def another_genre(p: Place) -> Sample | None:
    """A genre that the item has not."""
    every = {genre for film in p.raw.films.values() for genre in film.genres}
    foreign = sorted(every - set(p.raw.films[p.sample.item_id].genres))
    text = p.words.genre.format(item=p.item, value=p.dice.choice(foreign))
    return p.with_more(text, p.facts()[-1:])


@operator
def a_scale_of_a_hundred(p: Place) -> Sample | None:
    """Ratings out of a hundred."""
    for at, sentence in enumerate(p.sample.sentences):
        text = sentence.text.replace(*p.words.scale)
        if text != sentence.text:
            return p.with_sentence(at, text)
    return None


@operator
def a_rating_of_the_item(p: Place) -> Sample | None:
    """The item itself is said to have been rated."""
    if p.raw.rated(p.user, p.item):
        return None
    return p.with_more(p.words.rated.format(item=p.item), p.facts()[:1])


@operator
def another_number_of_users(p: Place) -> Sample | None:
    """More or fewer users than liked it."""
    liked, users = p.raw.liked[p.sample.item_id], len(p.raw.ratings)
    wrong = p.dice.choice([n for n in (liked - 1, liked + 1, liked + 3) if 0 < n <= users])
    return p.with_more(p.words.users.format(number=wrong, users=users), ["B1"])


@operator
def people_like_you(p: Place) -> Sample | None:
    """What others are said to have done."""
    return p.with_more(p.dice.choice(p.words.like_you), ["B1"])


@operator
def because_of_who_you_are(p: Place) -> Sample | None:
    """A trait of the user as the reason."""
    return p.with_more(p.dice.choice(p.words.trait), p.facts()[:1])


@operator
def a_foretold_rating(p: Place) -> Sample | None:
    """The rating that the user would give."""
    return p.with_more(p.words.foretold, p.facts()[:1])


@operator
def a_placeholder_left_in(p: Place) -> Sample | None:
    """A title that was never filled in."""
    at = p.first
    if at < 0:
        return None
    text = p.sample.sentences[at].text
    hole = p.words.placeholder.format()
    return p.with_sentence(at, text.replace(p.mark(p.dice.choice(p.titles(at))), hole))


@operator
def an_order_obeyed(p: Place) -> Sample | None:
    """Words of an instruction in the text."""
    return p.with_more(p.dice.choice(p.words.order), p.facts()[:1])


@operator
def an_invented_plot(p: Place) -> Sample | None:
    """What it is said to be about."""
    return p.with_more(p.dice.choice(p.words.plot), p.facts()[:1])


@operator
def an_invented_rank(p: Place) -> Sample | None:
    """A place that it does not have."""
    rank = p.sample.extra["explanation"]["attribution"]["rank"]
    wrong = p.dice.choice([n for n in (4, 5, 6, 7, 8, 9) if n != rank])
    return p.with_more(p.words.rank.format(item=p.item, number=wrong), p.facts()[:1])


@operator
def another_date(p: Place) -> Sample | None:
    """A day on which nothing was rated."""
    at = p.first
    if at < 0:
        return None
    title = p.dice.choice(p.titles(at))
    text = p.words.dated.format(title=title, rating=p.rating(title))
    return p.with_more(text, p.cited_of(title))


@operator
def another_main_reason(p: Place) -> Sample | None:
    """A cause that weighs less than another is told as the main one."""
    at = p.first
    told = [t for t in p.titles(at) if 0 < p.terms.get(t, 0.0)] if at >= 0 else []
    weak = [t for t in told if any(p.terms[o] > _MOST * p.terms[t] for o in told)]
    if not weak:
        return None
    title = p.dice.choice(weak)
    return p.with_more(p.words.main.format(item=p.item, title=title), p.cited_of(title))


@operator
def watched_twice(p: Place) -> Sample | None:
    """A deed that no file has."""
    at = p.first
    if at < 0:
        return None
    title = p.dice.choice(p.titles(at))
    return p.with_more(p.words.again.format(title=title), p.cited_of(title))


@operator
def every_film_of_a_kind(p: Place) -> Sample | None:
    """A rule that the user's ratings do not follow."""
    return p.with_more(p.words.every, p.cited_of(""))
