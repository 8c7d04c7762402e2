"""Health and finance have rules of their own, on unless they are switched off."""

from __future__ import annotations

import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.people import sensitive_in_force
from recx_agent.sensitive import DOMAINS, Sensitive, rules_in_force
from recx_agent.settings import DataSettings, PrivacySettings, SensitiveRule, Settings

TITLES = {
    "health": [
        ("Living with HIV", True),
        ("Archive of sleep advice", False),
        ("HIV 感染者的日常", True),
        ("与抑郁共处", True),
        ("Pregnancy, week by week", True),
        ("Ten minutes of stretching", False),
        ("Healthy breakfasts", False),
        ("早餐食谱", False),
        ("Studio yoga", False),  # "std", "sti" are words of their own
    ],
    "finance": [
        ("Bankruptcy: first steps", True),
        ("Payday loans compared", True),
        ("Savings account", False),
        ("个人破产指南", True),
        ("指数基金入门", False),
        ("Debt consolidation", True),
        ("Spawning new ideas", False),  # "pawn" is a word of its own
    ],
}


def dataset_of(titles: list[str]) -> Dataset:
    items = pd.DataFrame(
        {
            "item_id": [f"i{n}" for n in range(len(titles))],
            "title": titles,
            "condition": "asthma",
            "income": "low",
            "topic": "daily life",
        }
    )
    events = pd.DataFrame(
        {"user_id": "u", "item_id": items["item_id"], "value": 5, "event_type": "rating"}
    )
    odd = pd.DataFrame(
        {"user_id": "u", "item_id": ["i0", "i0"], "event_type": ["diagnosis", "overdraft"]}
    )
    settings = DataSettings(scale=(1, 5))
    return read_dataset(settings, interactions=pd.concat([events, odd]), items=items)[0]


def test_both_domains_have_rules() -> None:
    assert DOMAINS == ("finance", "health")


@pytest.mark.parametrize("domain", DOMAINS)
def test_titles_attributes_and_event_types_of_a_domain(domain: str) -> None:
    dataset = dataset_of([title for title, _ in TITLES[domain]])
    settings = Settings.model_validate({"wording": {"domain": domain}})
    sensitive = sensitive_in_force(dataset, settings, {})
    assert sensitive.items.tolist() == [covered for _, covered in TITLES[domain]]
    assert not sensitive.items_out.any()  # it counts, but is not told
    assert sensitive.names_value("condition", "asthma") is (domain != "health")
    assert sensitive.names_value("income", "low") is (domain != "finance")
    assert sensitive.names_value("topic", "daily life")
    assert sensitive.kinds == {{"health": "diagnosis", "finance": "overdraft"}[domain]}


@pytest.mark.parametrize("domain", DOMAINS)
def test_own_texts_with_such_words_are_not_told(domain: str) -> None:
    sensitive = Sensitive.compile(rules_in_force(PrivacySettings(), domain), dataset_of(["A"]))
    words = {"health": "since my miscarriage …", "finance": "我被催收了"}
    assert not sensitive.names_text(words[domain])
    assert sensitive.names_text("nice and short")


def test_a_domain_that_a_version_was_fitted_with_counts() -> None:
    dataset = dataset_of(["Living with HIV"])
    fitted = {"domain": "health"}
    assert sensitive_in_force(dataset, Settings(), fitted).items.all()
    now = Settings.model_validate({"wording": {"domain": "shop"}})
    assert not sensitive_in_force(dataset, now, fitted)


def test_they_can_be_switched_off_and_other_domains_have_none() -> None:
    own = SensitiveRule(words=("secret",))
    on, off = (PrivacySettings(sensitive=(own,), default_rules=given) for given in (True, False))
    assert rules_in_force(off, "health") == rules_in_force(on, "film") == (own,)
    assert rules_in_force(on, "health")[0] == own
    assert len(rules_in_force(on, "health")) == 3


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_word_stands_alone(domain: str) -> None:
    for rule in rules_in_force(PrivacySettings(), domain):
        for listed in (rule.words, rule.attributes, rule.event_types):
            assert all(word == word.strip() and word for word in listed)
            assert len(set(listed)) == len(listed)
