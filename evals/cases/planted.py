"""Cases of a planted world: each with the rule of its user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recx_agent.evals.cases.case import Case
from recx_agent.evals.worlds.rules import IN_EXTRA, Rule


def with_rules(cases: Sequence[Case], rules: Mapping[str, Rule]) -> list[Case]:
    """The same cases; each sample tells the judges what its user follows, and no writer.

    Parameters
    ----------
    cases : sequence of Case
        Of users who have a rule.
    rules : mapping of str to Rule
        By external user id.
    """
    return [
        replace(case, extra={**case.extra, IN_EXTRA: rules[case.user_id].as_dict()})
        for case in cases
    ]
