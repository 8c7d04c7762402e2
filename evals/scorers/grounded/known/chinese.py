"""How Chinese sentences are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recx_agent.evals.scorers.grounded.known.chinese_deeds import ChineseDeeds
from recx_agent.evals.scorers.grounded.known.chinese_sentences import PARTS, PATTERNS
from recx_agent.evals.scorers.grounded.known.reading import Tongue
from recx_agent.evals.scorers.grounded.known.record_sentences import CHINESE as RECORDS
from recx_agent.evals.scorers.grounded.known.values import Attributes, Known
from recx_agent.evals.scorers.house import FILMS, House

_NOUN = re.compile("电影|(?<!全)部(?!分)")
_WORDS = {"一": 1, "两": 2}


def bare(text: str) -> str | None:
    """Without the full stop."""
    return text[:-1] if text.endswith("。") else None


def number(text: str) -> int:
    """Read ``12,345``, ``1520``, ``一``, ``两``; a comma below five digits gives -1."""
    if text in _WORDS:
        return _WORDS[text]
    value = int(text.replace(",", ""))
    return value if f"{value:,}" == text or (value < 10_000 and str(value) == text) else -1


def titles_listed(titles: Sequence[str]) -> str:
    """Titles in their marks as a list."""
    return f"{''.join(titles[:-1])}和{titles[-1]}" if len(titles) > 1 else titles[0]


def counted(count: int) -> str:
    """A number as it is said before a measure word."""
    return {1: "一", 2: "两"}.get(count, str(count))


def chinese(house: House, columns: Sequence[str], known: Known) -> Tongue:
    """Read the Chinese sentences of a workspace.

    Parameters
    ----------
    house : House
    columns : sequence of str
        The attributes of its items.
    known : mapping
        Their values.
    """
    deeds = ChineseDeeds(house)
    words = {
        "DIDIT": deeds.known,
        "DIDALL": deeds.by_all,
        "DID": deeds.rated,
        "BRACKETED": deeds.bracketed,
        "DATED": deeds.dated,
        "BAR": deeds.bar,
    }
    nouns = {"电影": _literal(house.one), "部": _literal(house.measure)}

    def called(text: str) -> str:
        return _NOUN.sub(lambda found: nouns[found[0]], text)

    return Tongue(
        house=house,
        marked=re.compile("《([^《》]+)》|“([^“”]+)”"),
        parts={**{name: called(part) for name, part in PARTS.items()}, **words},
        patterns={kind: called(lines) for kind, lines in (PATTERNS | RECORDS).items()},
        bare=bare,
        number=number,
        deeds=deeds,
        attributes=Attributes(
            names=[(column, house.called(column), house.called(column)) for column in columns],
            known=known,
            before="[是：（]|同为|都?包括|[也都](?:是|包括)",
            between="[、和]",
            others=r"另外(\d+(?:,\d{3})*)项",
            behind="这一<NAME>",
        ),
        banned=re.compile("喜欢|喜爱|最爱|精彩|好看|经典|优秀|佳作|热爱|讨厌|口碑|影评"),
        causal=re.compile("因为|所以|原因|理由|由于|因此|缘由|依据|加分|加了分"),
        presupposes=re.compile(
            f"推荐《|你会看到|向你推荐|为你推荐|的推荐理由|推荐(?={_literal(house.one)})"
        ),
        joint="",
        title_marks=("《", "》"),
        list_titles=titles_listed,
        show=counted,
    )


def _literal(noun: str) -> str:
    """A noun as a pattern; the tables have no spaces."""
    return re.escape(noun).replace(r"\ ", r"\x20")


CHINESE = chinese(FILMS["zh"], ("year", "genre"), {})
