from __future__ import annotations

import pytest

from recx_agent.explainer.claims import ABSTENTIONS, REASONS
from recx_agent.protocols import Claim
from recx_agent.testing.plans import CLAIMS
from recx_agent.writing.kinds import GIVES_REASON, abstains, is_worded
from tests.unit.writing.plans import AGAINST, BECAUSE, FACT, plan


def test_the_kinds_are_those_of_the_planner() -> None:
    assert GIVES_REASON == REASONS


@pytest.mark.parametrize("kind", sorted(ABSTENTIONS))
def test_an_abstention_is_not_worded(kind: str) -> None:
    given = plan(*CLAIMS[kind][:1], FACT)
    assert abstains(given)
    assert not is_worded(given)


@pytest.mark.parametrize("kind", ["because_others", "outside", "chosen_elsewhere"])
def test_what_must_be_said_in_set_words_is_not_worded(kind: str) -> None:
    assert not is_worded(plan(BECAUSE, *CLAIMS[kind]))
    assert not is_worded(plan(*CLAIMS[kind], Claim("speaks_for", ("H1",))))


def test_a_reason_of_history_or_attributes_is() -> None:
    assert is_worded(plan(BECAUSE, AGAINST))
    assert is_worded(plan(Claim("because_attr", ("A1",))))
    assert not is_worded(plan(FACT))
    assert not is_worded(plan())
