"""What is shown in a conversation, held against the raw files and the saved arrays.

It knows nothing of how a message is made or verified: words around results may hold no name, no
number and none of the words that say something about films, people or reasons; results are read
by the checks of explanations (``grounded``), of other texts (``told_check``), or here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.written import WrittenCheck, problems_of
from tests.e2e.told_check import Check
from tests.e2e.told_figures import Figures, Saved

Json = dict[str, Any]

_SAYS = {
    "en": re.compile(
        r"[\d“”\"«»]|\b(because|since|therefore|loved?|loves|liked|likes|enjoyed|hated?|best|better|"
        r"worst|great|good (?!question|day|morning|evening|afternoon)|excellent|amazing|perfect|"
        r"popular|critics?|rat(ed|ing|ings)|stars?|score|award|oscar|everyone|people|always|never|"
        r"must|will|is|are(?! you)|was|were|has|had|watched|saw|seen|genre|year|director|actor|"
        r"similar|based|your history)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"[\d“”《》]|[一二三四五六七八九十]+[部个]|因为|由于|所以|喜欢[^吗]|爱看|讨厌|最好|很好|优秀|完美|"
        r"评分|分数|明星|获奖|大家|所有人|总是|必须|看过|类型|年份|导演|演员|相似|历史"
    ),
}
_ALLOWED = {
    "en": re.compile(
        r"^(hello|hi|hey|sure|here (is|are)|this is|these are|i am (here|happy|glad|sorry)|"
        r"is there|you are welcome|how can|what (is|are) you|below (is|are))\b[^.!?]*",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"希望你(能)?喜欢"),
}
_KEPT = {
    "en": re.compile(r"Kept(?: before)?: “(.+)” (?:is no reason any more|counts as liked)\."),
    "zh": re.compile(r"(?:已记下|之前已经记下)：《(.+)》(?:不再作为原因|算作喜欢)。"),
}
# What code says itself where no tool answers: letter by letter.
_CODE = {
    "en": (
        "I can suggest films, say why one is suggested, compare two, say what would change without "
        "something in your history, tell what is known of your taste, and keep what you like, "
        "dislike or do not want as a reason."
    ),
    "zh": (
        "我可以推荐电影，说明为什么推荐，比较其中两个，说出如果历史里没有某一个会有什么变化，告诉你对你口味的了解，"
        "并记下你喜欢的、不喜欢的和不想作为原因的。"
    ),
}
_GREETING = {"en": "Hello! ", "zh": "你好！"}
_HEAD = {"en": "Suggestions, best first:", "zh": "推荐如下，排在前面的更合适："}


@dataclass
class ShownCheck:
    """Holds the parts of messages to one user against the files.

    Parameters
    ----------
    raw : Raw
    saved : Saved
    user : str
    """

    raw: Raw
    saved: Saved
    user: str
    explained: dict[str, Json] = field(default_factory=dict)
    changed: bool = False
    muted: set[str] = field(default_factory=set)

    def problems(self, parts: list[Json], language: str) -> list[str]:
        """What is wrong with one message, given as its parts: text, kind, record, evidence."""
        found: list[str] = []
        for part in parts:
            if part["kind"] == "why":
                self.explained[part["record"]["item"]["title"]] = part["record"]
        for part in parts:
            found += [f"{part['text']!r}: {why}" for why in self._part(part, language)]
        return found

    def _part(self, part: Json, language: str) -> Iterator[str]:
        kind, text = part["kind"], part["text"]
        if kind is None:
            yield from self._own(part, language)
        elif kind == "why":
            if text != part["record"]["text"]:
                yield "it is not the text of the explanation"
            yield from problems_of(part["record"], _Without(self.raw, self.user, self.muted))
        elif kind == "list":
            yield from self._list(text, language)
        elif kind == "kept":
            self.changed = True
            said = _KEPT[language].fullmatch(text)
            if said is None or said[1] not in self.raw.ids:
                yield "it is no known sentence about a film"
            else:
                self.muted |= {self.raw.film(id) for id in self.raw.ids[said[1]]}
        elif kind == "problem":
            for title in re.findall("[“《]([^“”《》]+)[”》]", text):
                if title not in self.raw.ids:
                    yield f"there is no film {title!r}"
        elif kind in ("compare", "what_if", "taste"):
            yield from self._told(part, language)

    def _list(self, text: str, language: str) -> Iterator[str]:
        head, *lines = text.splitlines()
        if head != _HEAD[language]:
            yield "the head of the list is another"
        figures = Figures(self.saved, self.user)
        best = [self.saved.titles[item] for item in figures.order]
        for number, line in enumerate(lines, 1):
            said = re.fullmatch(r"(\d+)\. [“《](.+)[”》]", line)
            if said is None or int(said[1]) != number:
                yield f"{line!r} is no line of a list"
            elif not self.changed and said[2] != best[number - 1]:
                yield f"{best[number - 1]!r} is number {number}"
            elif not set(self.raw.ids[said[2]]) - set(self.raw.ratings[self.user]):
                yield f"{said[2]!r} is known to the user"

    def _told(self, part: Json, language: str) -> Iterator[str]:
        record, told = part["record"], part["record"]["told"]
        if part["text"] != told["text"]:
            yield "it is not the text that was told"
        if self.changed:  # the arrays know nothing of what a user has muted
            return
        figures, ids = Figures(self.saved, self.user), self.saved.ids
        if part["kind"] == "compare":
            pair = tuple(ids.index(record[side]["item_id"]) for side in ("item", "other"))
            check = Check(figures, language, pair=(pair[0], pair[1]))
        elif part["kind"] == "what_if":
            (removed,) = record["change"]["remove"]
            check = Check(figures, language, removed=ids.index(removed))
        else:
            check = Check(figures, language)
        for sentence in told["sentences"]:
            if wrong := check.problem(sentence["text"]):
                yield f"{sentence['text']}: {wrong}"

    def _own(self, part: Json, language: str) -> Iterator[str]:
        if part["evidence"]:
            yield from self._carried(part, language)
            return
        if part["text"] in (_CODE[language], _GREETING[language] + _CODE[language]):
            return
        yield from self._says(part["text"], language)

    def _says(self, text: str, language: str) -> Iterator[str]:
        """What words say that may say nothing."""
        for sentence in re.split(r"(?<=[.!?。！？:：])\s*", text):
            rest = _ALLOWED[language].sub(" ", sentence)
            if said := _SAYS[language].search(rest):
                yield f"its own words say {said[0]!r}"
        for title in self.saved.titles:
            if len(title) > 3 and re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text):
                yield f"its own words name {title!r}"

    def _carried(self, part: Json, language: str) -> Iterator[str]:
        """Words of the model's own that say something: as a sentence of an explanation.

        What says nothing may come before it: "Sure."
        """
        text = part["text"]
        first = re.match(r"[^.!?。！？:：]+[.!?。！？:：]\s*", text)
        if first is not None and not any(self._says(first[0], language)):
            text = text[first.end() :]
        titles = {one.rpartition(": ")[0] for one in part["evidence"]}
        cited = [one.rpartition(": ")[2] for one in part["evidence"]]
        for title in titles:
            check = WrittenCheck(self.raw, self.explained[title])
            yield from check.free.problems(text, cited, check.shown.causes)


class _Without(Raw):
    """The files, but for the films that a user has muted: they count for him no more."""

    def __init__(self, raw: Raw, user: str, muted: set[str]) -> None:
        self.__dict__.update(raw.__dict__)
        self._user, self._muted = user, muted

    def liked_by(self, user: str) -> set[str]:
        """The films that the user liked and has not muted."""
        liked = super().liked_by(user)
        return liked - self._muted if user == self._user else liked
