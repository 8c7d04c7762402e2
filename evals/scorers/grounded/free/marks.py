"""Cuts a sentence into what stands in it: titles, ratings, counts, ranks, attributes, words."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from recx_agent.evals.scorers.grounded.free.chinese_words import lexicon as chinese_words
from recx_agent.evals.scorers.grounded.free.english_words import lexicon as english_words
from recx_agent.evals.scorers.grounded.free.english_words import stems
from recx_agent.evals.scorers.grounded.free.genres import other_names

MONTHS = "January February March April May June July August September October November December"


@dataclass(frozen=True)
class Mark:
    """One thing that stands in a sentence.

    ``kind`` is ``title, rating, users, bar, rank, top, date, attribute, number, stop, strange``
    or the class of a word; ``numbers`` are those read, ``text`` the words themselves.
    """

    kind: str
    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lexer:
    """Reads the marks of one language.

    Attributes
    ----------
    quoted : pattern
        What stands between marks of quotation.
    patterns : sequence of (kind, pattern)
        Tried in order at each place; the groups are numbers.
    words : mapping of str to str
        Word to class.
    spaced : bool
        Whether words are what stands between spaces; else the longest known word is taken.
    """

    quoted: re.Pattern[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    words: Mapping[str, str]
    spaced: bool
    genres: frozenset[str] = frozenset()

    def marks(self, text: str) -> list[Mark]:
        """Everything that stands in the sentence, in order."""
        return [mark for mark, _ in self.pieces(text)]

    def pieces(self, text: str) -> Sequence[tuple[Mark, str]]:
        """Each mark with the text that it is, and the space before it."""
        return self._kept(text)

    @cached_property
    def _kept(self) -> Callable[[str], tuple[tuple[Mark, str], ...]]:
        """The last sentences that were read: each scorer asks for the same ones."""
        return functools.lru_cache(maxsize=4096)(lambda text: tuple(self._read(text)))

    def _read(self, text: str) -> Iterator[tuple[Mark, str]]:
        start = place = 0
        while place < len(text):
            if text[place].isspace():
                place += 1
                continue
            mark, length = self._next(text, place)
            place += length
            yield mark, text[start:place]
            start = place

    def _next(self, text: str, place: int) -> tuple[Mark, int]:
        quoted = self.quoted.match(text, place)
        if quoted:
            return Mark("title", "".join(filter(None, quoted.groups()))), len(quoted[0])
        for kind, pattern in self.patterns:
            if found := pattern.match(text, place):
                return Mark(kind, found[0], _numbers(found.groups())), len(found[0])
        if found := self._attribute.match(text, place):
            return Mark("attribute", self._genre_of[found[0].lower()]), len(found[0])
        if self.spaced:
            if found := _WORD.match(text, place):
                return self._word(found[0]), len(found[0])
        else:
            for length in range(min(6, len(text) - place), 0, -1):
                if (word := text[place : place + length]) in self.words:
                    return self._word(word), length
        return Mark("strange", text[place]), 1

    def _word(self, word: str) -> Mark:
        plain = word.lower()
        forms = (plain, *stems(plain)) if self.spaced else (word,)
        return Mark(next((self.words[f] for f in forms if f in self.words), "strange"), word)

    @cached_property
    def _genre_of(self) -> dict[str, str]:
        named = {genre.lower(): genre for genre in self.genres}
        named |= {f"{genre.lower()}s": genre for genre in self.genres}
        return named | other_names(self.genres)

    @cached_property
    def _attribute(self) -> re.Pattern[str]:
        longest = sorted(self._genre_of, key=len, reverse=True)
        names = "|".join(map(re.escape, longest)) or "(?!)"
        return re.compile(rf"(?:{names})(?![A-Za-z])", re.IGNORECASE)


_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")


def _numbers(groups: Iterable[str | None]) -> tuple[int, ...]:
    values = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
    values |= {"nobody": 0, "no one": 0, "没有人": 0, "没有": 0, "none": 0, "没有一": 0, "两": 2}
    values |= {"first": 1, "second": 2, "third": 3, "a": 1, "one": 1, "two": 2, "three": 3}
    values |= {"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    return tuple(
        values[group] if group in values else int(group.replace(",", ""))
        for group in (found.lower() for found in groups if found)
    )


def _compiled(patterns: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns.items())


_N = r"(\d{1,3}(?:,\d{3})+|\d+)"
_THAN = (
    r"(?:after|before|earlier(?: than)?|later(?: than)?|older(?: than)?|younger(?: than)?"
    r"|newer(?: than)?|ahead of|behind)\b"
)
_SOME = "one|two|three|four|five|six|seven|eight|nine|ten"
_MONTH = rf"(?:{MONTHS.replace(' ', '|')})"


@functools.cache
def english(genres: frozenset[str]) -> Lexer:
    """Read English sentences."""
    patterns = {
        "date": rf"\d{{4}}-\d\d-\d\d|\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}"
        rf"|{_MONTH} \d{{4}}",
        "gap": rf"(?:{_N}|(a|one|two|three|four|five|six|seven|eight|nine|ten)) years? {_THAN}"
        r"|(?:released|came out|made|arrived|appeared) (?:before|after)\b",
        "users": rf"(?:{_N}|(none)) (?:out )?of (?:the |our |all )?{_N} users"
        rf"|({_SOME}) of (?:the |our |all )?(?:{_N}|({_SOME})) users"
        rf"|{_N} of {_N}(?= (?:gave|rated|has|have|liked)\b)"
        r"|(nobody|no one|none) (?:among|of) (?:all )?(?:the |our )?users"
        rf"|of (?:the |our |all )?{_N} users,? (?:only )?(?:{_N}|(none))\b",
        "bar": rf"{_N}(?: out of {_N})? or (?:higher|more|above|better|over)"
        rf"|between {_N} and {_N} out of {_N}|at least (?:a )?{_N}(?: out of {_N})?",
        "ratings": rf"{_N}(?:, {_N})?,? and {_N} out of {_N}",
        "former": r"the former\b",
        "latter": r"the latter\b",
        "nth": r"the (first|second|third)(?: one)?(?= (?:\d|and\b|got\b|was\b|is\b|of (?:these"
        r"|those|them|the two|the three)\b)|[,.;:])",
        "first": r"(?:comes|ranks|stands|sits|placed) (?:in )?first(?: place)?\b"
        r"|tops (?:your|the|this) list\b|(?:at|on) (?:the )?top of (?:your|the|this) list\b",
        "rating": rf"{_N}(?: stars)?(?: out of |/){_N}(?: stars)?"
        r"|(one|two|three|four|five) stars?\b"
        r"|(?:(?<=\ba )|(?<=\byour )|(?<=\bgot ))(\d)(?![\d%-]|[.,]\d| (?:out|of|users|films)\b)"
        r"|(?<=\bat )(\d)(?=,| and\b| but\b)|(\d)(?= from you\b)"
        r"|(?<=\bthe )(\d)(?= you\b)",
        "rank": rf"(?:rank )?{_N}(?:st|nd|rd|th)\b|rank {_N}",
        "top": rf"top {_N}",
        "number": rf"{_N}(?!\d)",
        "harmless": r"comes? with\b|c(?:ame|omes?) out\b|all the same\b|as well(?: as)?\b"
        r"|(?:may|might|could)(?: well)? (?:enjoy|like|appreciate|want|be interested)\b"
        r"|(?:may|might|could) well\b|(?:we|I) would (?:say|argue|guess|think)(?: so)?\b"
        r"|(?:so|as) far(?: as)?\b|by (?:chance|accident)\b|far (?=less|more|from)"
        r"|the same (?:for|to)\b|shares? (?:the|this) (?:credit|work|load|burden|honours)\b"
        r"|one of (?:the|your)(?: two| three)?(?: main| biggest| strongest| key| most important)?"
        r"(?= reasons?| threads?| factors?| films?| titles?| causes?)"
        r"|d(?:id|oes) not come (?:out of nowhere|out of the blue|from nowhere|by chance)\b"
        r"|(?:look|see) no further\b|there is no (?:doubt|question|mystery|secret)\b"
        r"|(?<=two )main\b|(?<=three )main\b|(?:not|never) (?:going to )?(?:hide|deny|conceal)\b"
        r"|no denying\b|not everything\b|if (?:there (?:is|was)|asked|we had to)\b"
        r"|would (?:be|have been) enough\b|what is more\b"
        r"|(?:d(?:id|oes) not )?stand a chance against\b|is no match for\b|story behind\b"
        r"|not (?=[^.;]{1,40}\bbut (?:how|what|the|that)\b)"
        r"|even so\b|only(?= (?:\d|one\b|none\b|a\b|an\b))|not (?:only|just|merely)\b"
        r"|no (?:wonder|surprise|coincidence|accident|doubt|mystery|secret)\b|needless to say\b"
        r"|(?:not|hardly|scarcely) (?:a )?(?:surprising(?:ly)?|surprise|coincidence|by chance"
        r"|by accident)\b|(?:should|would|will) (?:hardly |not )?(?:come as no|come as a|be no|be a"
        r"|be hardly a) (?:surprise|shock)\b|why not\b|last but not least\b|no less than\b"
        r"|none other than\b|if you (?:like|wonder|are wondering|ask)\b|as if\b"
        r"|at least\b|at most\b|at (?:the )?top of your (?:ratings|list of ratings)\b",
        "against": r"(?:held|holds?) (?:it|this one|that one) back\b|no favou?rs?\b|nothing for\b"
        r"|(?:works?|worked) against\b|in the other direction\b",
        "majority": r"(?:most|the bulk|more than half|over half) of\b(?! all\b)"
        r"|(?:almost |nearly |purely )?(?:entirely|solely|exclusively|wholly)\b",
        "partly": r"(?:good|large|big|great|small) (?:part|deal|share|portion|bit)\b|in part\b",
        "weak": r"(?:hardly|barely|scarcely) (?:makes?|made)(?: a| any)? difference\b"
        r"|(?:makes?|made) (?:little|no) difference\b",
        "2": r"let (?:you )?down\b|fell (?:asleep|flat)\b|put you off\b",
        "evenly": r"no (?:single|one|sole) (?:film|title|movie|rating|reason|cause)\b",
        "4": r"(?<=you )(?:really |clearly )?like\b",
        "strength": r"no other\b|nothing else\b|(?:best|strongest|top) (?:argument|explanation"
        r"|reason|case|clue)\b|above all\b|(?:by far|first and foremost)\b",
        "causal": r"(?-i:Given)\b(?: that\b)?|on the strength of\b|reason enough\b",
        "concessive": r"even (?:though|if)\b|for all (?=your|the)|in spite of\b",
        "stop": r"[,;:.?()—–-]",
    }
    return Lexer(re.compile("“([^“”]+)”"), _compiled(patterns), english_words(), True, genres)


@functools.cache
def chinese(genres: frozenset[str]) -> Lexer:
    """Read Chinese sentences."""
    patterns = {
        "gap": rf"(?:早|晚)了?(?:{_N}|([一二两三四五六七八九十]))年|[早晚]于",
        "evenly": "没有(?:哪|任何)?一?[部个](?:电影|影片|评分)?能?单独",
        "majority": "大部分|一半以上|多半来自|大半|(?:几乎)?(?:全靠|完全靠|只靠|全凭)",
        "strength": "没有(?:哪|任何一|别的|一)?(?:部|个)?(?:电影|影片|评分)?比(?!不)"
        "|首先要?(?=归功|感谢)|最好的?(?=解释|理由|依据)",
        "harmless": "并不陌生"
        "|绕不开|不多说|不必多说|很难不提|不仅|不但|不只|不光|无论如何|难怪|毫无疑问|不出所料"
        "|不足为奇|并?不(?:令人)?(?:奇怪|意外)"
        "|没什么好?奇怪"
        "|不必说|不用说|不妨|不过|不止|(?:也许|可能|或许)会?(?:喜欢|感兴趣|中意)"
        "|并非凭空(?:冒出来|而来)?的?|像你这样|一样都?得了?"
        "|共同(?:分担|构成)|毫不犹豫地?|难分(?:高下|伯仲)|不足为奇|没起什么作用|情有独钟|也许会合"
        "|主要(?=(?:线索|原因|理由|因素|依据)有[两三])|不是(?=[^，。]{1,20}，而是)"
        "|(?:并?不是|并非)(?:巧合|偶然|样样|全都)"
        "|如果(?:要说|你问|非要说|一定要说)|要说|很?难以?忽略|不陌生|缺一不可",
        "former": "前者",
        "latter": "后者",
        "nth": "(?:其中)?第([一二三])[部个](?!理由|原因|因素)",
        "first": "(?:排在|位列|位居|名列|排)(?:首位|第一位?|榜首)|居首",
        "date": r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}-\d\d-\d\d",
        "users": r"([一二两三四五六七八九十])位用户(?:当中|之中|中|里)，?[只也]?有"
        r"([一二两三四五六七八九十])[位名个]"
        rf"|用户[中里]，?{_N}位[中里]有(?:(\d+|一|两)位)"
        rf"|用户[中里](?:还|尚)?(没有人|没有)(?:人)?"
        rf"|{_N}[位名个]用户(?:当中|之中|中|里)?，?(?:[只也]?有(\d+|一|两)[位名个]|(没有一)[位名个])",
        "bar": rf"{_N}分(?:及|或|和)?(?:以上|更高(?:的分数)?)(?:（含{_N}分）)?|打到{_N}分"
        rf"|至少(?:打了|给了|有)?{_N}分|{_N}到{_N}分",
        "scale": rf"满分{_N}分",
        "ratings": rf"{_N}分(?:、{_N}分)?[和、]{_N}分",
        "rating": rf"{_N}分|([一二两三四五])颗星",
        "rank": rf"第{_N}名",
        "top": rf"前{_N}名",
        "number": rf"{_N}(?!\d)",
        "stop": "[，；：。？（）、—]",
    }
    quoted = re.compile("《([^《》]+)》|“([^“”]+)”")
    return Lexer(quoted, _compiled(patterns), chinese_words(), False, genres)


def clauses(marks: list[Mark], ends: str) -> list[list[Mark]]:
    """Cut at the stops given."""
    found: list[list[Mark]] = [[]]
    for mark in marks:
        if mark.kind == "stop" and mark.text in ends:
            found.append([])
        else:
            found[-1].append(mark)
    return [clause for clause in found if clause]


def pointed(
    marks: list[Mark], behind: Sequence[str] = (), context: Sequence[str] = ()
) -> list[Mark]:
    """The marks with the titles that "the former", "the second" and the like stand for.

    Parameters
    ----------
    marks : list of Mark
    behind : sequence of str
        Titles of the films that the sentence cites, for what points back to them.
    context : sequence of str
        Titles that the sentence before names.
    """
    found: list[Mark] = []
    for mark in marks:
        own = list(dict.fromkeys(m.text for m in found if m.kind == "title"))
        before = own if len(own) > 1 else list(dict.fromkeys([*context, *own]))
        title = ""
        if mark.kind in ("former", "latter"):
            two = list(behind) if len(behind) == 2 else before[-2:]
            title = two[0 if mark.kind == "former" else 1] if len(two) == 2 else ""
        elif mark.kind == "nth":
            several = own if len(own) > 1 else list(behind)
            at = mark.numbers[0] - 1
            title = several[at] if at < len(several) else ""
        found.append(Mark("title", title) if title else mark)
    return found
