"""Reads what English sentences tell that a user did: "bought “A” twice and rated it 4 out of 5"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import inflection

from recx_agent.evals.scorers.grounded.known.deeds import RATINGS, Done
from recx_agent.evals.scorers.grounded.known.reading import T
from recx_agent.evals.scorers.grounded.known.reading_deeds import ReadDeeds, Reading
from recx_agent.evals.scorers.house import House

_VERBS = {
    "attended": "attend attended attendance",
    "booked": "book booked booking",
    "borrowed": "borrow borrowed loan",
    "bought": "buy bought purchase purchased transaction",
    "commented on": "comment commented",
    "completed": "complete completed completion",
    "disliked": "dislike disliked",
    "downloaded": "download downloaded",
    "enrolled in": "enrol enroll enrolled enrolment enrollment",
    "finished": "finish finished",
    "followed": "follow followed",
    "installed": "install installed",
    "liked": "like liked",
    "listened to": "listen listened listening",
    "noted": "note noted",
    "opened": "click clicked open opened",
    "ordered": "order ordered",
    "played": "play played",
    "rated": " ".join(RATINGS),
    "read": "read",
    "rented": "rent rented rental",
    "reviewed": "review reviewed",
    "saved": "save saved favourite favorite bookmark bookmarked",
    "searched for": "search searched query",
    "shared": "share shared",
    "started": "start started",
    "streamed": "stream streamed",
    "subscribed to": "subscribe subscribed subscription",
    "viewed": "view viewed page_view pageview detail_view",
    "visited": "visit visited",
    "watched": "watch watched",
    "have": "",
    "put": "",
    "gave": "",
}
_PLACES = {
    "in your history": "",
    "in your cart": "cart add_to_cart addtocart basket add_to_basket",
    "on your wish list": "wishlist wish_list add_to_wishlist",
    "a thumbs up": "up",
    "a thumbs down": "down",
}
_FORMS: tuple[Callable[[str], str], ...] = (str, inflection.singularize, inflection.pluralize)
_COUNTS = "three four five six seven eight nine ten".split()

NUMBER = r"-?\d+(?:,\d{3})*(?:\.\d+)?"
L = rf"(?:{T}(?: and {T}|(?:, {T})+, and {T})?)"
_AND = r"(?:,? and |, )"
_VERB = "(?:" + "|".join(sorted(_VERBS, key=len, reverse=True)) + ")"
_LEAD = rf"{_VERB}(?:(?:, {_VERB})*,? and {_VERB})?"
_SEVERAL = rf"(?:both|all (?:{'|'.join(_COUNTS)}|\d+))"
_PRONOUN = rf"(?:it|{_SEVERAL})"
_TIMES = rf"(?:once|twice|(?:{'|'.join(_COUNTS)}|\d+(?:,\d{{3}})*) times)"
_DAY = r"\d{4}-\d\d-\d\d"
_DAYS = rf"(?: (?:on {_DAY}(?:(?:, {_DAY})*,? and {_DAY})?|between {_DAY} and {_DAY}))?"
_PLACE = rf"(?: (?:{'|'.join(_PLACES)})(?:(?<=history) \([^()]+\))?)?"


class EnglishDeeds(ReadDeeds):
    """The deeds of one workspace: its unit of ratings is part of what is read.

    Parameters
    ----------
    house : House

    Attributes
    ----------
    bar : str
        Pattern of a rating without its scale.
    rated, of_it, by_all, bracketed, verbs, which, dated : str
        Patterns of what was done: after "you"; to "it"; by other users; in brackets behind
        titles; verbs alone; "which you …" behind titles; with its days, as evidence has it.
    """

    def __init__(self, house: House) -> None:
        named = house.unit and not house.percent and not house.thumbs
        forms = {form(house.unit) for form in _FORMS} if named else set[str]()
        unit = f" (?:{'|'.join(map(re.escape, forms))})" if forms else ""
        self.bar = rf"{NUMBER}%?{unit}"
        one = rf"{NUMBER}(?:%| on a scale from {NUMBER} to {NUMBER}| out of {NUMBER})?{unit}"
        several = rf"{one}(?:, {one})*,? and {one}"
        rest = rf"(?: {_TIMES}(?: each)?(?: \({several}\))?| {one})?{_PLACE}"
        more = rf"(?:{_AND}{_VERB} {_PRONOUN}{rest})*"
        group = rf"{L}{rest}{more}"
        phrase = rf"{_LEAD} {group}(?:{_AND}{group})*"
        self.rated = rf"{phrase}(?:{_AND}{phrase})*"
        self.of_it = rf"{_LEAD} {_PRONOUN}{rest}{more}"
        self.by_all = (
            rf"{_VERB} (?:it|{T})(?: in their cart| on their wish list| a thumbs (?:up|down))?"
        )
        bracketed = rf"{L} \(you {self.of_it}\)"
        self.bracketed = rf"{bracketed}(?:{_AND}{bracketed})*"
        self.verbs = rf"{_VERB}{rest}(?:{_AND}{_VERB}{rest})*"
        which = rf"{L}, (?:{_SEVERAL} of )?which you {self.verbs}"
        self.which = rf"{which}(?:{_AND}{which})*"
        given = rf"{one}{_DAYS}(?:{_AND}{one}{_DAYS})*"
        did = rf"(?:rated it {given}|{_VERB} it{rest}{_DAYS})"
        self.dated = rf"{T}: you {did}(?:{_AND}{did})*"
        self._token = re.compile(
            rf"(?P<times>{_TIMES}(?: each)?)|(?P<day>{_DAY})|(?P<rating>{one})|(?P<between>between)"
            rf"|(?P<verb>{_VERB})(?![\w-])|(?P<place>{'|'.join(_PLACES)})|\((?P<note>(?!you )"
            rf"[^()\d-][^()]*)\)|(?P<several>{_SEVERAL}) of|(?P<pronoun>{_PRONOUN})(?!\w)"
            rf"|(?P<title>{T})"
        )

    def _read(self, text: str) -> Iterator[tuple[str, list[Done]]]:
        reading = Reading(_VERBS | _PLACES, _number, behind="which you" in text, each="each")
        for token in self._token.finditer(text.replace(" their ", " your ")):
            reading.take(str(token.lastgroup), token[0])
        yield from reading.groups()


def _number(text: str) -> int:
    """How often, or how many: "twice", "three times each", "all three"."""
    words = text.split()
    known = {"it": 1, "once": 1, "both": 2, "twice": 2}
    known |= {word: n for n, word in enumerate(_COUNTS, 3)}
    for word in words[1:2] if words[0] == "all" else words[:1]:
        return known[word] if word in known else int(word.replace(",", ""))
    return 0
