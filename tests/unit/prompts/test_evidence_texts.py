"""Evidence by itself: one clean line for each letter, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from recx_agent.errors import PromptError
from recx_agent.prompts import TemplateWriter

WORDING = {"item": "film", "attribute_names": {"year": "release year"}}
ZH = {"language": "zh", "item": "电影", "attribute_names": {"genre": "类型", "price": "价格"}}


def events(title: str, *given: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": title, "events": list(given), **fields}


def of(kind: str, rating: float | None = None, date: str | None = None) -> dict[str, Any]:
    return {"event_type": kind, "rating": rating, "date": date}


NOW = "2026-11-22T10:00:00+00:00"
RATED = {
    "title": "Fargo",
    "event_type": "rating",
    "rating": 5.0,
    "rating_max": 5,
    "date": "1997-11-03",
}


@pytest.mark.parametrize(
    ("id", "fields", "expected"),
    [
        ("H1", RATED, "“Fargo”: you rated it 5 out of 5 on 1997-11-03"),
        ("H2", events("X", of("view")), "“X”: you viewed it"),
        (
            "H3",
            events("X", of("watch", None, "2020-01-01"), of("rating", 4, "2020-01-02")),
            "“X”: you watched it on 2020-01-01 and rated it 4 on 2020-01-02",
        ),
        (
            "H4",
            events("X", of("rating", 4, "2020-01-01"), of("rating", 5, "2021-01-01"), rating_max=5),
            "“X”: you rated it 4 out of 5 on 2020-01-01 and 5 out of 5 on 2021-01-01",
        ),
        (
            "H5",
            events("X", *[of("view", None, f"2020-01-0{day}") for day in (2, 1)]),
            "“X”: you viewed it twice on 2020-01-01 and 2020-01-02",
        ),
        (
            "H6",
            events("X", *[of("view", None, f"2020-01-0{day}") for day in (4, 2, 1, 3)]),
            "“X”: you viewed it four times between 2020-01-01 and 2020-01-04",
        ),
        (
            "H7",
            events("X", of("zap", None, "2020-01-01")),
            "“X”: you have it in your history (zap) on 2020-01-01",
        ),
        ("A1", {"name": "genre", "value": "Drama"}, "genre: Drama"),
        ("A2", {"name": "year", "value": 1997.0}, "release year: 1997"),
        ("F1", {"name": "genre", "values": ["Crime", "Drama"]}, "genres: Crime and Drama"),
        (
            "F2",
            {"name": "genre", "values": list("ABCDEFG")},
            "genres: A, B, C, D, E, F, and G",
        ),
        (
            "F3",
            {"name": "genre", "values": list("ABCDEFGH")},
            "genres: A, B, C, D, E, and 3 others",
        ),
        (
            "F4",
            {"name": "price", "values": ["12.99"], "as_of": NOW},
            "price: 12.99 (as of 22 November 2026, 10:00 UTC)",
        ),
        (
            "B1",
            {"liked_by": 1298, "users": 6040, "liked_from": 4.0},
            "1,298 of 6,040 users rated it 4 or higher",
        ),
        ("B2", {"liked_by": 9, "users": 9, "liked_event": "buy"}, "all 9 users bought it"),
        ("B3", {"liked_by": 1, "users": 1, "liked_event": "buy"}, "the only user bought it"),
        ("T1", {"count": 1450, "share": 0.5}, "1,450 films in your history"),
        ("T2", {"count": 1, "share": 0.5}, "1 film in your history"),
        ("C1", {"name": "time_of_day", "value": "night"}, "now: it is night"),
        ("C2", {"name": "weekday", "value": "Friday"}, "now: it is Friday"),
        ("C3", {"name": "place", "value": "home"}, "now: the place is home"),
        ("C4", {"name": "weekday", "value": "payday"}, "now: the weekday is payday"),
        ("O1", {"share": 0.2}, "other films in your history"),
        (
            "R1",
            {"name": "Acme", "rank": 2, "candidates": 1520},
            "chosen by Acme; our own model ranks it 2nd of the 1,520 films that could be "
            "suggested to you",
        ),
        ("R2", {"name": "Acme", "rank": None, "candidates": 1520}, "chosen by Acme"),
        (
            "S1",
            {"text": "Cold.", "event_type": "review", "title": "Fargo", "date": "2020-01-01"},
            "you wrote of “Fargo”: “Cold” (on 2020-01-01)",
        ),
        ("S2", {"text": "noir", "event_type": "search", "title": ""}, "you searched for “noir”"),
    ],
)
def test_english(writer: TemplateWriter, id: str, fields: dict[str, Any], expected: str) -> None:
    assert writer.evidence_text(id, fields, WORDING) == expected


@pytest.mark.parametrize(
    ("id", "fields", "expected"),
    [
        ("H1", RATED, "《Fargo》：你于1997年11月3日打了5分（满分5分）"),
        ("H2", events("X", of("view")), "《X》：你浏览过它"),
        (
            "H3",
            events("X", of("watch", None, "2020-01-01"), of("rating", 4, "2020-01-02")),
            "《X》：你于2020年1月1日看过它，并于2020年1月2日打了4分",
        ),
        (
            "H4",
            events("X", *[of("view", None, f"2020-01-0{day}") for day in (4, 2, 1, 3)]),
            "《X》：你于2020年1月1日至2020年1月4日间浏览过它4次",
        ),
        ("H5", events("X", of("zap")), "《X》：你的历史记录里有它（zap）"),
        ("A1", {"name": "genre", "value": "Drama"}, "类型：Drama"),
        ("F1", {"name": "genre", "values": ["犯罪", "剧情", "惊悚"]}, "类型：犯罪、剧情和惊悚"),
        (
            "F2",
            {"name": "genre", "values": list("ABCDEFGH")},
            "类型：A、B、C、D、E和另外3项",
        ),
        (
            "F3",
            {"name": "price", "values": ["12.99"], "as_of": "2026-11-22T18:00:00+08:00"},
            "价格：12.99（截至UTC+08:00时间2026年11月22日18:00）",
        ),
        (
            "B1",
            {"liked_by": 1298, "users": 6040, "liked_from": 4.0},
            "6040位用户中有1298位打了4分及以上",
        ),
        ("B2", {"liked_by": 0, "users": 2, "liked_event": "buy"}, "两位用户中没有一位买过它"),
        ("B3", {"liked_by": 9, "users": 9}, "全部9位用户的历史记录里有它"),
        ("T1", {"count": 2, "share": 0.5}, "你历史记录里的两部电影"),
        ("C1", {"name": "time_of_day", "value": "night"}, "现在是夜间"),
        ("C2", {"name": "weekday", "value": "Sunday"}, "现在是星期日"),
        ("O1", {"share": 0.2}, "你历史记录里的其他电影"),
        (
            "R1",
            {"name": "Acme", "rank": 2, "candidates": 1520},
            "由Acme选出；我们自己的模型把它排在可以推荐给你的1520部电影中的第2名",
        ),
        (
            "S1",
            {"text": "冷。", "event_type": "review", "title": "Fargo", "date": "2020-01-01"},
            "你于2020年1月1日这样写过《Fargo》：“冷”",
        ),
        ("S2", {"text": "noir", "event_type": "search", "title": ""}, "你搜索过：“noir”"),
    ],
)
def test_chinese(writer: TemplateWriter, id: str, fields: dict[str, Any], expected: str) -> None:
    assert writer.evidence_text(id, fields, ZH) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_evidence_without_a_text_is_a_typed_error(writer: TemplateWriter, language: str) -> None:
    wording = {"language": language}
    with pytest.raises(PromptError, match="'X1' is of no sort"):
        writer.evidence_text("X1", {}, wording)
    with pytest.raises(PromptError, match="'H1' lacks the field 'title'"):
        writer.evidence_text("H1", {}, wording)
    with pytest.raises(PromptError, match="of evidence 'F1' is '22 November', no date and"):
        writer.evidence_text("F1", {"name": "a", "values": ["b"], "as_of": "22 November"}, wording)
