"""Untruths to plant into true Chinese sentences; see raw_lies_any."""

from __future__ import annotations

from tests.e2e.raw_lies_any import ANY, GENRES
from tests.e2e.raw_scene import Lies, Scene, enter

LIES: Lies = dict(ANY)
lie = enter(LIES)


@lie
def rating_one_point_off(s: Scene) -> str | None:
    if not s.told.deeds:
        return None
    group = s.told.deeds[0]
    wrong = group.rating - 1 if group.rating == 5 else group.rating + 1
    if any(wrong in s.raw.rated(s.shown.user, title).values() for title in group.titles):
        return None
    return s.plain(f"打了{group.rating}分", f"打了{wrong}分")


@lie
def scale_of_ten(s: Scene) -> str | None:
    return s.plain("满分5分", "满分10分")


@lie
def no_scale(s: Scene) -> str | None:
    return s.plain("（满分5分）", "")


@lie
def both_of_one_film(s: Scene) -> str | None:
    return s.plain("(?<!都)打了", "都打了") if s.told.deeds and "都" not in s.text else None


@lie
def rated_becomes_loved(s: Scene) -> str | None:
    return s.plain(r"打了\d分", "很喜欢") if s.told.deeds else None


@lie
def ranks_the_other_way_round(s: Scene) -> str | None:
    return s.plain(r"第(\d+)名，而不是第(\d+)名", r"第\2名，而不是第\1名")


@lie
def rank_without_one_off(s: Scene) -> str | None:
    if "without" not in s.told.numbers:
        return None
    wrong = s.told.numbers["without"] + s.random.choice((-1, 1))
    return s.plain(r"第\d+名，而", f"第{wrong}名，而")


@lie
def rank_one_off(s: Scene) -> str | None:
    if "rank" not in s.told.numbers:
        return None
    return s.plain(r"不是第\d+名", f"不是第{s.told.numbers['rank'] + 1}名")


@lie
def another_length_of_the_list(s: Scene) -> str | None:
    return s.plain(r"前\d+名", f"前{s.random.choice((5, 9, 11, 20))}名")


@lie
def rank_outside_the_list_one_off(s: Scene) -> str | None:
    if not s.is_kind("outside", "chosen_elsewhere") or "rank" not in s.told.numbers:
        return None
    right, wrong = s.told.numbers["rank"], s.told.numbers["rank"] + s.random.choice((-1, 1))
    return s.plain(f"第{right}名", f"第{wrong}名")


@lie
def a_genre_left_out(s: Scene) -> str | None:
    genres = s.told.attributes.get("genre", ())
    return s.plain(f"{genres[0]}、", "") if s.is_kind("fact") and len(genres) > 2 else None


@lie
def a_genre_too_many(s: Scene) -> str | None:
    if not s.is_kind("fact") or len(s.told.attributes.get("genre", ())) < 2:
        return None
    wrong = [g for g in GENRES if g not in s.raw.films[s.shown.id].genres]
    return s.plain("类型是", f"类型是{s.random.choice(wrong)}、")


@lie
def one_of_several_though_it_is_the_only_one(s: Scene) -> str | None:
    return s.plain("同为|都?是(?=[A-Z0-9])", "都包括") if s.is_kind("in_common") else None


@lie
def another_threshold(s: Scene) -> str | None:
    return s.plain("打了4分及以上", f"打了{s.random.choice((3, 5))}分及以上")


@lie
def another_number_below(s: Scene) -> str | None:
    return s.plain(r"等(\d)部电影也", r"等1\1部电影也")


@lie
def told_before_though_it_was_not(s: Scene) -> tuple[str, list[str]] | None:
    new = [title for group in s.told.deeds for title in group.titles]
    cited = [id for id in (s.cited_film(title) for title in new) if id]
    if not s.is_kind("because_history") or s.told.again:
        return None
    return f"推荐{s.item}，是因为前面提到的{s.marked(new)}。", cited


@lie
def what_counts_against_it_as_its_reason(s: Scene) -> str | None:
    if not s.is_kind("against"):
        return None
    ((title,), rating) = s.told.deeds[0].titles, s.told.deeds[0].rating
    return f"推荐{s.item}，是因为你给《{title}》打了{rating}分（满分5分）。"


