"""What a clause says, by the order of its marks: who rated what, which words govern what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from recx_agent.evals.scorers.grounded.free.marks import Mark

YOU = frozenset("you your yours yourself 你 您 你的 您的 向你推荐 为你推荐 推荐给你".split())
IT = frozenset("it its this that 它 这部 此片 该片 本片 一部 这".split())
FUTURE = frozenset("will would may might 会 可能 一定 或许 也许".split())
THEM = frozenset(
    "they them their these those both all it this that which one ones "
    "它们 这些 那些 都 这 两部 这几部 它 那部 这个 那个 该 其 前面 两者 "
    "so hence thus therefore ratings rating history taste tastes own "
    "因此 由此 于是 所以 这样看来 照此看来 一点 这一点 一部 那一部 "
    "评分 记录 历史 口味 喜好 兴趣".split()
)
REASONS = frozenset(("causal", "adds"))
"""Kinds of words that tell why: what follows or what helped."""
_SEVERAL = frozenset("both them these those 这两部 两部 它们 这些".split())
_THAT_ONE = frozenset("it them that this these those 它 它们 那部 这部 那 这".split())
_FILMS = frozenset(
    "film films movie movies title titles ones what 电影 影片 片子 片 部 两部 三部".split()
)
_JOIN = frozenset(
    "and both the film films movie movies as well , 、 和 与 以及 跟 及 电影 这部 部 都 也".split()
)
_FOR = frozenset(
    "for to of rating ratings score mark marks the film movie films movies both 的 给 电影".split()
)
_BUT = frozenset("but yet while whereas however 但 但是 不过 而 可是 却".split())
_ENDS = frozenset("strength causal adds suggested suggestion".split())
_IS = frozenset("is was 是".split())
_LISTING = frozenset(", 、 and 和".split())
_OPINIONS = ("5", "4", "3", "2")


@dataclass(frozen=True)
class Clause:
    """Marks between two full stops or semicolons.

    Parameters
    ----------
    marks : sequence of Mark
    item : str
        Title of the item explained; any other title is one of the history.
    """

    marks: Sequence[Mark]
    item: str

    def has(self, *kinds: str) -> bool:
        """Whether a mark is of one of the kinds."""
        return any(mark.kind in kinds for mark in self.marks)

    def says(self, words: frozenset[str]) -> bool:
        """Whether it holds one of the words, titles left out."""
        return any(mark.text.lower() in words for mark in self.marks if mark.kind != "title")

    def of(self, *kinds: str) -> list[Mark]:
        """Marks of the kinds."""
        return [mark for mark in self.marks if mark.kind in kinds]

    @cached_property
    def titles(self) -> list[str]:
        """Titles of the history, in order."""
        return [m.text for m in self.marks if m.kind == "title" and m.text != self.item]

    @cached_property
    def asks(self) -> bool:
        """Whether it is a question."""
        return bool(self.marks) and self.marks[-1].text in "?？"

    @cached_property
    def names_item(self) -> bool:
        """Whether the item's own title stands in it."""
        return any(m.kind == "title" and m.text == self.item for m in self.marks)

    @cached_property
    def segments(self) -> list[Clause]:
        """Cut at commas and the like, but not inside a list of titles."""
        cut: list[list[Mark]] = [[]]
        for place, mark in enumerate(self.marks):
            if mark.kind == "stop" and not (mark.text in ",、" and self._lists(place)):
                cut.append([])
            else:
                cut[-1].append(mark)
        return [Clause(part, self.item) for part in cut if part]

    def _lists(self, place: int) -> bool:
        before = [m for m in self.marks[:place]][-1:]
        after = [m for m in self.marks[place + 1 :] if m.text.lower() not in ("and", "和", "以及")]
        return all(
            part and part[0].kind == "title" and part[0].text != self.item
            for part in (before, after[:1])
        )

    def rated(self) -> Iterator[tuple[Mark, list[str]]]:
        """Each rating with the titles it is told of; with none where it stands for itself."""
        taken: set[int] = set()
        for place, mark in enumerate(self.marks):
            if mark.kind == "rating":
                found = self._before(place, taken) or self._after(place, taken)
                if self._leads_on(place):
                    found = self._after(place, taken) or found
                taken |= set(found)
                yield mark, [self.marks[at].text for at in found]

    def _leads_on(self, place: int) -> bool:
        after = [m for m in self.marks[place + 1 :] if m.kind != "scale" and m.text not in "（）()"]
        return bool(after) and after[0].text.lower() in {"for", "to", "的"}

    def _before(self, place: int, taken: set[int]) -> list[int]:
        """The list of titles that ends nearest before a place; "it" that was rated is no item."""
        found: list[int] = []
        meant = False
        for at in range(place - 1, -1, -1):
            mark = self.marks[at]
            if mark.kind == "rating" or at in taken:
                break
            meant = meant or (mark.text.lower() in _THAT_ONE and not found)
            if meant and mark.kind == "title" and mark.text == self.item:
                continue
            if mark.kind == "title":
                found.insert(0, at)
            elif found and mark.text.lower() not in _JOIN:
                break
        return found

    def _after(self, place: int, taken: set[int]) -> list[int]:
        found: list[int] = []
        for at in range(place + 1, len(self.marks)):
            mark = self.marks[at]
            if mark.kind == "title" and at not in taken:
                found.append(at)
            elif mark.text.lower() not in (_JOIN if found else _FOR) and mark.kind != "scale":
                if mark.kind == "stop" and mark.text in "（）()：:" and not found:
                    continue
                break
        return found

    def opinions(self) -> Iterator[tuple[Mark, list[str]]]:
        """Each word of opinion with the titles after it, or else before it, in its segment."""
        for number, segment in enumerate(self.segments):
            for place, mark in enumerate(segment.marks):
                if mark.kind in _OPINIONS:
                    if [m.kind for m in segment.marks[place + 1 : place + 2]] == ["causal"]:
                        continue  # "good reasons"
                    if segment.of_films(place):
                        yield mark, self.titles
                        continue
                    titles = segment.near(place)
                    said_of_it = any(m.text.lower() in IT for m in segment.marks[place + 1 :])
                    if not titles and said_of_it and self.names_item:
                        titles = [self.item]
                    elif not titles and segment.says(_SEVERAL):
                        titles = self.titles
                    elif not titles:
                        back = [t for s in self.segments[:number] for t in s._all_titles]
                        titles = back[-1:]
                    yield mark, titles

    @cached_property
    def _all_titles(self) -> list[str]:
        return [m.text for m in self.marks if m.kind == "title"]

    def follows(self, wanted: Mark, words: frozenset[str], near: int = 1) -> bool:
        """Whether one of the words stands among so many marks before one."""
        at = next(n for n, mark in enumerate(self.marks) if mark is wanted)
        return any(mark.text.lower() in words for mark in self.marks[max(at - near, 0) : at])

    def of_films(self, place: int) -> bool:
        """Whether what is liked are films spoken of: "films you rated highly", 你喜欢的电影."""
        marks = self.marks
        if marks[place].text.isascii():
            before = [mark.text.lower() for mark in marks[max(place - 5, 0) : place]]
            heads = [at for at, word in enumerate(before) if word in _FILMS]
            return (
                bool(heads)
                and "you" in before[heads[-1] :]
                and not any(
                    mark.kind == "title" for mark in marks[max(place - 5, 0) + heads[-1] : place]
                )
            )
        after = [mark.text for mark in marks[place + 1 : place + 3]]
        return after[:1] == ["的"] and after[1:] != [] and after[1] in _FILMS

    def near(self, place: int) -> list[str]:
        """Titles after a place up to the next opinion or rating, or else those before it."""

        def run(marks: Sequence[Mark], keep: Callable[[list[str], str], None]) -> list[str]:
            found: list[str] = []
            for mark in marks:
                if mark.kind in (*_OPINIONS, "rating") or (found and mark.kind in _ENDS):
                    break
                if mark.kind == "title":
                    keep(found, mark.text)
            return found

        after = run(self.marks[place + 1 :], lambda found, text: found.append(text))
        before = run(self.marks[:place][::-1], lambda found, text: found.insert(0, text))
        return after or [title for title in before if title != self.item] or before

    def causes(self) -> list[str]:
        """Titles of the history that it gives as reasons, if it gives any."""
        if not self.has(*REASONS, "suggested", "suggestion"):
            return []
        segments, found = self.segments, []
        against = {title for titles in self.opposed() for title in titles}
        for number, segment in enumerate(segments):
            follows = number + 1 < len(segments) and any(
                mark.kind in REASONS for mark in segments[number + 1].marks[:3]
            )
            led = segment.has(*REASONS) or follows
            beside = segment.has("shared", "concessive") and not led
            if not beside:
                found += [title for title in segment.titles if title not in against]
        return list(dict.fromkeys(found))

    def opposed(self) -> Iterator[list[str]]:
        """Titles that it tells to count against the item: its own, or "…, which counts against"."""
        for number, segment in enumerate(self.segments):
            if segment.has("against"):
                behind = self.segments[:number][::-1]
                before = next((s.titles for s in behind if s.titles), [])
                after = self.segments[number + 1 :][:1]
                named = [] if after and after[0].turns else [t for s in after for t in s.titles]
                yield segment.titles or before or named

    @property
    def turns(self) -> bool:
        """Whether it says the contrary of what stands before it."""
        return bool(self.marks) and self.marks[0].text.lower() in _BUT

    def governed(self) -> list[Mark]:
        """Attributes and years that it gives as reasons."""
        found: list[Mark] = []
        for number, segment in enumerate(self.segments):
            following = self.segments[number + 1 : number + 2]
            led = any(m.kind in REASONS for s in following for m in s.marks[:3])
            for place, mark in enumerate(segment.marks):
                if mark.kind not in ("attribute", "number") or self._of_a_title(mark):
                    continue
                before = segment.marks[:place]
                start = max(
                    (at for at, m in enumerate(before) if m.kind in ("title", "rating")), default=-1
                )
                near = before[start + 1 :]
                if any(m.text.lower() in _IS for m in near):  # "what tipped the scales was its …"
                    near = before
                ahead = any(m.kind in REASONS or m.text.lower() == "for" for m in near)
                behind = any(m.kind in REASONS for m in segment.marks[place:])
                if led or ahead or behind:
                    found.append(mark)
        return found

    def tells_apart(self, mark: Mark) -> bool:
        """Whether a year only tells which film is meant."""
        return self._told_apart(mark) is not None

    def _of_a_title(self, mark: Mark) -> bool:
        """Whether it only tells films apart: "“Heat” (1995)", 1995年的《Heat》."""
        return self._told_apart(mark) is not None or self._named_after(mark) is not None

    def _told_apart(self, wanted: Mark) -> str | None:
        at = next(n for n, mark in enumerate(self.marks) if mark is wanted)
        before, after = self.marks[max(at - 2, 0) : at], self.marks[at + 1 : at + 4]
        said = [mark.text for mark in after]
        if [m.text in "(（" for m in before[1:]] == [True] and said[:1] in ([")"], ["）"]):
            return before[0].text if before[0].kind == "title" else None
        dated = said[:2] == ["年", "的"] and len(after) == 3 and after[2].kind == "title"
        return after[2].text if dated else None

    def owner(self, wanted: Mark) -> str:
        """The film that an attribute is told of: the nearest title before it in its segment."""
        if (title := self._told_apart(wanted) or self._named_after(wanted)) is not None:
            return title
        for segment in self.segments:
            title = ""
            for mark in segment.marks:
                if mark is wanted:
                    return title or self.item
                if mark.kind == "title":
                    title = mark.text
                elif mark.text.lower() in IT:
                    title = self.item
        return self.item

    def _named_after(self, wanted: Mark) -> str | None:
        """The film right behind its attribute: "the Crime film “Heat”", 科幻片《Blade Runner》."""
        at = next(n for n, mark in enumerate(self.marks) if mark is wanted)
        after = [*self.marks[at + 1 : at + 8]]
        while after and (
            after[0].text.lower() in _FILMS | {"的", "年"}
            or after[0].kind in ("attribute", "number")
            or (after[0].text in _LISTING and [m.kind for m in after[1:2]] == ["attribute"])
        ):
            after = after[1:]
        return after[0].text if after and after[0].kind == "title" else None

    def praising(self, heads: frozenset[str], copula: frozenset[str]) -> list[Mark]:
        """Words of how plain a matter is that are said of a film: "a simple film", "“Heat” is"."""
        found = []
        for at, mark in enumerate(self.marks):
            if mark.kind == "stance":
                after = self.marks[at + 1 : at + 3]
                if after and after[0].text == "的":
                    after = after[1:]
                before = [m for m in self.marks[max(at - 4, 0) : at] if m.kind != "stance"]
                said = [m.text.lower() for m in before]
                of_it = any(word in copula for word in said[-2:]) and any(
                    m.kind == "title" for m in before
                )
                ends = not after or after[0].kind == "stop"
                if (after and (after[0].kind == "title" or after[0].text.lower() in heads)) or (
                    of_it and ends
                ):
                    found.append(mark)
        return found

    def suggests(self) -> Iterator[str]:
        """Titles that are told as what is suggested."""
        for segment in self.segments:
            marks = segment.marks
            for place, mark in enumerate(marks):
                after = [m for m in marks[place + 1 : place + 4] if m.kind == "title"]
                before = [m for m in marks[:place] if m.kind == "title" or m.text.lower() in IT]
                spaced = mark.text.isascii()
                if mark.kind == "suggestion" and spaced:
                    linked = marks[place + 1 : place + 2]
                    led = linked and linked[0].text.lower() in ("of", "for")
                    if after and (led or mark.text.lower().endswith("ing")):
                        yield after[0].text
                elif mark.kind == "suggestion":  # a noun: of the film that stands beside it
                    beside = [*marks[max(place - 1, 0) : place], *marks[place + 1 : place + 2]]
                    yield from (m.text for m in beside if m.kind == "title")
                elif mark.kind == "suggested":
                    ours = marks[place - 1].text.lower() in ("we", "i") if place else False
                    own = [m for m in before if m.text == self.item][-1:] or before[-1:]
                    told = before[-1:] or after[:1] if spaced and not ours else after[:1] or own
                    if not spaced:  # what stands right behind it or right before it
                        beside = [*marks[place + 1 : place + 3], *marks[max(place - 1, 0) : place]]
                        told = [m for m in beside if m.kind == "title"][:1]
                    yield from (m.text for m in told if m.kind == "title")
