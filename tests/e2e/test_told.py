"""Comparisons, what-ifs and profiles: every sentence shown is true by the saved arrays.

The check (``told_check``, ``told_sentences``, ``told_figures``) knows nothing of how texts are made
or verified; it and the verifier are tried on planted untruths of each kind.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.explainer.teller import Teller
from recx_agent.factory import slots_of, speech_of
from recx_agent.grounding import fill
from recx_agent.protocols import Plan, Slot
from recx_agent.schemas import Told
from tests.e2e.told_check import Check
from tests.e2e.told_figures import Figures, Saved

ANSWERED = 60
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Answer:
    """What was told of a question, and what it is held against."""

    task: str
    language: str
    told: Told
    check: Check


@pytest.fixture(scope="module")
def saved(recx: Recx) -> Saved:
    return Saved(recx.version.model.parent)


@pytest.fixture(scope="module")
def answers(recx: Recx, saved: Saved, users: list[str]) -> list[Answer]:
    dice = random.Random(7)
    found = []
    for user in users[:ANSWERED]:
        figures = Figures(saved, user)
        one = figures.order[dice.randrange(10)]
        other = dice.choice([*figures.order[10:60], *sorted(figures.seen)[:10]])
        removed = dice.choice(list(figures.weights)[:5])
        ids = saved.ids[one], saved.ids[other]
        for language in LANGUAGES:
            by_attribute = recx.compare(user, *ids, view="attribute", language=language).told
            pair = Check(figures, language, pair=(one, other))
            changed = Check(figures, language, removed=removed)
            what_if = recx.what_if(user, remove=[saved.ids[removed]], language=language).told
            profile = recx.profile(user, language=language).told
            assert what_if is not None and profile is not None
            told = [
                ("compare", recx.compare(user, *ids, language=language).told, pair),
                ("compare", by_attribute, pair),
                ("what_if", what_if, changed),
                ("profile", profile, Check(figures, language)),
            ]
            found += [Answer(task, language, text, check) for task, text, check in told]
    return found


def test_every_sentence_of_60_users_is_true(answers: list[Answer]) -> None:
    problems = [
        (answer.check.figures.user, problem, sentence.text)
        for answer in answers
        for sentence in answer.told.sentences
        if (problem := answer.check.problem(sentence.text))
    ]
    tasks = Counter((answer.task, answer.language) for answer in answers)
    assert not problems, problems[:5]
    assert set(tasks.values()) == {ANSWERED, 2 * ANSWERED}


_WORDS = {
    "en": [
        ("ranks above", "ranks below"), ("comes before", "comes after"), ("is ahead", "is behind"),
        ("scores higher", "scores lower"), ("adds more", "adds less"), ("add more", "add less"),
        ("puts", "does not put"), ("would leave", "would enter"), ("out of your", "into your"),
        ("into your", "out of your"), ("rise", "fall"), ("fall", "rise"), ("ithout", "ith"),
        ("leans to", "leans away from"), ("away from", "to"), ("adds to a", "takes away from a"),
        ("speak for a", "speak against a"), ("favours", "is against"), ("None", "Two"),
        ("weigh most", "weigh least"), ("stay the same", "change"),
    ],
    "zh": [
        ("前面", "后面"), ("比", "和"), ("多", "少"), ("离开", "进入"), ("进入", "离开"),
        ("升到", "降到"), ("降到", "升到"), ("没有", "有"), ("偏向", "偏离"), ("偏离", "偏向"),
        ("加分", "减分"), ("最重", "最轻"), ("更有利", "更不利"), ("高", "低"), ("让", "不让"),
    ],
}  # fmt: skip
_MARKS = {"en": "“[^”]*”", "zh": "《[^》]*》"}


def lies(
    answer: Answer, text: str, titles: list[str], dice: random.Random
) -> Iterator[tuple[str, str]]:
    """Kinds of untruths, planted into a true sentence."""
    parts = re.split(f"({_MARKS[answer.language]})", text)
    for n, part in enumerate(parts[::2]):
        for kind, wrong in [*_numbers(part), *_words(part, answer.language)]:
            yield kind, _joined(parts, 2 * n, wrong)
    for n, quoted in enumerate(parts[1::2]):
        other = dice.choice(titles)
        if other not in text and not answer.check.figures.liked(other):
            yield "another title", _joined(parts, 2 * n + 1, quoted[0] + other + quoted[-1])
    names = getattr(answer.check, "names", {})
    first, second = (
        (parts[1][0] + name + parts[1][-1] for name in names.values())
        if (names and len(parts) > 1)
        else ("\0", "\0")
    )
    if first in text and second in text:
        yield (
            "the two swapped",
            text.replace(first, "\1").replace(second, first).replace("\1", second),
        )


def _numbers(part: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"\d+", part):
        before = part[: match.start()]
        # Those are no figures of his; and to the year beside one a history may lean as well.
        fixed = before.endswith(("满分", "out of ", "top ", "前"))
        if not fixed and not re.fullmatch("19[0-9]{2}", match[0]):
            wrong = str(int(match[0]) + 1)
            yield "a number one off", before + wrong + part[match.end() :]


def _words(part: str, language: str) -> Iterator[tuple[str, str]]:
    for old, new in _WORDS[language]:
        if old in part:
            yield f"{old} → {new}", part.replace(old, new, 1)


def _joined(parts: list[str], at: int, new: str) -> str:
    return "".join([*parts[:at], new, *parts[at + 1 :]])


def test_the_check_finds_planted_untruths(answers: list[Answer], saved: Saved) -> None:
    dice = random.Random(11)
    planted: Counter[str] = Counter()
    missed = []
    for answer in answers:
        for sentence in answer.told.sentences:
            for kind, lie in lies(answer, sentence.text, saved.titles, dice):
                planted[kind] += 1
                if answer.check.problem(lie) is None:
                    missed.append((kind, lie, sentence.text))
    print(f"\n{sum(planted.values())} untruths of {len(planted)} kinds, {len(missed)} missed")
    assert not missed, missed[:5]
    assert len(planted) >= 25 and sum(planted.values()) > 2_000


DRAFTS = {
    "en": {
        "compare": "{H} is ahead of {L}.",
        "ranked": "{H} ranks {H.rank} and {L} ranks {L.rank}.",
        "what_if": "{CHANGE}, {I} would rank {I.to} instead of {I.from}.",
        "profile": "Your history leans to the {A.name} {A}.",
    },
    "zh": {
        "compare": "{H}领先于{L}。",
        "ranked": "{H}排{H.rank}，{L}排{L.rank}。",
        "what_if": "{CHANGE}，{I}会排在{I.to}，而不是{I.from}。",
        "profile": "你的历史记录偏向{A.name}{A}。",
    },
}
"""Sentences of a model's, in the placeholders of the claims they tell."""


