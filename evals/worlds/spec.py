"""How large a planted world is, and how noisy."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from recx_agent.evals.worlds.catalogue import LEAST_ITEMS, PAIRS, TITLES
from recx_agent.evals.worlds.rules import RULES, RuleKind
from recx_agent.settings.section import Section

_LIKES_OF_A_CONJUNCTION = 36
"""Of so many items one has both attributes of a conjunction, in the mean twice over."""


class WorldSpec(Section):
    """A planted world; equal settings give equal worlds."""

    rules: tuple[RuleKind, ...] = Field(RULES, min_length=1, description="which there are")
    users_per_rule: int = Field(24, ge=1, le=PAIRS, description="users who follow each rule")
    items: int = Field(360, ge=LEAST_ITEMS, le=TITLES, description="items of the catalogue")
    likes: int = Field(10, ge=2, description="items that a user rates high")
    dislikes: int = Field(5, ge=0, description="items that a user rates low")
    noise: float = Field(
        0.2, ge=0, lt=1, description="share of the likes that follow no rule, drawn by chance"
    )
    seed: int = Field(0, ge=0)

    @field_validator("rules")
    @classmethod
    def _once(cls, rules: tuple[RuleKind, ...]) -> tuple[RuleKind, ...]:
        if len(set(rules)) < len(rules):
            raise ValueError("a rule stands here twice")
        return rules

    @model_validator(mode="after")
    def _something_left(self) -> Self:
        most = self.items // _LIKES_OF_A_CONJUNCTION
        if self.likes > most:
            raise ValueError(
                f"{self.likes} likes of {self.items} items leave nothing to suggest; give {most} "
                f"or fewer, or {_LIKES_OF_A_CONJUNCTION * self.likes} items or more"
            )
        return self
