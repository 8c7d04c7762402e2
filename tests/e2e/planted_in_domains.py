"""Faults planted into true texts of any domain: one statement is then untrue, or cites wrongly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers.grounded.data import Raw

_MARKED = re.compile("“([^“”]+)”|《([^《》]+)》")
_WORDS = {"en": "brilliant", "zh": "精彩的"}
_SOLD = {"en": "Everybody loves it.", "zh": "大家都喜欢它。"}
_VERBS = {
    "en": "bought viewed read shared saved watched followed completed".split()
    + ["enrolled in", "commented on"],
    "zh": "买过 浏览过 读过 分享过 收藏了 看过 关注了 学完了 报名了 评论过".split(),
}
_TURNED = {
    "en": [("counts against", "counts in favour of"), ("lowered", "raised"), ("raised", "lowered"),
           ("better with everyone", "worse with everyone"), ("adds", "takes away")],
    "zh": [("不利", "有利"), ("拉低", "提高"), ("减了分", "加了分"), ("要好", "要差"),
           ("要差", "要好")],
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A true text, the files, and dice."""

    raw: Raw
    sample: Sample
    dice: random.Random

    def history(self) -> Iterator[tuple[int, str]]:
        """Sentences with a title of the history that they name."""
        item = self.sample.extra["explanation"]["item"]["title"]
        own = {self.raw.films[id].title for id in self.raw.ratings[self.sample.user_id]}
        for at, one in enumerate(self.sample.sentences):
            for title in self.titles(one.text):
                if title in own and title != item:
                    yield at, title

    @staticmethod
    def titles(text: str) -> list[str]:
        return ["".join(filter(None, found.groups())) for found in _MARKED.finditer(text)]

    def with_text(self, at: int, text: str) -> Sample:
        return self.with_sentence(at, replace(self.sample.sentences[at], text=text))

    def with_sentence(self, at: int, one: Sentence) -> Sample:
        sentences = list(self.sample.sentences)
        sentences[at] = one
        joint = "" if self.sample.language == "zh" else " "
        text = joint.join(sentence.text for sentence in sentences)
        return replace(self.sample, text=text, sentences=tuple(sentences))

    def renamed(self, make: Callable[[str], str | None]) -> Sample | None:
        for at, title in self.history():
            new = make(title)
            if new is not None:
                text = self.sample.sentences[at].text
                return self.with_text(at, text.replace(title, new, 1))
        return None

    def changed(self, pattern: str, new: Callable[[re.Match[str]], str | None]) -> Sample | None:
        """The first place outside of titles where the pattern can be replaced."""
        for at, one in enumerate(self.sample.sentences):
            for found in re.finditer(pattern, one.text):
                inside = any(
                    m.start() <= found.start() < m.end() for m in _MARKED.finditer(one.text)
                )
                word = None if inside else new(found)
                if word is not None and word != found[0]:
                    return self.with_text(
                        at, one.text[: found.start()] + word + one.text[found.end() :]
                    )
        return None


Plant = Callable[[Place], Sample | None]


def invented_title(p: Place) -> Sample | None:
    return p.renamed(
        lambda title: "A Thing Nobody Sells" if p.sample.language == "en" else "无名之物"
    )


def near_title(p: Place) -> Sample | None:
    return p.renamed(lambda title: f"{title[:-1]}9" if title[-1] != "9" else f"{title[:-1]}8")


def title_of_another(p: Place) -> Sample | None:
    own = p.raw.ratings[p.sample.user_id]
    strange = sorted(film.title for id, film in p.raw.films.items() if id not in own)
    return p.renamed(lambda title: p.dice.choice(strange) if strange else None)


def rating(p: Place) -> Sample | None:
    """One step of the scale, of a rating that is told: "4.5 out of 5", 打了9分, 90%."""

    def other(found: re.Match[str]) -> str:
        value = float(found[1])
        value += -1 if value >= p.raw.scale.high else 1
        return found[0].replace(found[1], f"{value:g}", 1)

    pattern = r"(?<!满分)(?<!\d)(\d+(?:\.\d+)?)(?= out of|%(?! of| or)|分(?!及|制)|星(?!及))"
    return p.changed(pattern, other)


def verb(p: Place) -> Sample | None:
    """Something else was done."""
    known = _VERBS[p.sample.language]
    assert not any(event.kind == "download" for own in p.raw.events.values() for event in own)
    word = "downloaded" if p.sample.language == "en" else "下载过"
    return p.changed("|".join(map(re.escape, sorted(known, key=len, reverse=True))), lambda _: word)


def turned(p: Place) -> Sample | None:
    pairs = dict(_TURNED[p.sample.language])
    return p.changed("|".join(map(re.escape, pairs)), lambda found: pairs[found[0]])


def swapped_citation(p: Place) -> Sample | None:
    pieces = [piece for piece in p.sample.evidence if piece.id.startswith("H")]
    for at, _ in p.history():
        own = p.sample.sentences[at].cites
        cited = [id for id in own if id.startswith("H")]
        others = [piece.id for piece in pieces if piece.id not in own]
        if cited and others:
            cites = tuple(others[0] if id == cited[0] else id for id in own)
            return p.with_sentence(at, replace(p.sample.sentences[at], cites=cites))
    return None


def attribute(p: Place) -> Sample | None:
    """A value that no item of the text has, of an attribute that is told."""
    item = p.raw.films[p.sample.item_id]
    for column in p.raw.columns:
        own = set(item.attribute(column))
        others = sorted({v for f in p.raw.films.values() for v in f.attribute(column)} - own)
        name = p.raw.house(p.sample.language).called(column)
        for value in sorted(own) if others else ():
            for at, one in enumerate(p.sample.sentences):
                place = one.text.find(value, max(one.text.find(name[:4]), 0))
                if name[:4] in one.text and place >= 0:
                    text = one.text[:place] + others[0] + one.text[place + len(value) :]
                    return p.with_text(at, text)
    return None


def content_word(p: Place) -> Sample | None:
    for at, _ in p.history():
        text, word = p.sample.sentences[at].text, _WORDS[p.sample.language]
        mark = _MARKED.search(text)
        assert mark is not None
        space = " " if p.sample.language == "en" else ""
        return p.with_text(at, text[: mark.start()] + word + space + text[mark.start() :])
    return None


def oversell(p: Place) -> Sample | None:
    return p.with_sentence(0, replace(p.sample.sentences[0], text=_SOLD[p.sample.language]))


def users(p: Place) -> Sample | None:
    pattern = r"\d+(?= of \d+ users)|(?<=users, )\d+|(?<=用户中有)\d+(?=位)"
    return p.changed(pattern, lambda found: str(int(found[0]) + 1))


def rank(p: Place) -> Sample | None:
    pattern = r"(?<=would rank )(\d+)(?:st|nd|rd|th)|(?<=就会排在第)(\d+)(?=名)"

    def other(found: re.Match[str]) -> str:
        number = int(found[1] or found[2]) + 10
        return f"{number}th" if found[1] else str(number)

    return p.changed(pattern, other)


OPERATORS: Mapping[str, Plant] = {
    made.__name__: made
    for made in (
        invented_title, near_title, title_of_another, rating, verb, turned, swapped_citation,
        attribute, content_word, oversell, users, rank,
    )
}  # fmt: skip
