"""Reads sentences of comparisons, what-ifs and profiles back, knowing nothing of how they are made.

Titles become single letters; what is left of a sentence has to match a known one from end to end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

T = "[\ue000-\uefff]"
_MARKED = {"en": re.compile("“([^”]*)”"), "zh": re.compile("《([^》]*)》")}
_NUMBER = {"en": r"([\d,]+)(?:st|nd|rd|th)", "zh": r"第([\d,]+)名"}
_DEEDS = {
    "en": rf"((?:rated |{T}|, and |, | and |\d out of 5| twice \("
    r"| \(you rated (?:it|both|all three) |\)| )+)",
    "zh": rf"((?:给|{T}|以及|和|、|都|先后|打了|\d分|（满分5分）|，满分5分|，|（你|）)+)",
}
_ATTRIBUTES = {"en": r"(the [^;:]+?)", "zh": r"([^，。：]+?)"}
_RATING = {"en": re.compile(r"(\d) out of 5"), "zh": re.compile(r"(?<!满分)(\d)分")}
_GENRE = {"en": {"genre": "genre", "release year": "year"}, "zh": {"类型": "genre", "年份": "year"}}

_PATTERNS = {
    "en": {
        "ahead": [
            "H ranks above L for you: N against N",
            "for you, H comes before L: the one ranks N, the other N",
            "of the two, H is ahead for you: it ranks N, and L N",
        ],
        "higher": [
            "H scores higher than L for you; K is no candidate, for you know it already",
            "for you, H scores higher than L; K is no candidate, for you know it already",
        ],
        "because": [
            "that is because you D: E adds more to the score of H than to that of L",
            "that is because of A: E adds more to the score of H than to that of L",
            "D (?:adds|each add) more to H than to L, which puts H ahead",
            "A (?:adds|each add) more to H than to L, which puts H ahead",
            "what puts H ahead: you D, and E adds more to it than to L",
            "what puts H ahead is A; E adds more to it than to L",
        ],
        "other": [
            "on the other hand, D adds more to L than to H",
            "in favour of L: you D, which adds more to it than to H",
            "D, by contrast, adds more to L than to H",
        ],
        "everyone": [
            "how the two do with everyone favours L",
            "how they do with everyone speaks for L rather than H",
            "how they do with everyone counts more for L than for H",
        ],
        "none": [
            "none of the C films in your history makes much of a difference between them by itself",
            "no single film of the C in your history makes much of a difference between them",
        ],
        "replaced": [
            "P, C of your top 10 films would (?:be others?|be another|change|give way to .*)"
        ],
        "same": ["P, your top 10 would (?:stay as it is|stay the same|not change)"],
        "reordered": [
            "P, the same films would be in your top 10, (?:in another|but not in the same) order"
        ],
        "leaves": [
            "H would leave your top 10: it would rank N instead of N",
            "(?:then )?H would drop out of your top 10, from M to M",
            "H would fall from M to M, out of your top 10",
        ],
        "enters": [
            "H would come in: it would rank N instead of N",
            "(?:then )?H would enter your top 10, from M to M",
            "H would rise from M to M, into your top 10",
        ],
        "moves": [
            "H would R from M to M",
            "(?:then )?H would rank N instead of N",
            "H would move R to N, from N",
        ],
        "counts": [
            "C films in your history count",
            "your suggestions rest on C films in your history",
            "of your history, C films count",
        ],
        "leans": [
            "your history leans to A",
            "what adds to a film for you: A",
            "with your history, A speaks? for a film",
        ],
        "away": [
            "your history leans away from A",
            "what takes away from a film for you: A",
            "with your history, A speaks? against a film",
        ],
        "weighs": ["what weighs most now: you D", "D weighs? most now"],
    },
    "zh": {
        "ahead": [
            "对你来说，H排在L前面：N对N",
            "H排N，L排N，前者在先",
            "两者之中H在前：它排N，L排N",
        ],
        "higher": [
            "H的推荐分比L高；K你已经知道，不在候选之列",
            "对你来说，H的推荐分比L高；K你已经知道，不在候选之列",
        ],
        "because": [
            "这是因为你D：E给H加的分比给L多",
            "这是因为A：E给H加的分比给L多",
            "D(?:各自都)?给H加的分比给L多，所以H在前",
            "A(?:各自都)?给H加的分比给L多，所以H在前",
            "让H在前的是：你D，E给它加的分比给L多",
            "让H在前的是A，E给它加的分比给L多",
        ],
        "other": [
            "另一方面，D给L加的分比给H多",
            "对L有利的是：你D，这给它加的分比给H多",
            "D则给L加的分比给H多",
        ],
        "everyone": [
            "就两者在全体用户中的表现来说，L更有利",
            "两者在全体用户中的表现对L比对H更有利",
            "另外，两者在全体用户中的表现更有利于L",
        ],
        "none": [
            "你历史记录里的C部电影，没有哪一部单独造成多少差别",
            "两者的差别并不在于你历史记录里C部电影中的哪一部",
        ],
        "replaced": ["P，你的前10名(?:中的C部|全部)会(?:换成别的|让位给别的)"],
        "same": ["P，你的前10名(?:会保持原样|不会改变|会和现在一样)"],
        "reordered": ["P，你的前10名里还是同样的电影，(?:只是顺序不同|但次序会变)"],
        "leaves": [
            "H会离开你的前10名：排在N，而不是N",
            "(?:那么，)?H会从M降到M，离开你的前10名",
            "H会掉出你的前10名，从M降到M",
        ],
        "enters": [
            "H会进入你的前10名：排在N，而不是N",
            "(?:那么，)?H会从M升到M，进入你的前10名",
            "进入你的前10名的会有H，从M升到M",
        ],
        "moves": ["H会从M R M", "(?:那么，)?H会排在N，而不是N"],
        "counts": [
            "你的历史记录里有C部电影计入推荐",
            "给你的推荐建立在你历史记录里的C部电影之上",
            "计入推荐的是你历史记录里的C部电影",
        ],
        "leans": [
            "你的历史记录偏向A",
            "对你来说，能给一部电影加分的有A",
            "从你的历史记录看，A会给一部电影加分",
        ],
        "away": [
            "你的历史记录偏离A",
            "对你来说，会给一部电影减分的有A",
            "从你的历史记录看，A会给一部电影减分",
        ],
        "weighs": ["现在分量最重的是：你D", "现在分量最重的是D"],
    },
}
_WAYS = {"en": {"rise": 1, "fall": -1, "up": 1, "down": -1}, "zh": {"升到": 1, "降到": -1}}
_EACH = {"en": "(?:this|each of these)", "zh": "(?:这|其中每一项都)"}
_PREMISE = {"en": f"without ({T}) in your history", "zh": f"假如历史记录里没有({T})"}
_COUNT = r"(\d+|one|一|两)"
_WORDS = {"one": 1, "一": 1, "两": 2}


def _compiled(language: str, pattern: str) -> tuple[re.Pattern[str], str]:
    """A pattern, and the letter of each of its groups in order."""
    own = {
        **{"H": f"({T})", "L": f"({T})", "K": f"({T})", "P": _PREMISE[language], "C": _COUNT},
        **{"N": _NUMBER[language], "M": _NUMBER[language], "D": _DEEDS[language]},
        **{"A": _ATTRIBUTES[language], "E": _EACH[language]},
        "R": f"({'|'.join(_WAYS[language])})",
    }
    letters = re.findall(r"(?<![A-Za-z])[HLKPCNMDAR](?![A-Za-z])", pattern)
    text = re.sub(r"(?<![A-Za-z])[HLKPCNMDAER](?![A-Za-z])", lambda m: own[m[0]], pattern)
    if language == "zh":  # blanks only keep the letters of its patterns apart
        text = text.replace(" ", "")
    return re.compile(text), "".join(letters)


_KNOWN = {
    language: [
        (kind, *_compiled(language, text)) for kind, texts in table.items() for text in texts
    ]
    for language, table in _PATTERNS.items()
}


@dataclass
class Sentence:
    """One sentence read back: its kind, and what stands in each place."""

    kind: str
    titles: dict[str, list[str]]
    ranks: list[int]
    turned: bool
    deeds: list[tuple[str, int]]
    bare: list[str]
    attributes: list[tuple[str, str]]
    count: int | None
    way: int


def read(text: str, language: str) -> list[Sentence]:
    """Every way to read a sentence; none if it is not known."""
    names: list[str] = []

    def masked(match: re.Match[str]) -> str:
        names.append(match[1])
        return chr(0xE000 + len(names) - 1)

    plain = _MARKED[language].sub(masked, text).rstrip(".。")
    found = []
    for kind, pattern, letters in _KNOWN[language]:
        match = pattern.fullmatch(plain) or pattern.fullmatch(plain[:1].lower() + plain[1:])
        if match:
            found.append(_sentence(kind, letters, match.groups(), names, language))
    return found


def _sentence(
    kind: str, letters: str, groups: tuple[str | None, ...], names: list[str], language: str
) -> Sentence:
    titles: dict[str, list[str]] = {}
    one = Sentence(kind, titles, [], False, [], [], [], None, 0)
    for letter, value in zip(letters, groups, strict=True):
        if value is None:
            continue
        if letter in "HLKP":
            titles.setdefault(letter, []).append(names[ord(value) - 0xE000])
        elif letter in "NM":
            one.ranks.append(int(value.replace(",", "")))
            one.turned = one.turned or letter == "N"
        elif letter == "C":
            one.count = _WORDS[value] if value in _WORDS else int(value)
        elif letter == "R":
            one.way = _WAYS[language][value]
        elif letter == "A":
            one.attributes = list(_attributes(value, language))
        else:
            one.deeds, one.bare = _deeds(value, names, language)
    return one


def _deeds(text: str, names: list[str], language: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Titles with the rating told of each, and those without any."""
    told: list[tuple[str, int]] = []
    waiting: list[str] = []
    rated: list[str] = []
    for match in re.finditer(rf"({T})|{_RATING[language].pattern}", text):
        if match[1]:
            waiting.append(names[ord(match[1]) - 0xE000])
        else:  # a second rating is of the same films
            rated, waiting = waiting or rated, []
            told += [(title, int(match[2])) for title in rated]
    return told, waiting


def _attributes(text: str, language: str) -> Iterator[tuple[str, str]]:
    if language == "en":
        for part in re.split(r"(?:,? and |, )?the (?=genres? |release years? )", text):
            if part:
                match = re.match(r"(genre|release year)s? (.*)", part)
                for value in re.split(r",? and |, ", match[2].rstrip(", ")) if match else ():
                    yield _GENRE["en"][match[1]] if match else "", value
    else:
        for name, values in re.findall(r"(类型|年份)（([^）]*)）", text):
            for value in re.split("和|、", values):
                yield _GENRE["zh"][name], value
