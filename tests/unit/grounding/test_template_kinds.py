"""What templates say of everyone, the moment, facts and the user's own texts is read, and held.

A template's sentence is true by construction; every other one made of it by a change of count,
direction, name, value or cause is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from recx_agent.grounding import unfill
from recx_agent.prompts import LlmPrompts, TemplateWriter
from recx_agent.protocols import Claim, Plan, Slot
from recx_agent.schemas import Evidence
from tests.unit.grounding import world

HISTORY = Claim("because_history", ("H1", "H2", "H3"), {"again": (), "also_for": ()})
ONE = Claim("because_history", ("H1",), {"again": (), "also_for": ()})
ATTRIBUTE = Claim("because_attr", ("A1",))
REASONS = (HISTORY, ONE, ATTRIBUTE)
CLAIMS = {
    "everyone": Claim("everyone", ("B1",), {"most": False}),
    "everyone, most": Claim("everyone", ("B1",), {"most": True}),
    "everyone against": Claim("everyone_against", ("B1",)),
    "against": Claim("against", ("H4",)),
    "context": Claim("context", ("C1",)),
    "two contexts": Claim("context", ("C1", "C2")),
    "fact": Claim("fact", ("F1",)),
    "two facts": Claim("fact", ("F1", "F2")),
    "support": Claim("support", ("S1",)),
    "search": Claim("support", ("S2",)),
}
NAMES = {"en": {}, "zh": {"genre": "类型", "year": "年份", "weekday": "星期", "device": "设备"}}
CHANGES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "en": {
        "against": [
            ("Cats", "Fargo"), ("Cats", "Ronin"), ("1 out of 5", "5 out of 5"), ("rated", "bought"),
            ("counts? against|speak[s]? against", "adds to"), ("lowered", "raised"),
            (r"\bit\b", "“Fargo”"), ("other way", "same way"),
        ],
        "everyone": [
            ("298", "398"), ("943", "1,943"), ("4 or higher", "5 or higher"),
            ("better", "worse"), ("be lower", "be higher"), ("users", "critics"),
            ("adds to", "counts against"), ("its score", "the score of “Fargo”"),
            ("rated it", "loved it"), ("[Ii]t does", "“Fargo” does"), ("how it", "how “Fargo”"),
            ("adds to", "adds more to"), ("raised by", "lowered by"),
            ("Adding", "Counting against"),
        ],
        "context": [
            ("Friday", "Monday"), ("(adds|add) to", "counts against"), ("mobile", "a television"),
            ("also higher", "also lower"), ("its score", "the score of “Fargo”"),
            ("it is Friday", "you are in a good mood"), ("raised", "lowered"),
            ("Not only", "Only"), ("which", "which is why you loved it and which"),
        ],
        "fact": [
            ("Crime and Drama", "Crime and Comedy"), ("genres?", "release year"),
            ("1997", "1996"), (r"\b[Ii]ts? ", "“Cats” "), ("listed", "praised"),
            ("catalogue", "newspaper"), ("1997", "Crime and Drama"),
        ],
        "support": [
            ("heist", "comedy"), ("“Heat”", "“Fargo”"), ("“Heat”", "“Ronin”"),
            ("wrote", "searched for"), ("You|you", "Others"), ("writing this", "loving this"),
            ("searche?[sd]?( for)?|searching for|[Ss]earched for", "noted"),
            ("words", "favourites"),
        ],
    },
    "zh": {
        "against": [
            ("Cats", "Fargo"), ("Cats", "Ronin"), ("1分", "5分"), ("减了分", "加了分"),
            ("不利", "有利"), ("拉低", "提高"), ("反作用", "作用"),
        ],
        "everyone": [
            ("298", "398"), ("943", "1943"), ("4分", "5分"), ("要好", "要差"), ("更低", "更高"),
            ("用户", "影评人"), ("加了分", "减了分"), ("它在", "《Fargo》在"),
            ("它的推荐", "《Fargo》的推荐"), ("打了4分", "非常喜欢"),
            ("加了分", "加的分更多"), ("加分的", "不利的"),
        ],
        "context": [
            ("星期五", "星期一"), ("加了分", "减了分"), ("mobile", "电视"), ("提高", "降低"),
            ("高一些|高了一些", "低了一些"), ("它的", "《Fargo》的"), ("现在是", "你喜欢"),
            ("不只是", "只是"),
        ],
        "fact": [
            ("Crime", "Comedy"), ("类型", "年份"), ("年份", "类型"), ("1997", "1996"),
            ("它的|它", "《Cats》的"), ("目录", "报纸"),
        ],
        "support": [
            ("heist", "comedy"), ("《Heat》", "《Fargo》"), ("《Heat》", "《Ronin》"), ("你", "他"),
            ("写过|写道|写下|写", "搜索过"), ("搜索", "写下"),
        ],
    },
}  # fmt: skip
"""What is put in the place of what, by kind: a pattern, and its replacement."""
SO = {
    "en": ("{said}, so {ITEM} is suggested.", "{said}. That is why {ITEM} is suggested.",
           "Because {low}, {ITEM} is suggested.", "{ITEM} is suggested because {low}."),
    "zh": ("{said}，所以推荐{ITEM}。", "{said}。因此推荐{ITEM}。", "因为{said}，所以推荐{ITEM}。",
           "推荐{ITEM}，是因为{said}。"),
}  # fmt: skip
CASES = [(language, kind, reason) for language in CHANGES for kind in CLAIMS for reason in range(3)]


@cache
def plan(language: str, kind: str, reason: int) -> Plan:
    made = world.plan(REASONS[reason], CLAIMS[kind])
    more = {
        "C2": Evidence(
            id="C2", kind="cause", text="-", fields={"name": "device", "value": "mobile"},
            contribution=0.1,
        ),
        "S2": Evidence(
            id="S2", kind="support", text="-",
            fields={"text": "heist films", "event_type": "search", "title": None},
        ),
        "B1": made.evidence["B1"].model_copy(
            update={
                "fields": {**made.evidence["B1"].fields, "event_type": "rating",
                           "rating_min": 1.0, "rating_max": 5.0},
                "contribution": -0.3 if kind == "everyone against" else 0.3,
            }
        ),
    }  # fmt: skip
    wording = {"language": language, "domain": "film", "attribute_names": NAMES[language]}
    wording["item"] = {"en": "film", "zh": "电影"}[language]
    return replace(made, evidence={**made.evidence, **more}, wording=wording)


@cache
def texts(language: str, kind: str, reason: int) -> list[tuple[str, str]]:
    """Of every style the sentence with the reason, and that of the kind."""
    own, writer = plan(language, kind, reason), TemplateWriter(language)
    found = []
    for variant in range(len(writer.styles)):
        first, second = writer.write(replace(own, variant=variant)).sentences[:2]
        found.append((first.text, second.text))
    return found


def slots_of(own: Plan) -> Mapping[str, Slot]:
    """The placeholders of a plan, made once."""
    if id(own) not in _SLOTS:
        _SLOTS[id(own)] = own, LlmPrompts().slots(own)
    return _SLOTS[id(own)][1]


_SLOTS: dict[int, tuple[Plan, Mapping[str, Slot]]] = {}
JUDGES = {language: world.verifier(language) for language in ("en", "zh")}


def ok(language: str, own: Plan, *sentences: str) -> bool:
    """Whether the sentences but the first pass, after it."""
    joint = {"en": " ", "zh": ""}[language]
    slots = slots_of(own)
    read = JUDGES[language].read(joint.join(sentences), own, slots).sentences
    return not any(sentence.violations for sentence in read[1:])


@pytest.mark.parametrize(("language", "kind", "reason"), CASES)
def test_every_template_s_sentence_is_true(language: str, kind: str, reason: int) -> None:
    own = plan(language, kind, reason)
    slots = slots_of(own)
    for first, second in texts(language, kind, reason):
        assert ok(language, own, first, second), second
        assert ok(language, own, unfill(first, slots), unfill(second, slots)), second


@pytest.mark.parametrize(("language", "kind", "reason"), CASES)
def test_a_changed_one_is_not(language: str, kind: str, reason: int) -> None:
    own = plan(language, kind, reason)
    group = next((g for g in CHANGES[language] if g in kind), "support")
    group = "everyone" if "everyone" in kind else group
    changes, used = CHANGES[language][group], 0
    if kind == "search":
        changes = [(old, new) for old, new in changes if "Heat" not in old]
    turned = {"better": "worse", "be lower": "be higher", "要好": "要差", "更低": "更高"}
    for first, second in texts(language, kind, reason):
        for old, new in changes:
            if kind == "everyone against":
                old, new = turned.get(old, old), old if old in turned else new
            wrong = re.sub(old, new, second, count=1)
            most = kind == "everyone, most" and "more" in wrong + new
            if wrong != second and not (most and new in ("adds more to", "加的分更多")):
                used += 1
                assert not ok(language, own, first, wrong), (second, wrong)
    assert used >= 8


@pytest.mark.parametrize(("language", "kind", "reason"), CASES)
def test_none_is_a_reason(language: str, kind: str, reason: int) -> None:
    own = plan(language, kind, reason)
    for first, second in texts(language, kind, reason):
        said = second.rstrip(".。")
        for frame in SO[language]:
            title = slots_of(own)["ITEM"].text
            wrong = frame.replace("{ITEM}", title).replace("{said}", said)
            wrong = wrong.replace("{low}", said[0].lower() + said[1:])
            assert not ok(language, own, first, wrong), wrong


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_everyone_adds_is_no_more_than_the_plan_says(language: str) -> None:
    most, less = plan(language, "everyone, most", 0), plan(language, "everyone", 0)
    against = plan(language, "everyone against", 0)
    for first, second in texts(language, "everyone, most", 0):
        assert ok(language, most, first, second)
        assert not ok(language, less, first, second), second
        assert not ok(language, against, first, second), second
    for kind, other in (("everyone", against), ("everyone against", less)):
        for first, second in texts(language, kind, 0):
            assert not ok(language, other, first, second), second


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_plan_does_not_tell_of_the_moment_is_refused(language: str) -> None:
    own = plan(language, "context", 0)
    evidence = dict(own.evidence)
    evidence["C1"] = evidence["C1"].model_copy(update={"contribution": -0.2})
    for first, second in texts(language, "context", 0):
        assert not ok(language, replace(own, evidence=evidence), first, second), second


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_has_to_be_the_item_that_is_spoken_of(language: str) -> None:
    """After a sentence about a film of the history alone, "it" may be that film."""
    other = {"en": "You rated “Fargo” 5 out of 5.", "zh": "你给《Fargo》打了5分（满分5分）。"}
    for kind in ("everyone", "everyone against", "fact"):
        own, it = plan(language, kind, 0), {"en": r"\b[Ii]t\b", "zh": "它"}[language]
        for _, second in texts(language, kind, 0):
            if re.search(it, second) and kind != "fact":
                assert not ok(language, own, other[language], second), second
            if kind == "fact":  # the year of "Fargo" is not told
                assert not ok(language, own, other[language], second), second
