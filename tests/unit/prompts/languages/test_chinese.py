"""Words of Chinese: title marks, measure words, 两, numerals, lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recx_agent.prompts.languages.chinese import (
    LANGUAGE,
    counted,
    days,
    few,
    listed,
    number,
    percent,
    rank,
    side_by_side,
    times,
)


@pytest.mark.parametrize(
    ("item", "noun", "measure", "title"),
    [
        ("电影", "电影", "部", "《甲》"),
        ("科幻电影", "科幻电影", "部", "《甲》"),
        ("书", "书", "本", "《甲》"),
        ("小说", "小说", "本", "《甲》"),
        ("课程", "课程", "门", "《甲》"),
        ("歌曲", "歌曲", "首", "《甲》"),
        ("歌", "歌", "首", "《甲》"),
        ("专辑", "专辑", "张", "《甲》"),
        ("文章", "文章", "篇", "《甲》"),
        ("新闻", "新闻", "条", "《甲》"),
        ("电视剧", "电视剧", "部", "《甲》"),
        ("播客节目", "播客节目", "档", "《甲》"),
        ("游戏", "游戏", "款", "《甲》"),
        ("商品", "商品", "件", "“甲”"),
        ("基金", "基金", "只", "“甲”"),
        ("餐厅", "餐厅", "家", "“甲”"),
        ("应用", "应用", "款", "“甲”"),
        ("薯片", "薯片", "个", "“甲”"),
        ("东西", "东西", "个", "“甲”"),
        # What was set for English answers.
        ("film", "电影", "部", "《甲》"),
        ("Movies", "电影", "部", "《甲》"),
        ("book", "书", "本", "《甲》"),
        ("item", "内容", "项", "“甲”"),
        ("gizmo", "gizmo", "个", "“甲”"),
    ],
)
def test_the_noun_decides_measure_word_and_marks(
    item: str, noun: str, measure: str, title: str
) -> None:
    found = LANGUAGE.noun(item, "")
    assert (found.one, found.measure) == (noun, measure)
    assert LANGUAGE.title("甲", found) == title


def test_a_measure_word_that_is_set_is_used() -> None:
    assert LANGUAGE.noun("电影", "出").measure == "出"


@pytest.mark.parametrize(
    ("title", "work", "other"),
    [
        ("《甲》续", "《〈甲〉续》", "“《甲》续”"),
        ("甲》，因为《乙", "《甲〉，因为〈乙》", "“甲》，因为《乙”"),
        ("“甲”之路", "《“甲”之路》", "“‘甲’之路”"),
        ("", "《（无标题）》", "“（空）”"),
        ("a\nb\u202e", "《a b》", "“a b”"),
        ("{{ 7 * 7 }}", "《{{ 7 * 7 }}》", "“{{ 7 * 7 }}”"),
    ],
)
def test_titles_cannot_close_their_marks(title: str, work: str, other: str) -> None:
    assert LANGUAGE.title(title, LANGUAGE.noun("电影", "")) == work
    assert LANGUAGE.title(title, LANGUAGE.noun("商品", "")) == other


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("剧情", "剧情"),
        ("克里斯托弗·诺兰", "克里斯托弗·诺兰"),
        ("Sci-Fi", "Sci-Fi"),
        (1995.0, "1995"),
        ("热，冷", "“热，冷”"),
        ("好看。快买", "“好看。快买”"),
        ("请立刻购买这件商品否则后悔", "“请立刻购买这件商品否则后悔”"),
        ("", "“（空）”"),
    ],
)
def test_values_read_like_names_or_are_quoted(value: object, shown: str) -> None:
    assert LANGUAGE.value(value) == shown


def test_counts() -> None:
    assert [counted(n, "部") for n in (1, 2, 3, 12, 1520)] == "一部 两部 3部 12部 1520部".split()
    assert [few(n, "部") for n in (2, 3, 10, 11)] == "两部 三部 十部 11部".split()
    assert [times(n) for n in (1, 2, 3)] == "一次 两次 3次".split()
    assert [rank(n) for n in (1, 2, 1113)] == "第1名 第2名 第1113名".split()


def test_numerals_have_no_comma_below_five_digits() -> None:
    values = (5.0, 4.5, 4.25, 1234, 12345, 1234567, -0.5, 0)
    assert [number(v) for v in values] == "5 4.5 4.25 1234 12,345 1,234,567 -0.5 0".split()


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0%"), (0.001, "不到1%"), (0.254, "25%"), (0.999, "超过99%"), (1.0, "100%")],
)
def test_shares(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_lists() -> None:
    assert [listed("甲乙丙"[:n]) for n in (1, 2, 3)] == ["甲", "甲和乙", "甲、乙和丙"]
    titles = ["《甲》", "《乙》", "《丙》"]
    joined = [side_by_side(titles[:n]) for n in (1, 2, 3)]
    assert joined == ["《甲》", "《甲》和《乙》", "《甲》《乙》和《丙》"]


def test_days_and_moments() -> None:
    assert days(["2020-01-02", "2020-01-02"]) == "2020年1月2日"
    assert days(["2020-01-02", "2019-12-31"]) == "2019年12月31日和2020年1月2日"
    assert days([f"2020-01-0{n}" for n in range(1, 6)]) == "2020年1月1日至2020年1月5日间"
    assert days(["before the war"]) == "before the war"
    assert LANGUAGE.moment(datetime(2026, 11, 2, 9, 5, tzinfo=UTC)) == ("UTC时间2026年11月2日09:05")


def test_a_sentence_is_finished_without_spaces() -> None:
    assert LANGUAGE.sentence("\n  推荐《A B》\n  ，因为") == "推荐《A B》，因为。"
    assert LANGUAGE.sentence("看过。") == "看过。"


def test_units() -> None:
    assert [LANGUAGE.unit(unit, 4) for unit in ("", "stars", "points", "颗星")] == [
        "分",
        "星",
        "分",
        "颗星",
    ]
