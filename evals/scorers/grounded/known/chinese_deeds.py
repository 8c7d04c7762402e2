"""Reads what Chinese sentences tell that a user did: 买过《甲》两次并给它打了4分（满分5分）."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from recx_agent.evals.scorers.grounded.known.deeds import RATINGS, Done
from recx_agent.evals.scorers.grounded.known.reading import T
from recx_agent.evals.scorers.grounded.known.reading_deeds import ReadDeeds, Reading
from recx_agent.evals.scorers.house import House

_VERBS = {
    "参加过": "attend attended attendance",
    "预订过": "book booked booking",
    "借过": "borrow borrowed loan",
    "买过": "buy bought purchase purchased transaction",
    "评论过": "comment commented",
    "完成了": "complete completed completion finish finished",
    "看完了": "complete completed completion finish finished",
    "读完了": "complete completed completion finish finished",
    "学完了": "complete completed completion finish finished",
    "通关了": "complete completed completion finish finished",
    "记下了": "note noted",
    "下载过": "download downloaded",
    "报名了": "enrol enroll enrolled enrolment enrollment",
    "关注了": "follow followed",
    "安装过": "install installed",
    "听过": "listen listened listening",
    "点开过": "click clicked open opened",
    "订购过": "order ordered",
    "播放过": "play played",
    "玩过": "play played",
    "评过": "rating rate rated score",
    "读过": "read",
    "租过": "rent rented rental",
    "点评过": "review reviewed",
    "收藏了": "save saved favourite favorite bookmark bookmarked",
    "搜索过": "search searched query",
    "分享过": "share shared",
    "打开过": "start started",
    "开始看了": "start started",
    "开始读了": "start started",
    "开始学了": "start started",
    "开始玩了": "start started",
    "在线播放过": "stream streamed",
    "订阅了": "subscribe subscribed subscription",
    "浏览过": "view viewed page_view pageview detail_view",
    "访问过": "visit visited",
    "看过": "watch watched",
}
_PUT = {
    "加入了购物车": "cart add_to_cart addtocart basket add_to_basket",
    "加入了心愿单": "wishlist wish_list add_to_wishlist",
    "标记为喜欢": "like liked",
    "标记为不喜欢": "dislike disliked",
}
_GAVE = {"点了赞": "up", "点了踩": "down"}
_SCORED = dict.fromkeys(("打了", "先后打了", "打过"), " ".join(RATINGS))
_HAVE = dict.fromkeys(
    ("的历史记录里有", "历史记录里还有", "的历史记录里都有", "历史记录里还都有"), ""
)
_UNITS = {"": "分", "point": "分", "points": "分", "star": "星", "stars": "星"}

NUMBER = r"-?\d+(?:,\d{3})*(?:\.\d+)?"
L = rf"(?:{T}(?:{T}*和{T})?)"
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_DAYS = rf"(?:于{_DAY}(?:(?:、{_DAY})*和{_DAY}|至{_DAY}间)?)?"
_TIMES = r"(?:一|两|\d+(?:,\d{3})*)次"


def _any_of(words: Sequence[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_VERB, _SET, _THUMB = (_any_of([*table]) for table in (_VERBS, _PUT, _GAVE))


class ChineseDeeds(ReadDeeds):
    """The deeds of one workspace; see :class:`~.english_deeds.EnglishDeeds`.

    Parameters
    ----------
    house : House

    Attributes
    ----------
    bar : str
        Pattern of a rating without its scale.
    rated, of_it, known, by_all, bracketed, dated : str
        Patterns of what was done: after 你; to 它; the same of several items; by other users; in
        brackets behind titles; with its days.
    """

    def __init__(self, house: House) -> None:
        unit = re.escape(_UNITS.get(house.unit.lower(), house.unit))
        unit = "分" if house.percent else unit
        self.bar = score = rf"{NUMBER}{unit}"
        scale = rf"(?:百分制|评分范围从{NUMBER}到{NUMBER}|满分{NUMBER}{unit})"
        scores = rf"{score}(?:、{score})*(?:和{score})?"
        note = "(?:（[^（）]+）)?"

        def deed(named: str) -> str:
            return (
                rf"(?:给{named}都?(?:打了{score}(?:（{scale}）)?|打过{_TIMES}分（{scores}(?:，{scale})?）"
                rf"|{_THUMB})|把{named}都?{_SET}|{_VERB}{named}(?:各?{_TIMES})?)"
            )

        rest = rf"(?:(?:并|，){deed('它们?')}|，历史记录里还有关于它们?的其他事件{note})*"
        lead = rf"{_VERB}(?:、{_VERB})*并{_VERB}"
        group = rf"(?:{deed(L)}|{lead}{L}){rest}"
        held = rf"{L}{note}(?:[、和]{L}{note})*"
        phrase = rf"(?:还?{group}|(?:的历史记录里|历史记录里还)有{held}{rest})"
        self.rated = rf"{phrase}(?:，{phrase})*"
        self.of_it = rf"(?:{deed('它')}|{lead}它|的历史记录里有它{note}){rest}"
        self.known = rf"{self.of_it}(?:，还{self.of_it})*"
        self.by_all = rf"(?:把(?:它|{T}){_SET}|给(?:它|{T}){_THUMB}|{_VERB}(?:它|{T}))"
        short = (
            rf"(?:都?(?:先后)?打了{scores}(?:，{scale})?|(?:的历史记录里|历史记录里还)都?有(?:：[^（），]+)?"
            rf"|都?(?:{_VERB}|{_SET}|{_THUMB})(?:{_TIMES})?)"
        )
        bracketed = rf"{L}（你{short}(?:，还?{short})*）"
        self.bracketed = rf"{bracketed}(?:(?:、|和|以及){bracketed})*"
        dated_note = rf"的历史记录里有它{note}"
        one = rf"{_DAYS}(?:打了{score}(?:（{scale}）)?|{dated_note}|{deed('它')})"
        self.dated = rf"{T}：你{one}(?:，并?{one})*"
        self._token = re.compile(
            rf"(?P<scale>{scale})|(?P<times>{_TIMES})|(?P<day>{_DAY})|(?P<between>至)"
            rf"|(?P<did>{_any_of([*_PUT, *_GAVE, *_SCORED])})|(?P<rating>{score})"
            rf"|(?P<verb>{_VERB}|的历史记录里都?有|历史记录里还都?有)"
            rf"|[（：](?P<note>(?!你|满分|评分范围|百分制)[^（），：\d-][^（），]*)(?=[），]|$)|(?P<pronoun>它们|它)"
            rf"|(?P<anew>[给把])|(?P<all>都)|(?P<title>{T})"
        )

    def _read(self, text: str) -> Iterator[tuple[str, list[Done]]]:
        kinds = _VERBS | _PUT | _GAVE | _SCORED | _HAVE
        reading = Reading(kinds, _number, behind="（你" in text, days_first=True)
        for token in self._token.finditer(text):
            sort = str(token.lastgroup)
            told = token[sort]
            reading.take(sort, _iso(told) if sort == "day" else told)
        yield from reading.groups()


def _number(text: str) -> int:
    """How often, or how many: 两次, 12次, 它."""
    word = text.removesuffix("次")
    known = {"一": 1, "两": 2, "它": 1, "它们": 0}
    return known[word] if word in known else int(word.replace(",", ""))


def _iso(day: str) -> str:
    year, month, date = map(int, re.findall(r"\d+", day))
    return f"{year}-{month:02}-{date:02}"
