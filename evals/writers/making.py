"""From what a suite says to writers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from recx_agent.evals.writers.base import WriterUnderTest
from recx_agent.evals.writers.baselines import BaselineTexts
from recx_agent.evals.writers.model import ModelTexts
from recx_agent.evals.writers.ranking import RankedStatements
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.evals.writers.texts import CaseTexts, FileTexts
from recx_agent.protocols import ChatModel
from recx_agent.settings import Settings
from recx_agent.settings.section import Section

_OWN: dict[str, set[str]] = {"ranking": {"statements"}, "file": {"path"}, "case": {"text"}}
ASKS_A_MODEL = frozenset({"model", "naive", "json"})


class WriterSpec(Section):
    """One writer of a suite."""

    kind: Literal["template", "model", "naive", "json", "ranking", "file", "case"]
    statements: int = Field(2, ge=1, le=10, description="shown by 'ranking'")
    path: Path | None = Field(None, description="of 'file': user_id, item_id, text")
    text: str | None = Field(None, description="of 'case': name of a text that comes with it")

    @model_validator(mode="after")
    def _only_its_own(self) -> WriterSpec:
        own = _OWN.get(self.kind, set())
        if alien := sorted(self.model_fields_set - own - {"kind"}):
            raise ValueError(f"a writer of kind {self.kind!r} has no {alien[0]!r}")
        for name in own - {"statements"}:
            if getattr(self, name) is None:
                raise ValueError(f"a writer of kind {self.kind!r} needs {name!r}")
        return self


def make_writers(
    specs: Mapping[str, WriterSpec], settings: Settings, model: ChatModel | None
) -> dict[str, WriterUnderTest]:
    """The writers of a suite, by name; each is to be closed.

    Parameters
    ----------
    specs : mapping of str to WriterSpec
    settings : Settings
    model : ChatModel or None
        What those ask that ask a model; it must be there if one does.

    Raises
    ------
    DataError
        A file of texts cannot be used.
    """
    return {name: _made(spec, settings, model) for name, spec in specs.items()}


def _made(spec: WriterSpec, settings: Settings, model: ChatModel | None) -> WriterUnderTest:
    if spec.kind == "template":
        return TemplateTexts(settings)
    if spec.kind == "ranking":
        return RankedStatements(spec.statements)
    if spec.kind == "file":
        assert spec.path is not None
        return FileTexts(spec.path)
    if spec.kind == "case":
        assert spec.text is not None
        return CaseTexts(spec.text)
    assert model is not None
    if spec.kind == "model":
        return ModelTexts(settings, model)
    return BaselineTexts(spec.kind, model, settings.llm)
