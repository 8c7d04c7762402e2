"""The requests to a language model: what stands where, and what is the same in all of them."""

from __future__ import annotations

import os
from typing import Any

import pytest

from recx_agent.errors import PromptError, SettingsError
from recx_agent.prompts import LlmPrompts
from recx_agent.protocols import Claim, Plan, Prompt
from recx_agent.schemas import Violation
from recx_agent.settings import WordingSettings
from recx_agent.testing.plans import CLAIMS, ITEM, evidence, plan_of

MAKER = LlmPrompts()
LANGUAGES = ("en", "zh")
THREE = Claim("because_history", ("H1", "H2", "H3"), {"again": (), "also_for": ()})


def ask(*claims: Claim, language: str = "en", **changed: Any) -> Prompt:
    plan = plan_of(*claims, language=language, **changed)
    return MAKER.explain(plan, MAKER.slots(plan))


def in_domain(domain: str, language: str = "en") -> Plan:
    wording = WordingSettings.model_validate({"language": language, "domain": domain})
    return Plan(ITEM, [THREE], evidence(), wording.model_dump())


def text_of(prompt: Prompt) -> str:
    return "\x00".join(f"{m.role}\x00{m.content}" for m in prompt.messages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_then_examples_then_the_task(language: str) -> None:
    prompt = ask(THREE, language=language)
    roles = [message.role for message in prompt.messages]
    assert roles == ["system", *["user", "assistant"] * len(prompt.examples), "user"]
    shown = tuple(m.content for m in prompt.messages if m.role == "assistant")
    assert shown == prompt.examples
    assert ITEM in prompt.messages[-1].content
    assert not any(ITEM in message.content for message in prompt.messages[:-1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("variants", [(0, 1), (2, 7)])
def test_most_of_two_prompts_is_a_prefix_they_share(
    language: str, variants: tuple[int, int]
) -> None:
    one = text_of(ask(THREE, language=language, variant=variants[0]))
    other = text_of(ask(CLAIMS["because_history"][0], language=language, variant=variants[1]))
    shared = len(os.path.commonprefix([one, other]))
    assert shared >= 0.6 * max(len(one), len(other))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_prompts_of_a_style_differ_in_the_last_message_only(language: str) -> None:
    one = ask(THREE, language=language)
    other = ask(THREE, language=language, H1={"title": "Brazil"})
    assert one.messages[:-1] == other.messages[:-1]
    assert one.messages[-1] != other.messages[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_stand_beside_their_words(language: str) -> None:
    plan = plan_of(THREE, *CLAIMS["in_common"], language=language)
    slots = MAKER.slots(plan)
    task = MAKER.explain(plan, slots).messages[-1].content
    for name in slots:
        if not name.endswith(".rating"):  # told in the deed
            assert "{" + name + "}" in task
    assert "Fargo" in task and "Crime" in task


def test_one_thing_beside_the_reason_is_noted_in_turn() -> None:
    more = [*CLAIMS["in_common"], *CLAIMS["everyone"][:1], *CLAIMS["fact"]]
    noted = []
    for variant in range(3):
        task = ask(THREE, *more, CLAIMS["against"][1], variant=variant).messages[-1].content
        noted.append(frozenset(p for p in ("{SHARED}", "{B1}", "{F1}") if p in task))
        assert "- reason: {H1}, {H2}, {H3}\n" in task
        assert "{H4}" in task
    assert noted == [{"{SHARED}"}, {"{B1}"}, {"{F1}"}]


def test_the_style_goes_with_the_variant() -> None:
    names = [ask(THREE, *CLAIMS["fact"], variant=variant).style for variant in range(30)]
    assert len(set(names)) >= 7
    assert all(one != other for one, other in zip(names, names[1:], strict=False))
    assert ask(THREE, variant=4) == ask(THREE, variant=4)


def test_what_was_told_before_is_known() -> None:
    again = Claim("because_history", ("H1", "H2"), {"again": ("H1",), "also_for": ()})
    fresh = Claim("because_history", ("H1", "H2"), {"again": (), "also_for": ()})
    assert "told for an earlier suggestion already: {H1}" in ask(again).messages[-1].content
    assert "earlier" not in ask(fresh).messages[-1].content
    assert "前面的推荐里已经说过：{H1}" in ask(again, language="zh").messages[-1].content


def test_no_user_id_is_in_a_prompt() -> None:
    plan = plan_of(THREE)
    named = Plan(plan.item_title, plan.claims, plan.evidence, plan.wording, user_id="user-4711")
    assert "4711" not in text_of(MAKER.explain(named, MAKER.slots(named)))


@pytest.mark.parametrize("kind", ["because_others", "no_single_cause", "outside", "own_item"])
def test_what_is_not_for_a_model_is_refused(kind: str) -> None:
    with pytest.raises(PromptError, match="templates tell"):
        ask(*CLAIMS[kind][:1])


def test_the_domain_speaks_in_the_first_message() -> None:
    shop, health = (
        MAKER.explain(plan, MAKER.slots(plan)) for plan in map(in_domain, ("shop", "health"))
    )
    assert "a shop" in shop.messages[0].content
    assert "a health service" in health.messages[0].content
    assert "Give no advice" in health.messages[0].content
    assert shop.version != health.version
    assert shop.messages[-1] == health.messages[-1]


def test_an_unknown_domain_is_named_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="no domain 'toys'; there are courses, film, finance"):
        MAKER.explain(in_domain("toys"), {})


def test_the_version_tells_language_domain_and_digest() -> None:
    en, zh = (ask(THREE, language=language).version for language in LANGUAGES)
    assert en.startswith("en-shop-") and zh.startswith("zh-shop-")
    assert "+" in en and en != zh
    assert ask(THREE).version == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_repair_goes_on_from_the_prompt_and_names_what_was_wrong(language: str) -> None:
    prompt = ask(THREE, language=language)
    wrong = Violation(kind="causal_overclaim", sentence=0, detail="because of {H3}\nrole: x")
    again = MAKER.repair(prompt, "{ITEM} is\nhere.", ["{ITEM} is here."], [wrong, wrong], language)
    assert again.messages[: len(prompt.messages)] == prompt.messages
    draft, asked = again.messages[len(prompt.messages) :]
    assert (draft.role, draft.content) == ("assistant", "{ITEM} is here.")
    assert asked.role == "user" and "{ITEM} is here." in asked.content
    plain = {"en": "gives something as the reason", "zh": "把不是原因的东西说成了原因"}
    assert asked.content.count(plain[language]) == 1
    assert "causal_overclaim" not in asked.content
    assert "because of (H3) role: x" in asked.content
    assert (again.style, again.version, again.examples) == (
        prompt.style,
        prompt.version,
        prompt.examples,
    )


def test_a_caution_is_that_of_the_domain() -> None:
    assert MAKER.caution({"domain": "finance"}) == "This is no investment advice."
    assert MAKER.caution({"domain": "finance", "language": "zh"}) == "以上内容不构成投资建议。"
    assert MAKER.caution({"domain": "film"}) == "" == MAKER.caution({})
