"""How Chinese sentences are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recx_agent.evals.scorers.grounded.known.chinese_sentences import (
    GROUP,
    NAME,
    PARTS,
    PATTERNS,
    VALUE,
    N,
)
from recx_agent.evals.scorers.grounded.known.reading import FIRST, Group, T, Tongue

COLUMNS = {"year": "年份", "genre": "类型"}
_WORDS = {"一": 1, "两": 2}


def bare(text: str) -> str | None:
    """Without the full stop; there may be no space, nor any half-width mark outside of marks."""
    plain = re.sub(r"\d,\d|UTC时间|\d\d:\d\d", "", text)
    if not text.endswith("。") or re.search(r"[ ,;:()?!]", plain):
        return None
    return text[:-1]


def number(text: str) -> int:
    """Read ``12,345``, ``1520``, ``一``, ``两``; a comma below five digits gives -1."""
    if text in _WORDS:
        return _WORDS[text]
    value = int(text.replace(",", ""))
    return value if f"{value:,}" == text or (value < 10_000 and str(value) == text) else -1


def groups(deeds: str, titles: Sequence[str]) -> list[Group]:
    """Take 给《甲》和《乙》都打了5分，给《丙》打了4分（满分5分） apart."""
    scales = {number(top) for top in re.findall(rf"满分({N})分", deeds)}
    maximum = scales.pop() if len(scales) == 1 and deeds.endswith("分）") else -1
    found = []
    for part in re.finditer("|".join(GROUP.values()), deeds):
        films = tuple(titles[ord(c) - FIRST] for c in re.findall(T, part[0]))
        (given,) = re.findall(rf"打了({N})分", part[0])
        fits = ("都" in part[0]) == (len(films) > 1)
        found.append(Group(films, number(given) if fits else -1, maximum))
    return found


def attributes(text: str) -> dict[str, tuple[str, ...]]:
    """Take 年份是1995，类型是A和B apart, or 类型（A和B）, or A这一类型."""
    values: dict[str, tuple[str, ...]] = {}
    columns = {called: column for column, called in COLUMNS.items()}
    for part in re.finditer(rf"{NAME}[^类年]*|{VALUE}这一{NAME}", text):
        (name,) = re.findall(NAME, part[0])
        told = tuple(re.findall(VALUE, part[0]))
        values[columns[name]] = told if columns[name] not in values else ("?",)
    return values


def own(text: str) -> tuple[tuple[int, int], ...]:
    """Take 打了5分（满分5分） apart, or several ratings."""
    top = re.search(rf"满分({N})分", text)
    if top is None:
        return ()
    given = re.findall(rf"(?<!满分)(?<!\d)({N})分", text.replace("两次分", ""))
    return tuple((number(rating), number(top[1])) for rating in given)


def listed(values: Sequence[str]) -> str:
    """Words as a list."""
    return f"{'、'.join(values[:-1])}和{values[-1]}" if len(values) > 1 else values[0]


def titles_listed(titles: Sequence[str]) -> str:
    """Titles in their marks as a list."""
    return f"{''.join(titles[:-1])}和{titles[-1]}" if len(titles) > 1 else titles[0]


def attribute_text(column: str, values: Sequence[str]) -> str:
    """What evidence of an attribute reads like."""
    return f"{COLUMNS[column]}：{listed(values)}"


def counted(count: int) -> str:
    """A number as it is said before a measure word."""
    return {1: "一", 2: "两"}.get(count, str(count))


def users_text(liked: int, users: int, bar: int) -> str:
    """What evidence of all users reads like."""
    fans = f"有{counted(liked)}位" if liked else "没有一位"
    return f"{users}位用户中{fans}打了{bar}分及以上"


def history_text(title: str, rating: str, day: str) -> str:
    """What evidence of a rating reads like."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"《{title}》：你于{year}年{month}月{date}日打了{rating}分（满分5分）"


def once(match: re.Match[str], rating: int) -> str:
    """A film of two entries with one rating."""
    title, scale = f"《{match['title']}》", match["scale"] or ""
    if match["open"].startswith("（"):
        return f"{title}（你打了{rating}分{scale}）"
    return f"给{title}打了{rating}分（满分5分）"


CHINESE = Tongue(
    marked=re.compile("《([^《》]+)》|“([^“”]+)”"),
    parts=PARTS,
    patterns=PATTERNS,
    bare=bare,
    number=number,
    groups=groups,
    attributes=attributes,
    own=own,
    banned=re.compile("喜欢|喜爱|最爱|精彩|好看|经典|优秀|佳作|热爱|讨厌|口碑|影评"),
    causal=re.compile("因为|所以|原因|理由|由于|因此|缘由|依据|加分|加了分"),
    presupposes=re.compile("推荐《|你会看到|向你推荐|为你推荐|的推荐理由|推荐(?=电影)"),
    joint="",
    columns=COLUMNS,
    evidence={
        "H": history_text,
        "A": attribute_text,
        "F": attribute_text,
        "B": users_text,
        "T": lambda count: f"你历史记录里的{counted(count)}部电影",
    },
    doubled=re.compile(
        r"(?:给)?《(?P<title>[^《》]*)》(?P<open>（你先后打了|打过两次分（)"
        r"(?P<first>\d)分和(?P<second>\d)分(?P<scale>，满分5分)?）"
    ),
    once=once,
    title_marks=("《", "》"),
    list_titles=titles_listed,
    show=counted,
)