@lie
def a_reason_as_what_counts_against_it(s: Scene) -> tuple[str, list[str]] | None:
    if not s.is_kind("because_history", "speaks_for") or not s.told.deeds:
        return None
    title, id = s.told.deeds[0].titles[0], s.cited_film(s.told.deeds[0].titles[0])
    rated = f"你打了{s.told.deeds[0].rating}分，满分5分"
    return (f"对{s.item}不利的是《{title}》（{rated}）。", [id]) if id else None


@lie
def a_catalogue_fact_as_the_reason(s: Scene) -> str | None:
    if not s.is_kind("fact") or "genre" not in s.told.attributes:
        return None
    return f"推荐{s.item}，是因为它的类型是{s.told.attributes['genre'][0]}。"


@lie
def hidden_films_as_the_reason(s: Scene) -> str | None:
    return f"推荐{s.item}，是因为你历史记录里的一些电影。" if s.is_kind("because_history") else None


@lie
def an_evening_as_the_reason(s: Scene) -> str | None:
    return f"现在是晚上，这为{s.item}加了分。" if s.is_kind("everyone") else None


@lie
def chosen_by_somebody_else(s: Scene) -> str | None:
    if s.is_kind("chosen_elsewhere"):
        return s.plain("Acme", "Apex")
    if s.position:
        return None
    return f"Acme为什么选{s.item}，这里无从得知；下面只说我们自己的模型得出的结论。"


@lie
def better_becomes_worse(s: Scene) -> str | None:
    if not s.is_kind("everyone", "everyone_against"):
        return None
    swaps = {"要好": "要差", "要差": "要好", "更低": "更高", "更高": "更低"}
    return next((c for old, new in swaps.items() if (c := s.plain(old, new))), None)


@lie
def more_than_any_of_these(s: Scene) -> str | None:
    if not s.is_kind("everyone") or "any" in s.told.words or len(s.shown.causes) < 2:
        return None
    if s.shown.terms["*"] > max(s.check.value(s.shown, cause) for cause in s.shown.causes):
        return None
    return s.plain("也?为它加了分", "为它加的分比上面任何一项都多")


@lie
def another_reason_counted_most(s: Scene) -> tuple[str, list[str]] | None:
    others = [cause for cause in s.shown.causes if cause != s.told.cause]
    if not s.is_kind("weighed_most") or not s.told.cause:
        return None
    other = s.random.choice(others)
    return f"其中作用最大的是《{other}》。", [s.cited_film(other) or ""]


@lie
def another_number_of_reasons(s: Scene) -> str | None:
    if not s.is_kind("weighed_most"):
        return None
    swaps = {"三者之中": "两者之中", "两者之中": "三者之中", "其他任何一项": "另一项"}
    swaps["另一项"] = "其他任何一项"
    for old, new in swaps.items():
        if changed := s.plain(old, new):
            right, wrong = ("最", "更") if "两" in new else ("更", "最")
            return changed.replace(f"加分{right}多", f"加分{wrong}多")
    return None


@lie
def an_adjective(s: Scene) -> str:
    return s.text.replace("《", "经典的《", 1) if "《" in s.text else f"经典：{s.text}"


@lie
def an_added_clause(s: Scene) -> str:
    clauses = ("，影评人赞不绝口。", "，你一定会喜欢。", "，因为它很精彩。", "，看过两次。")
    return s.text.removesuffix("。") + s.random.choice(clauses)


@lie
def an_added_sentence(s: Scene) -> str:
    return f"{s.text}{s.item}获得过四项奥斯卡奖。"


@lie
def english_in_between(s: Scene) -> str:
    return s.text.removesuffix("。") + ", really。"


@lie
def a_space(s: Scene) -> str | None:
    return s.plain("([，：；（])", r"\1 ")


@lie
def a_negation(s: Scene) -> str | None:
    return s.plain(
        "(是|为|打了|推荐|依据|加分|加了|有|在|就|追溯|进不了|会|对|排|被|作用|分量|信息|与|写着|介绍)",
        r"不\1",
    )
