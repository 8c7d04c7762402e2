"""How English sentences are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import inflection

from recx_agent.evals.scorers.grounded.known.english_deeds import EnglishDeeds
from recx_agent.evals.scorers.grounded.known.english_sentences import PARTS, PATTERNS
from recx_agent.evals.scorers.grounded.known.reading import Tongue
from recx_agent.evals.scorers.grounded.known.record_sentences import ENGLISH as RECORDS
from recx_agent.evals.scorers.grounded.known.values import Attributes, Known
from recx_agent.evals.scorers.house import FILMS, House

_NOUN = re.compile(r"\b(?:a )?films?\b")


def bare(text: str) -> str | None:
    """Without the capital at the start and the full stop."""
    if not text.endswith(".") or text[0].islower():
        return None
    return text[0].lower() + text[1:-1]


def number(text: str) -> int:
    """Read ``1,234`` or ``22nd``; an ending that does not fit the number gives -1."""
    ending = text.lstrip("0123456789,")
    value = int(text.removesuffix(ending).replace(",", ""))
    if ending:
        teens = value % 100 in (11, 12, 13)
        if ending != ("th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")):
            return -1
    return value


def listed(values: Sequence[str]) -> str:
    """Words as a list."""
    comma = "," if len(values) > 2 else ""
    return f"{', '.join(values[:-1])}{comma} and {values[-1]}" if len(values) > 1 else values[0]


def in_numbers(name: str) -> tuple[str, str]:
    """What an attribute is called of one value and of several, however it was given."""
    head, of, rest = name.partition(" of ")
    one = head if head.endswith(("us", "ss", "is")) else inflection.singularize(head)
    return one + of + rest, inflection.pluralize(one) + of + rest


def english(house: House, columns: Sequence[str], known: Known) -> Tongue:
    """Read the English sentences of a workspace.

    Parameters
    ----------
    house : House
    columns : sequence of str
        The attributes of its items.
    known : mapping
        Their values.
    """
    deeds = EnglishDeeds(house)
    words = {
        "DIDIT": deeds.of_it,
        "DIDALL": deeds.by_all,
        "DID": deeds.rated,
        "BRACKETED": deeds.bracketed,
        "BEHIND": deeds.which,
        "VERBS": deeds.verbs,
        "DATED": deeds.dated,
        "BAR": deeds.bar,
    }
    nouns = {"film": re.escape(house.one), "films": re.escape(house.many)}

    def called(text: str) -> str:
        return _NOUN.sub(lambda found: nouns[found[0]], text)

    return Tongue(
        house=house,
        marked=re.compile("“([^“”]+)”"),
        parts={**{name: called(part) for name, part in PARTS.items()}, **words},
        patterns={kind: called(lines) for kind, lines in (PATTERNS | RECORDS).items()},
        bare=bare,
        number=number,
        deeds=deeds,
        attributes=Attributes(
            names=[(column, *in_numbers(house.called(column))) for column in columns],
            known=known,
            before=r" \(|: | ",
            between=", and | and |, ",
            others=r"(\d{1,3}(?:,\d{3})*) others?\b",
        ),
        banned=re.compile(
            r"\b(?:loved?|enjoy(?:ed)?|great|favou?rites?|beloved|best|classic|perfect|likes?d|critics)\b"
        ),
        causal=re.compile(
            r"\b(?:because|why|reasons?|thanks to|due to|goes back|comes from|counts?|added|adds)\b"
        ),
        presupposes=re.compile(
            r"(?:the suggestion|you are seeing|comes from|"
            r"(?<!not )(?:suggested|recommended) because)",
            re.IGNORECASE,
        ),
        joint=" ",
        title_marks=("“", "”"),
        list_titles=listed,
        show="{:,}".format,
    )


ENGLISH = english(FILMS["en"], ("year", "genre"), {})
