"""Small planted workspaces of every domain: two tastes, and files as their owners have them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from recx_agent import build

USERS, ITEMS, OWN = 26, 24, 8
Row = Sequence[Any]
Events = Callable[[str, str, int, np.random.Generator], Iterator[Row]]
"""Rows of one user's ``turn``-th own item."""
FAST: dict[str, Any] = {
    "components": 8,
    "runs": 1,
    "epochs": 12,
    "learning_rate": 0.05,
    "half_life": 4.0,
}


@dataclass(frozen=True)
class Domain:
    """One kind of workspace.

    ``title`` names an item by number and taste; ``attributes`` gives its cells; ``liked`` and
    ``disliked`` give the rows of interactions.
    """

    name: str
    columns: Sequence[str]
    events: Events
    attributes: Callable[[int], dict[str, str]]
    title: Callable[[int], str]
    wording: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    map: dict[str, str] = field(default_factory=dict)
    separator: str = ","
    other: Events | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The files ``orders.csv`` and ``things.csv``, for instance."""
        random = np.random.default_rng(len(self.name))
        rows: list[Row] = []
        for user in range(USERS):
            own = random.permutation(np.arange(user % 2, ITEMS, 2))
            for turn, item in enumerate(own[:OWN]):
                rows += self.events(f"u{user}", f"i{item}", turn, random)
            if self.other is not None:
                for item in random.permutation(np.arange(1 - user % 2, ITEMS, 2))[:2]:
                    rows += self.other(f"u{user}", f"i{item}", OWN, random)
        folder.mkdir(parents=True, exist_ok=True)
        events, items = folder / f"{self.name}_events.csv", folder / f"{self.name}_items.csv"
        self._table(events, self.columns, rows)
        first = self.attributes(0)
        header = [self.map.get("item_id", "item_id"), self.map.get("title", "title"), *first]
        self._table(
            items,
            header,
            [(f"i{i}", self.title(i), *self.attributes(i).values()) for i in range(ITEMS)],
        )
        return events, items

    def _table(self, path: Path, header: Sequence[str], rows: Sequence[Row]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=self.separator)
            writer.writerow(header)
            writer.writerows(rows)

    def fitted(self, folder: Path, **overrides: Any) -> Path:
        """A workspace on these files."""
        events, items = self.write(folder / "files")
        place = folder / "workspace"
        given: dict[str, Any] = {"model": FAST, **self.more, **overrides}
        build.fit(
            place,
            interactions=events,
            items=items,
            data={"map": self.map, **self.data},
            wording=self.wording,
            **given,
        )
        build.index(place)
        return place


def _day(turn: int, random: np.random.Generator) -> str:
    return f"2024-{1 + turn:02}-{1 + int(random.integers(27)):02}T10:{turn:02}:00Z"


def _shop(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, "view", _day(turn, random), ""
    if turn % 3 == 0:
        yield user, item, "view", _day(turn, random).replace("T10", "T11"), ""
    if turn % 2:
        yield user, item, "purchase", _day(turn, random), ""
    if turn % 4 == 2:
        yield user, item, "add_to_cart", _day(turn, random), ""
    if turn == 5:
        yield user, "", "search", _day(turn, random), "a quiet drill"


def _film(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, "rating", 4.5 - 0.5 * (turn % 2), 1_700_000_000_000 + turn * 86_400_000
    if turn % 3 == 1:
        yield user, item, "watch", "", 1_700_000_100_000 + turn * 86_400_000


def _film_low(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, "rating", 1.5, 1_700_000_000_000 + turn * 86_400_000


def _news(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, ("read", "share", "comment", "bookmark")[turn % 4]


def _course(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, "enrol", "", f"2023-{1 + turn:02}-11", ""
    if turn % 2:
        yield user, item, "rating", 8 + turn % 3, f"2023-{1 + turn:02}-12", ""
    if turn % 3 == 0:
        yield user, item, "complete", "", f"2023-{1 + turn:02}-20", ""


def _course_low(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, "rating", 2, f"2023-{1 + turn:02}-12", ""


def _fund(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, 95 - 5 * (turn % 3), 1_700_000_000 + turn * 86_400


def _fund_low(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, 10, 1_700_000_000 + turn * 86_400


def _health(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, 1, f"2024-02-{1 + turn:02}"


def _health_low(user: str, item: str, turn: int, random: np.random.Generator) -> Iterator[Row]:
    yield user, item, 0, f"2024-02-{1 + turn:02}"


DOMAINS = {
    domain.name: domain
    for domain in (
        Domain(
            "shop",
            ["customer", "sku", "what", "at", "query"],
            _shop,
            lambda i: {
                "brand": ("Acme & Sons", "Black+Decker")[i % 2],
                "product_type": ("Hand tools|Home & Garden", "Power tools")[i % 2],
                "colour": ("red", "dark blue", "black", "off-white")[i % 4],
            },
            lambda i: f'{("Hammer", "Drill")[i % 2]} No. {i}, 1{i}" “Pro”',
            {
                "item": "product",
                "attribute_names": {"product_type": "kinds of product"},
                "by_language": {
                    "zh": {
                        "item": "商品",
                        "attribute_names": {
                            "brand": "品牌",
                            "product_type": "种类",
                            "colour": "颜色",
                        },
                    }
                },
            },
            map={
                "user_id": "customer",
                "item_id": "sku",
                "event_type": "what",
                "timestamp": "at",
                "text": "query",
                "title": "name",
            },
            separator=";",
        ),
        Domain(
            "film",
            ["user_id", "item_id", "event_type", "value", "timestamp"],
            _film,
            lambda i: {
                "genre": ("Crime|Drama", "Sci-Fi")[i % 2],
                "director": ("J. K. O'Brien", "Ana-Sofía Núñez")[i % 2],
                "year": str(1990 + i % 5),
            },
            lambda i: f"{('Heat', 'Alien')[i % 2]} {i}",
            {
                "item": "film",
                "domain": "film",
                "scale_unit": "stars",
                "by_language": {
                    "zh": {
                        "item": "电影",
                        "scale_unit": "星",
                        "attribute_names": {"genre": "类型", "director": "导演", "year": "年份"},
                    }
                },
            },
            data={"scale": (0.5, 5)},
            other=_film_low,
        ),
        Domain(
            "news",
            ["user_id", "item_id", "event_type"],
            _news,
            lambda i: {
                "section": ("Politics", "Sport: local & national")[i % 2],
                "author": f"Writer {i % 3}",
            },
            lambda i: f"{('Vote', 'Match')[i % 2]} report {i}?",
            {
                "item": "news article",
                "domain": "news",
                "by_language": {
                    "zh": {"item": "新闻", "attribute_names": {"section": "栏目", "author": "作者"}}
                },
            },
        ),
        Domain(
            "courses",
            ["user_id", "item_id", "event_type", "value", "timestamp", "text"],
            _course,
            lambda i: {
                "subject": ("数学|统计学", "艺术史")[i % 2],
                "level": ("入门", "进阶", "高级")[i % 3],
                "teacher": f"{'王李张'[i % 3]}老师",
            },
            lambda i: f"{('线性代数', '绘画入门')[i % 2]}（{i}）",
            {
                "language": "zh",
                "item": "课程",
                "domain": "courses",
                "attribute_names": {"subject": "科目", "level": "难度", "teacher": "教师"},
                "by_language": {"en": {"item": "course"}},
            },
            data={"scale": (1, 10)},
            other=_course_low,
        ),
        Domain(
            "finance",
            ["user_id", "item_id", "value", "timestamp"],
            _fund,
            lambda i: {
                "region": ("Emerging Asia", "Euro area")[i % 2],
                "fund_type": ("Bonds", "Equity")[i % 2],
                "credit_score": ("A", "B")[i % 2],
            },
            lambda i: (
                f"{('Payday loan fund', 'Steady fund')[i in range(1, 5, 2) or i % 2]} {i}"
                if i != 4
                else "Bankruptcy watch 4"
            ),
            {
                "item": "fund",
                "domain": "finance",
                "scale_unit": "%",
                "by_language": {
                    "zh": {
                        "item": "基金",
                        "scale_unit": "%",
                        "attribute_names": {"region": "地区", "fund_type": "基金类型"},
                    }
                },
            },
            data={"scale": (0, 100)},
            other=_fund_low,
        ),
        Domain(
            "health",
            ["user_id", "item_id", "value", "timestamp"],
            _health,
            lambda i: {
                "topic": ("Sleep", "Nutrition")[i % 2],
                "length": ("short", "long")[i % 3 == 0],
                "condition": ("insomnia", "none")[i % 2],
            },
            lambda i: f"Living with HIV, part {i}" if i in (0, 3) else f"Guide {i}",
            {
                "item": "article",
                "domain": "health",
                "scale_unit": "thumbs",
                "by_language": {
                    "zh": {
                        "item": "文章",
                        "scale_unit": "thumbs",
                        "attribute_names": {"topic": "主题", "length": "篇幅"},
                    }
                },
            },
            data={"scale": (0, 1)},
            other=_health_low,
        ),
    )
}
