"""Claims of a text, each held against the raw data.

A sentence is taken apart into what it names and says: titles, ratings, opinions, numbers, dates,
attributes, and which of them is told as a reason. Every word whose meaning is not known counts as
a claim that nothing supports: whoever adds an adjective adds a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recx_agent.evals.scorers.base import Score, unscored
from recx_agent.evals.scorers.grounded.case import Case
from recx_agent.evals.scorers.grounded.free.part import Part

_WROTE = re.compile(
    r"(?:wrote|said|words|review|quote|写|说|评论)[^“”《》]*[:：]?\s*$", re.IGNORECASE
)
_YOU_WROTE = re.compile(
    r"\byou (?:once )?(?:wrote|said|put it)[:,]?\s*$|\byour own words[:,]?\s*$"
    r"|[你您](?:曾经?)?[写说]过?[：:，]?\s*$",
    re.IGNORECASE,
)
"""A word of writing whose quote can be meant for nothing but the user's own words."""
_NAME = re.compile(r"(?<![.!?。]\s)(?<!^)\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)+")
_MARKED = re.compile("“[^“”]*”|《[^《》]*》")


def claims_of(case: Case) -> Iterator[Part]:
    """Every part of every sentence, quotes and names of people among them."""
    for at in range(len(case.texts)):
        yield from _with_quotes(case, at, case.parts(at))


def contradictions(case: Case) -> Iterator[str]:
    """What the files contradict of what can be read in one way only."""
    for at, text in enumerate(case.texts):
        yield from case.refutations(at)
        yield from _not_written(case, text, _YOU_WROTE)


def _with_quotes(case: Case, at: int, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts of a sentence, with quotes told from titles, and with names of people."""
    text = case.texts[at]
    quotes = list(_quotes(case, text, _WROTE))
    for part in parts:
        if part.kind == "title" and quotes:
            titles = part.told - sum(quote in case.raw.ids for quote in quotes)
            wrong = [w for w in part.wrong if not any(repr(q) in w for q in quotes)]
            part = Part("title", max(titles - len(quotes), 0), wrong)
        yield part
    yield Part("quote", len(quotes), list(_not_written(case, text, _WROTE)))
    names = [n for n in _NAME.findall(_MARKED.sub("", text)) if n not in case.attributes]
    yield Part("name", len(names), [f"{n!r} is nowhere" for n in names if not _named(case, n)])


def claim_precision(case: Case) -> Score:
    """Share of the claims that the raw data support; 0 to 1, unscored where nothing is claimed.

    As St2Exp-P of Kabongo & Guigue 2025 (arXiv 2512.24366), with the user's own records and the
    terms of the score in place of statements taken from a held-out review.
    """
    told, wrong = _counted(list(claims_of(case)))
    if not told:
        return unscored("no claims")
    reasons = [w for part in claims_of(case) for w in part.wrong]
    return Score(1 - wrong / told, f"{told - wrong} of {told}", "; ".join(reasons[:5]))


def claim_recall(case: Case) -> Score:
    """Share of what had to be told that the text names: the fewest largest causes; 0 to 1.

    What had to be told are the largest positive terms of the history that together carry 20 %
    of all that was weighed, three at most (:attr:`.case.Case.reason`). Unscored where there is
    no such reason; a text that rests on an attribute then has nothing to miss.
    """
    if not case.reason:
        return unscored("no reason by history")
    told = [title for title in case.reason if title in case.named]
    left = [title for title in case.reason if title not in case.named]
    answer = f"{len(told)} of {len(case.reason)}"
    return Score(len(told) / len(case.reason), answer, f"not told: {left}" if left else "")


def f1(precision: float, recall: float) -> float:
    """Harmonic mean; 0 where both are 0."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def exact(case: Case, *kinds: str) -> Score:
    """Share of the claims of some kinds that are exactly so; unscored where there is none.

    Titles are those of films that the user rated or of the item, letter by letter; numbers are
    ratings on their scale, counts and ranks; dates are the day of the rating; quotes are the
    user's own words, verbatim; names are those of an attribute of the item or its film.
    """
    told, wrong = _counted([part for part in claims_of(case) if part.kind in kinds])
    if not told:
        return unscored("none told")
    reasons = [w for part in claims_of(case) if part.kind in kinds for w in part.wrong]
    return Score(1 - wrong / told, f"{told - wrong} of {told}", "; ".join(reasons[:5]))


def _counted(parts: list[Part]) -> tuple[int, int]:
    """Claims, and those that are wrong; what is wrong without a mark of its own is a claim too."""
    told = sum(max(part.told, bool(part.wrong)) for part in parts)
    return told, sum(min(max(part.told, 1), len(part.wrong)) for part in parts)


def _quotes(case: Case, text: str, wrote: re.Pattern[str]) -> Iterator[str]:
    """What stands in marks after a word of writing, and is no title."""
    for found in _MARKED.finditer(text):
        inner = found[0][1:-1]
        if inner not in case.raw.ids and wrote.search(text[: found.start()]):
            yield inner


def _not_written(case: Case, text: str, wrote: re.Pattern[str]) -> Iterator[str]:
    known = case.raw.texts.get(case.sample.user_id, frozenset())
    quotes = (quote for quote in _quotes(case, text, wrote) if _spaced(quote) not in known)
    yield from (f"{quote!r} was not written" for quote in quotes)


def _named(case: Case, name: str) -> bool:
    films = [case.raw.films[id] for id in case.raw.ids.get(case.title, ())]
    return any(name in values for film in films for values in film.values.values())


def _spaced(text: str) -> str:
    return " ".join(text.split())
