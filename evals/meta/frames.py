"""True free sentences to plant untruths into, and the words of the untruths, by language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Cause = tuple[str, str, int]
"""Evidence id, title, rating."""


@dataclass(frozen=True)
class Frames:
    """How true and untrue things are put in one language."""

    mark: Callable[[str], str]
    join: Callable[[Sequence[str]], str]
    reasons: Sequence[Callable[[str, Sequence[Cause]], str]]
    rated: Callable[[str, int], str]
    both_rated: Callable[[str, int, str, int], str]
    so: Callable[[str, str], str]
    loved: Callable[[str], str]
    disliked: Callable[[str], str]
    against: Callable[[str, str], str]
    genre: Callable[[str, str], str]
    shares: Callable[[str, str, str], str]
    because_genre: Callable[[str, str], str]
    year: Callable[[str, int], str]
    counted: Callable[[int], str]
    users: Callable[[int, int], str]
    mainly: Callable[[str, str], str]
    negated: tuple[str, str]
    by_others: tuple[str, str]
    adjectives: Sequence[str]
    everyone: Sequence[str]
    critics: Sequence[str]
    dated: Sequence[str]
    promise: Sequence[str]
    quotes: Sequence[str]


def _en(title: str) -> str:
    return f"“{title}”"


def _en_rated(title: str, rating: int) -> str:
    return f"you rated “{title}” {rating} out of 5"


def _en_join(deeds: Sequence[str]) -> str:
    return deeds[0] if len(deeds) == 1 else f"{', '.join(deeds[:-1])} and {deeds[-1]}"


def _en_deeds(causes: Sequence[Cause]) -> str:
    return _en_join([_en_rated(title, rating) for _, title, rating in causes])


def _en_gave(causes: Sequence[Cause]) -> str:
    return _en_join([f"{rating} out of 5 to “{title}”" for _, title, rating in causes])


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


ENGLISH = Frames(
    mark=_en,
    join=_en_join,
    reasons=(
        lambda item, causes: f"“{item}” is suggested because {_en_deeds(causes)}.",
        lambda item, causes: f"{_upper(_en_deeds(causes))}, so “{item}” is suggested.",
        lambda item, causes: f"You gave {_en_gave(causes)}, which is why you see “{item}” here.",
        lambda item, causes: f"Because {_en_deeds(causes)}, “{item}” is recommended to you.",
        lambda item, causes: f"“{item}” is on your list because {_en_deeds(causes)}.",
    ),
    rated=_en_rated,
    both_rated=lambda a, x, b, y: f"you rated “{a}” {x} out of 5 and “{b}” {y} out of 5",
    so=lambda deeds, item: f"“{item}” is suggested because {deeds}.",
    loved=lambda title: f"you loved “{title}”",
    disliked=lambda title: f"you disliked “{title}”",
    against=lambda title, item: f"What counts against “{item}” is “{title}”.",
    genre=lambda item, genre: f"“{item}” is listed with the genre {genre}.",
    shares=lambda item, title, genre: f"“{item}” shares the genre {genre} with “{title}”.",
    because_genre=lambda item, genre: f"“{item}” is suggested because of its genre {genre}.",
    year=lambda item, year: f"“{item}” is listed with the release year {year}.",
    counted=lambda count: f"you rated {count} films like it 5 out of 5",
    users=lambda liked, users: f"{liked} of {users} users rated it 4 or higher.",
    mainly=lambda title, item: f"“{item}” is suggested mainly because of “{title}”.",
    negated=(r"\b(rated|gave|is|are)\b", r"never \1"),
    by_others=(r"\b[Yy]ou rated", "your friends rated"),
    adjectives=("the gripping ", "the classic ", "the beloved ", "the award-winning "),
    everyone=(", which everyone loves", ", as everyone does", " and everybody likes it"),
    critics=(", which critics praised", ", a favourite of critics", " and reviewers agree"),
    dated=(" on 3 May 1997", " last week", " in 1998", " yesterday"),
    promise=(", and you will love it", ", and you will enjoy it", ", sure to please"),
    quotes=(" (“a perfect evening”)", ", as you wrote: “I want more”", ", “the best ever”"),
)


def _zh(title: str) -> str:
    return f"《{title}》"


def _zh_rated(title: str, rating: int) -> str:
    return f"你给《{title}》打了{rating}分（满分5分）"


def _zh_join(deeds: Sequence[str]) -> str:
    return "，".join(deeds)


def _zh_deeds(causes: Sequence[Cause]) -> str:
    return _zh_join([_zh_rated(title, rating) for _, title, rating in causes])


CHINESE = Frames(
    mark=_zh,
    join=_zh_join,
    reasons=(
        lambda item, causes: f"推荐《{item}》，是因为{_zh_deeds(causes)}。",
        lambda item, causes: f"因为{_zh_deeds(causes)}，所以推荐《{item}》。",
        lambda item, causes: f"{_zh_deeds(causes)}，因此向你推荐《{item}》。",
        lambda item, causes: f"之所以看到《{item}》，是由于{_zh_deeds(causes)}。",
        lambda item, causes: f"{_zh_deeds(causes)}，这就是推荐《{item}》的理由。",
    ),
    rated=_zh_rated,
    both_rated=lambda a, x, b, y: f"你给《{a}》打了{x}分，给《{b}》打了{y}分（满分5分）",
    so=lambda deeds, item: f"推荐《{item}》，是因为{deeds}。",
    loved=lambda title: f"你最喜欢《{title}》",
    disliked=lambda title: f"你讨厌《{title}》",
    against=lambda title, item: f"对《{item}》不利的是《{title}》。",
    genre=lambda item, genre: f"《{item}》的类型是{genre}。",
    shares=lambda item, title, genre: f"《{item}》与《{title}》的类型同为{genre}。",
    because_genre=lambda item, genre: f"推荐《{item}》，是因为它的类型是{genre}。",
    year=lambda item, year: f"《{item}》的年份是{year}。",
    counted=lambda count: f"你给{count}部这样的电影打了5分（满分5分）",
    users=lambda liked, users: f"{users}位用户中有{liked}位打了4分及以上。",
    mainly=lambda title, item: f"推荐《{item}》，主要是因为《{title}》。",
    negated=("(打了|推荐|看到)", r"没有\1"),
    by_others=("你给", "你的朋友给"),
    adjectives=("精彩的", "经典的", "感人的", "获奖的"),
    everyone=("，大家都喜欢它", "，人人都爱看", "，观众都给了好评"),
    critics=("，影评人都称赞它", "，评论家也推荐", "，口碑极好"),
    dated=("，那是1997年5月3日", "，就在上周", "，那是1998年", "，就在昨天"),
    promise=("，你一定会喜欢它", "，你会爱上它", "，保证不会失望"),
    quotes=("（“完美的夜晚”）", "，你写过：“还想再看”", "，“最好的电影”"),
)

FRAMES = {"en": ENGLISH, "zh": CHINESE}
