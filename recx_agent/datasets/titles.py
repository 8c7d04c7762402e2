"""Titles as library catalogues write them, turned into titles as people say them."""

from __future__ import annotations

import re

_WORDS = "The|A|An|Le|La|Les|Un|Une|Il|Lo|Gli|El|Los|Las|Una|Das|Der|Die|Ein|Eine|Det|Den|O|Os"
_BEHIND = re.compile(rf"^(?P<rest>.+), (?:(?P<word>{_WORDS})|(?P<short>L'))$", re.DOTALL)
_YEAR = re.compile(r"^(?P<title>.*\S)\s*\((?P<year>\d{4})\)(?:\s*\([A-Z]{1,3}\))?$", re.DOTALL)
_BRACKETED = re.compile(r"\(([^()]*)\)")


def split_year(title: str) -> tuple[str, str]:
    """Take a year in brackets off the end of a title, with a mark behind it.

    Returns
    -------
    title, year : str
        The year is empty if there is none: ``"Speed (1994)"`` gives ``("Speed", "1994")``,
        ``"Casper (1995) (V)"`` gives ``("Casper", "1995")``.
    """
    match = _YEAR.match(title.strip())
    if match is None:
        return title.strip(), ""
    return match["title"], match["year"]


def spoken_title(title: str) -> str:
    """Put an article from behind back to the front, in brackets too.

    ``"Usual Suspects, The"`` becomes ``"The Usual Suspects"``, and ``"Eye of Vichy, The
    (Oeil de Vichy, L')"`` becomes ``"The Eye of Vichy (L'Oeil de Vichy)"``.
    """
    title = _BRACKETED.sub(lambda match: f"({_article_first(match[1])})", title.strip())
    # The main title ends where the first bracket opens.
    main, bracket, rest = title.partition(" (")
    return _article_first(main) + bracket + rest


def _article_first(title: str) -> str:
    match = _BEHIND.match(title)
    if match is None:
        return title
    if match["short"]:
        return f"L'{match['rest']}"
    return f"{match['word']} {match['rest']}"
