"""Ours, by a language model: checked, repaired once, completed by templates."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from recx_agent.errors import PASSING_FAULTS, LlmUnreachable
from recx_agent.evals.cases import Case
from recx_agent.evals.writers.base import LeftOut, Written
from recx_agent.evals.writers.metered import Metered, metered
from recx_agent.evals.writers.template import of_draft, of_given
from recx_agent.factory import make_given_writer, make_grounded_writer
from recx_agent.protocols import ChatModel, Plan
from recx_agent.settings import Settings

_DECIDES = {"structured", "temperature", "max_tokens", "candidates", "repair", "discriminator"}


class ModelTexts:
    """The grounded writers of the package, without a deadline, without a cache.

    Parameters
    ----------
    settings : Settings
        Its section ``llm`` says how the model is asked.
    model : ChatModel
        Is closed by whoever made it.
    """

    def __init__(self, settings: Settings, model: ChatModel) -> None:
        self._settings, self._model = settings, model
        self._plans = make_grounded_writer(settings, Metered(model))
        self._given = make_given_writer(settings.llm, Metered(model))

    @property
    def description(self) -> Mapping[str, Any]:
        """The model, and the settings that decide what it writes."""
        settings = self._settings.llm.model_dump(mode="json", include=_DECIDES)
        return {"kind": "model", "model": self._model.name, "settings": settings}

    async def write(self, case: Case) -> Written:
        """Write one text; a template's in the place of a model that failed is none."""
        began = time.perf_counter()
        with metered() as cost:
            if isinstance(case.material, Plan):
                draft = await self._plans.write_slowly(case.material)
                _check(draft.fault)
                return of_draft(case.material, draft, began, cost.as_took())
            if case.material is None:
                raise LeftOut("there is nothing here that can be explained")
            told = await self._given.write_slowly(case.material)
            _check(told.fault)
            return of_given(told, began, cost.as_took())

    def close(self) -> None:
        """Let go of the writers."""
        self._plans.close()
        self._given.close()


def _check(fault: str | None) -> None:
    if fault in PASSING_FAULTS:
        raise LlmUnreachable(
            f"the language model failed in the middle ({fault}); what is written so far is kept: "
            "give the same command again when it answers"
        )
