"""What a language model's tokens cost, as the suite says."""

from __future__ import annotations

from pydantic import Field

from recx_agent.settings.section import Section


class Prices(Section):
    """Prices of a million tokens; of an own machine, what an hour costs over what it does."""

    prompt: float = Field(ge=0, description="of a million tokens read")
    completion: float = Field(ge=0, description="of a million tokens written")
    currency: str = Field("USD", min_length=1)

    def of_texts(self, prompt_tokens: float, completion_tokens: float, texts: int = 1000) -> float:
        """What so many texts cost that each take so many tokens."""
        each = self.prompt * prompt_tokens + self.completion * completion_tokens
        return each * texts / 1_000_000
