"""Comparisons, what-ifs and profiles by templates: every claim in every wording."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import TASK_KINDS
from recx_agent.prompts import LlmPrompts, TemplateWriter
from recx_agent.prompts.task_viewer import CITES, STYLES
from recx_agent.protocols import Claim, Plan, Task
from recx_agent.schemas import Evidence
from tests.unit.prompts.conftest import LANGUAGES, WORDINGS, did, rated

WRITER = TemplateWriter()


def entry(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "item_id": title, **more}


FIELDS: dict[str, dict[str, Any]] = {
    "I1": entry("Heat", rank=2, score=3.0),
    "I2": entry("Casino", rank=1114, score=1.0),
    "I3": entry("Ronin", rank=None, score=0.5),
    "I4": entry("Fargo", rank_before=3, rank_after=14),
    "I5": entry("Kolya", rank_before=12, rank_after=9),
    "I6": entry("Cats", rank_before=5, rank_after=None),
    "H1": rated("Seven", 5.0),
    "H2": did("Alien", "view"),
    "H3": rated("Bound", 4.0),
    "A1": {"name": "genre", "value": "Drama"},
    "A2": {"name": "year", "value": "1995"},
    "E1": {"liked_by": 298, "other_liked_by": 120, "users": 943},
    "O1": {"share": 0.3},
    "T1": {"count": 45, "share": None},
    "W1": {"remove": ["Seven"]},
    "L1": {"k": 10, "replaced": 3},
}
CASES: dict[str, list[tuple[str, ...]]] = {
    "ahead": [("I1", "I2"), ("I1", "I3"), ("I3", "I1")],
    "level": [("I1", "I2"), ("I1", "I3")],
    "because_more": [("I1", "I2", "H1", "H2"), ("I1", "I2", "H1"), ("I1", "I2", "A1", "A2")],
    "because_others_more": [("I1", "I2", "O1")],
    "more_for_other": [("I2", "I1", "H3")],
    "everyone_more": [("I2", "I1", "E1")],
    "no_single_difference": [("I1", "I2", "T1")],
    "list_replaced": [("W1", "L1")],
    "list_same": [("W1", "L1")],
    "list_reordered": [("W1", "L1")],
    "list_grows": [("W1", "L1")],
    "leaves": [("W1", "L1", "I4")],
    "enters": [("W1", "L1", "I5")],
    "gone": [("W1", "L1", "I6")],
    "moves": [("W1", "L1", "I4"), ("W1", "L1", "I5")],
    "history_counts": [("T1",)],
    "leans_to": [("A1",), ("A1", "A2")],
    "leans_away": [("A1",)],
    "weighs_now": [("H1",), ("H1", "H2", "H3")],
    "nothing_counts": [("T1",)],
}
WHERE: dict[str, Task] = {
    kind: task  # type: ignore[misc]
    for task, kinds in TASK_KINDS.items()
    for kind in kinds
}


def plan(kind: str, ids: tuple[str, ...], language: str = "en", **changed: Any) -> Plan:
    evidence = {
        id: Evidence(id=id, kind="fact", text="-", fields={**fields, **changed.get(id, {})})
        for id, fields in FIELDS.items()
    }
    values = {"most": changed.get("most", False)}
    variant = changed.get("variant", 0)
    claims = [Claim(kind, ids, values)]
    return Plan("", claims, evidence, WORDINGS[language], variant=variant, task=WHERE[kind])


def text(kind: str, *ids: str, language: str = "en", **changed: Any) -> str:
    return WRITER.write(plan(kind, ids, language, **changed)).sentences[0].text


def test_every_kind_has_its_evidence_and_its_cases() -> None:
    assert set(CITES) == set(WHERE) == set(CASES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CASES)
def test_every_wording_is_a_sentence_that_names_what_it_cites(kind: str, language: str) -> None:
    for ids in CASES[kind]:
        told = [text(kind, *ids, language=language, variant=v) for v in range(STYLES)]
        assert len(set(told)) >= (1 if "level" in kind else 2)
        for each in told:
            assert each.endswith("。" if language == "zh" else ".")
            assert not re.search(r"  |\{|\}| ,| \.|None\b(?! of)|，，", each)
            for id in ids:
                if id[0] in "IH" and kind not in ("everyone_more", "no_single_difference"):
                    assert FIELDS[id]["title"] in each
                if id[0] == "A":
                    assert FIELDS[id]["value"] in each


@pytest.mark.parametrize("variant", range(STYLES))
def test_a_profile_has_the_article_of_the_noun(variant: int) -> None:
    for kind in ("leans_to", "leans_away"):
        of_items = replace(plan(kind, ("A1",), variant=variant), wording={"item": "item"})
        of_films = replace(of_items, wording={"item": "film"})
        told, of_film = (WRITER.write(one).sentences[0].text for one in (of_items, of_films))
        assert not re.search(r"\ba item\b|\ban film\b", told + of_film)
        assert told.replace("an item", "a film").replace("item", "film") == of_film


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (("ahead", "I1", "I2"), "“Heat” ranks above “Casino” for you: 2nd against 1,114th."),
        (
            ("ahead", "I3", "I1"),
            "“Ronin” scores higher than “Heat” for you; “Ronin” is no candidate, for you know it "
            "already.",
        ),
        (
            ("because_more", "I1", "I2", "H1", "H2"),
            "That is because you rated “Seven” 5 out of 5 and viewed “Alien”: each of these adds "
            "more to the score of “Heat” than to that of “Casino”.",
        ),
        (
            ("because_more", "I1", "I2", "A1"),
            "That is because of the genre Drama: this adds more to the score of “Heat” than to "
            "that of “Casino”.",
        ),
        (
            ("leaves", "W1", "L1", "I4"),
            "Without “Seven” in your history, “Fargo” would leave your top 10: it would rank 14th "
            "instead of 3rd.",
        ),
        (
            ("enters", "W1", "L1", "I5"),
            "Without “Seven” in your history, “Kolya” would come in: it would rank 9th instead of "
            "12th.",
        ),
        (
            ("gone", "W1", "L1", "I6"),
            "Without “Seven” in your history, “Cats” would no longer be suggested; it ranks 5th "
            "now.",
        ),
        (("history_counts", "T1"), "45 films in your history count."),
        (
            ("leans_to", "A1", "A2"),
            "Your history leans to the genre Drama and the release year 1995.",
        ),
    ],
)
def test_sentences_in_full(told: tuple[str, ...], sentence: str) -> None:
    kind, *ids = told
    assert text(kind, *ids) == sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"remove": ["A", "B"]}, "Without “A” and “B” in your history, "),
        ({"remove": [], "add": ["A"]}, "With “A” as the newest in your history, "),
        ({"remove": [], "mute": [["genre", "Drama"]]}, "With the genre Drama not counting, "),
        ({"remove": [], "exclude": ["A"]}, "With “A” left out, "),
        ({"remove": [], "exclude_values": [["year", "1995"]]}, "With the release year 1995 left "),
        ({"remove": [], "exclude": ["A"], "unnamed": True}, "With “A” and something else left "),
        ({"remove": [], "unnamed": True}, "With something left out, "),
        ({"remove": ["A"], "add": ["B"]}, "Without “A” in your history and with “B” as the newest"),
        ({"remove": []}, "With nothing changed, "),
    ],
)
def test_the_change_is_told_whole(change: dict[str, Any], words: str) -> None:
    assert text("list_same", "W1", "L1", W1=change).startswith(words)


def test_numbers_agree_with_their_nouns() -> None:
    assert "1 of your top 10 films would be another" in text(
        "list_replaced", "W1", "L1", L1={"k": 10, "replaced": 1}
    )
    assert "your first suggestion would be another" in text(
        "list_replaced", "W1", "L1", L1={"k": 1, "replaced": 1}
    )
    assert "all of your top 10 films" in text(
        "list_replaced", "W1", "L1", L1={"k": 10, "replaced": 10}
    )
    assert text("history_counts", "T1", T1={"count": 1}) == "One film in your history counts."
    assert "weighs most" in text("weighs_now", "H1", most=True, variant=1)
    assert "weigh" in text("weighs_now", "H1", "H2", most=True, variant=1)
    assert "most" not in text("weighs_now", "H1", "H2", variant=1)


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("ahead", ("I1",)),
        ("because_more", ("I1", "I2")),
        ("because_more", ("I1", "I2", "H1", "A1")),
        ("because_more", ("I1", "I2", "E1")),
        ("leaves", ("L1", "I4")),
        ("leans_to", ("H1",)),
        ("leans_to", ("A9",)),
    ],
)
def test_evidence_that_does_not_carry_a_claim_is_refused(kind: str, ids: tuple[str, ...]) -> None:
    with pytest.raises(PromptError):
        text(kind, *ids)
    with pytest.raises(PromptError):
        LlmPrompts().slots(plan(kind, ids))


def test_a_kind_of_another_task_is_refused() -> None:
    with pytest.raises(PromptError, match="no such kind"):
        WRITER.write(replace(plan("ahead", ("I1", "I2")), claims=[Claim("fact", ("I1",))]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_by_itself(language: str) -> None:
    told = {
        id: WRITER.evidence_text(id, FIELDS[id], WORDINGS[language])
        for id in ("I1", "I4", "I6", "W1", "L1", "E1")
    }
    english = {
        "I1": "“Heat”: 2nd",
        "I4": "“Fargo”: 3rd before, 14th after",
        "I6": "“Cats”: 5th before, no candidate after",
        "W1": "without “Seven” in your history",
        "L1": "your top 10: 3 replaced",
        "E1": "with everyone: liked by 298 and 120 of 943 users",
    }
    if language == "en":
        assert told == english
    assert all(told.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_have_the_words_that_templates_have(language: str) -> None:
    compared = LlmPrompts().slots(plan("because_more", ("I1", "I2", "H1", "A1")[:3], language))
    assert set(compared) == {"I1", "I1.rank", "I2", "I2.rank", "H1", "H1.deed"}
    moved = LlmPrompts().slots(plan("leaves", ("W1", "L1", "I4"), language))
    assert set(moved) == {"CHANGE", "TOP", "L1", "I4", "I4.from", "I4.to"}
    sentence = text("leaves", "W1", "L1", "I4", language=language).lower()
    for name in ("CHANGE", "TOP", "I4", "I4.from", "I4.to"):
        assert moved[name].text.lower() in sentence
    leaning = LlmPrompts().slots(plan("leans_to", ("A1", "A2"), language))
    assert set(leaning) == {"A1", "A1.name", "A2", "A2.name"}


def test_the_caution_of_a_domain_ends_these_texts_too() -> None:
    own = plan("ahead", ("I1", "I2"))
    careful = replace(own, wording={**own.wording, "domain": "finance"})
    assert len(WRITER.write(careful).sentences) == 2