def drafts(plan: Plan, language: str) -> Iterator[tuple[str, str]]:
    """True sentences of a plan, and an untruth for each."""
    own = DRAFTS[language]
    for claim in plan.claims:
        ids = claim.evidence
        if claim.kind == "ahead":
            true = own["compare"].replace("{H}", "{X}").replace("{L}", "{Y}")
            yield _put(true, ids), _put(true, ids[::-1])
            if all(plan.evidence[id].fields["rank"] for id in ids):
                true = re.sub(r"\bH\b", "X", re.sub(r"\bL\b", "Y", own["ranked"]))
                yield _put(true, ids), _put(true, ids).replace(f"{ids[1]}.rank", f"{ids[0]}.rank")
        if claim.kind in ("leaves", "enters", "moves"):
            true = re.sub(r"\{I\b", "{" + ids[2], own["what_if"])
            wrong = true.replace(".to}", ".\0}").replace(".from}", ".to}").replace("\0", "from")
            yield true, wrong
        if claim.kind in ("leans_to", "leans_away"):
            true = re.sub(r"\{A\b", "{" + ids[0], own["profile"])
            away = {"en": "leans away from", "zh": "偏离"}[language]
            turned = true.replace({"en": "leans to", "zh": "偏向"}[language], away)
            yield (true, turned) if claim.kind == "leans_to" else (turned, true)


def _put(text: str, ids: tuple[str, ...]) -> str:
    return re.sub(r"\b[XY]\b", lambda match: ids["XY".index(match[0])], text)


def test_the_verifier_passes_what_is_true_and_finds_the_untruth_beside_it(
    recx: Recx, saved: Saved, users: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[Plan] = []
    make = Teller.plan

    def noted(*asked: Any) -> Plan:
        plans.append(make(*asked))
        return plans[-1]

    monkeypatch.setattr(Teller, "plan", noted)
    for user in users[:20]:
        figures = Figures(saved, user)
        ids = [saved.ids[item] for item in (figures.order[3], figures.order[40])]
        for language in LANGUAGES:
            recx.compare(user, *ids, language=language)
            newest = saved.ids[next(iter(figures.weights))]
            recx.what_if(user, remove=[newest], language=language)
            recx.profile(user, language=language)
    judged = 0
    for plan in plans:
        language = str(plan.wording["language"])
        slots: dict[str, Slot] = dict(slots_of(plan))
        judge = speech_of(plan.wording, plan.task).judge
        for true, lie in drafts(plan, language):
            judged += 1
            for text in (true, fill(true, slots)):
                assert judge.read(text, plan, slots).ok, text
            for text in (lie, fill(lie, slots)):
                assert not judge.read(text, plan, slots).ok, text
    assert judged > 200


def test_the_check_knows_nothing_of_how_texts_are_made() -> None:
    for name in ("told_check.py", "told_figures.py", "told_sentences.py"):
        source = (Path(__file__).parent / name).read_text(encoding="utf-8")
        assert not re.search(r"^(from|import) recx_agent", source, re.MULTILINE)
