"""What was done is told as it was, in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recx_agent.protocols import Claim

Written = Callable[..., list[str]]
Event = dict[str, Any]


def events(title: str, *given: Event, **fields: Any) -> dict[str, Any]:
    return {"title": title, "events": list(given), **fields}


def of(kind: str, rating: float | None = None) -> Event:
    return {"event_type": kind, "rating": rating}


def told(
    written: Written, *fields: dict[str, Any], style: str = "item_first", **wording: str
) -> str:
    """What follows 是因为你 when these are the causes."""
    given = {f"H{number}": each for number, each in enumerate(fields, start=1)}
    text = written(
        style,
        Claim("because_history", tuple(given)),
        fields=given,
        language="zh",
        wording={"item": "电影", **wording},
    )[0]
    return text.removeprefix("推荐《Jackie Brown》，是因为你").removesuffix("。")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("view", "浏览过《甲》"),
        ("watch", "看过《甲》"),
        ("purchase", "买过《甲》"),
        ("listen", "听过《甲》"),
        ("favourite", "收藏了《甲》"),
        ("enrol", "报名了《甲》"),
        ("Page View", "浏览过《甲》"),
        ("add-to-cart", "把《甲》加入了购物车"),
        ("wishlist", "把《甲》加入了心愿单"),
        ("like", "把《甲》标记为喜欢"),
        ("dislike", "把《甲》标记为不喜欢"),
        ("interaction", "的历史记录里有《甲》"),
        ("teleport", "的历史记录里有《甲》（teleport）"),
        ("{{ 7 * 7 }}", "的历史记录里有《甲》（“{{ 7 * 7 }}”）"),
    ],
)
def test_event_types_have_their_verbs(written: Written, kind: str, expected: str) -> None:
    assert told(written, events("甲", of(kind))) == expected


@pytest.mark.parametrize(
    ("item", "kind", "expected"),
    [
        ("游戏", "play", "玩过《甲》"),
        ("歌曲", "play", "播放过《甲》"),
        ("书", "finish", "读完了《甲》"),
        ("电影", "finish", "看完了《甲》"),
        ("课程", "complete", "学完了《甲》"),
        ("课程", "start", "开始学了《甲》"),
        ("商品", "complete", "完成了“甲”"),
    ],
)
def test_verbs_fit_the_noun(written: Written, item: str, kind: str, expected: str) -> None:
    text = written(
        "own_history",
        Claim("because_history", ("H1",)),
        fields={"H1": events("甲", of(kind))},
        language="zh",
        wording={"item": item},
    )[0]
    assert text.endswith(f"：你{expected}。")


@pytest.mark.parametrize(
    ("fields", "unit", "expected"),
    [
        ({"rating": 5.0, "rating_max": 5.0}, "", "给《甲》打了5分（满分5分）"),
        ({"rating": 4.5, "rating_max": 5}, "星", "给《甲》打了4.5星（满分5星）"),
        ({"rating": 4.5, "rating_max": 5}, "stars", "给《甲》打了4.5星（满分5星）"),
        ({"rating": 8, "rating_min": 1, "rating_max": 10}, "", "给《甲》打了8分（满分10分）"),
        ({"rating": 0.8, "rating_min": 0, "rating_max": 1}, "", "给《甲》打了0.8分（满分1分）"),
        ({"rating": 80, "rating_max": 100}, "%", "给《甲》打了80分（百分制）"),
        (
            {"rating": -3, "rating_min": -10, "rating_max": 10},
            "",
            "给《甲》打了-3分（评分范围从-10到10）",
        ),
        ({"rating": 4, "rating_max": None}, "", "给《甲》打了4分"),
        ({"rating": None}, "", "评过《甲》"),
        ({"rating": 1, "rating_max": 1}, "thumbs", "给《甲》点了赞"),
        ({"rating": 0, "rating_max": 1}, "赞", "给《甲》点了踩"),
    ],
)
def test_a_rating_is_told_on_its_scale(
    written: Written, fields: dict[str, Any], unit: str, expected: str
) -> None:
    given = {"title": "甲", "event_type": "rating", **fields}
    assert told(written, given, scale_unit=unit) == expected


def test_several_events_with_one_item_are_listed_once(written: Written) -> None:
    both = events("甲", of("view"), of("purchase"))
    assert told(written, both) == "浏览过并买过《甲》"
    three = events("甲", of("view"), of("save"), of("buy"), of("rating", 4), rating_max=5)
    assert told(written, three) == "浏览过、收藏了并买过《甲》并给它打了4分（满分5分）"
    watched = events("甲", of("rating", 5), of("watch"), rating_max=5)
    assert told(written, watched) == "看过《甲》并给它打了5分（满分5分）"
    basket = events("甲", of("view"), of("add_to_cart"), of("buy"))
    assert told(written, basket) == "浏览过《甲》，把它加入了购物车并买过它"
    unknown = events("甲", of("zap"), of("view"), of("zip"))
    assert told(written, unknown) == "浏览过《甲》，历史记录里还有关于它的其他事件（zap和zip）"


def test_repeated_events_are_counted(written: Written) -> None:
    assert told(written, events("甲", *[of("view")] * 2)) == "浏览过《甲》两次"
    assert told(written, events("甲", *[of("view")] * 12)) == "浏览过《甲》12次"
    twice = [events(title, *[of("view")] * 2) for title in "甲乙"]
    assert told(written, *twice) == "浏览过《甲》和《乙》各两次"


def test_differing_ratings_of_one_item_are_all_told(written: Written) -> None:
    changed = events("甲", of("rating", 5), of("rating", 4), rating_max=5)
    assert told(written, changed) == "给《甲》打过两次分（5分和4分，满分5分）"


def test_the_scale_is_told_once_where_it_is_one(written: Written) -> None:
    five, four = (events(t, of("rating", n), rating_max=5) for t, n in (("甲", 5), ("乙", 4)))
    ten = events("丙", of("rating", 8), rating_max=10)
    assert told(written, five, four) == "给《甲》打了5分，给《乙》打了4分（满分5分）"
    assert told(written, five, ten) == "给《甲》打了5分（满分5分），给《丙》打了8分（满分10分）"


def test_items_are_grouped_by_what_was_done(written: Written) -> None:
    x, y, z = (events(title, of("watch")) for title in "甲乙丙")
    five = events("丁", of("rating", 5), rating_max=5)
    zap, zip = events("戊", of("zap")), events("己", of("zip"))
    assert told(written, x, y, z) == "看过《甲》《乙》和《丙》"
    assert told(written, five, x) == "给《丁》打了5分（满分5分），还看过《甲》"
    assert told(written, zap, x) == "的历史记录里有《戊》（zap），还看过《甲》"
    assert told(written, x, zap, zip) == "看过《甲》，历史记录里还有《戊》（zap）和《己》（zip）"
    both = [events(t, of("watch"), of("rating", 5), rating_max=5) for t in "庚辛"]
    assert told(written, *both) == "看过《庚》和《辛》并给它们都打了5分（满分5分）"


def test_in_brackets_it_is_told_who_did_it(written: Written) -> None:
    given = [
        events("甲", of("watch"), of("rating", 5), rating_max=5),
        events("乙", of("add_to_cart")),
        events("丙", of("zap")),
    ]
    assert told(written, *given, style="because_of") == (
        "由于《甲》（你看过，还打了5分，满分5分）、《乙》（你加入了购物车）和"
        "《丙》（你的历史记录里有：zap），向你推荐电影《Jackie Brown》"
    )
