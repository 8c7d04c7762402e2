"""The shipped tests of writers, applied to the writers that ship."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recx_agent.errors import LlmFaulty
from recx_agent.factory import make_grounded_writer
from recx_agent.llms import ScriptedChatModel
from recx_agent.llms.scripted import Answer
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import ChatRequest
from recx_agent.settings import Settings
from recx_agent.testing import WriterConformance
from recx_agent.writing import GroundedWriter


class TestTemplateWriter(WriterConformance):
    languages = ("en", "zh")

    @pytest.fixture
    def writer(self) -> TemplateWriter:
        return TemplateWriter()


def scripted(answer: Answer) -> Iterator[GroundedWriter]:
    """A writer whose model always says the same."""

    def same(request: ChatRequest) -> Answer:
        return answer

    settings = Settings.model_validate({"llm": {"deadline_ms": 60_000.0}})
    made = make_grounded_writer(settings, ScriptedChatModel(same))
    yield made
    made.close()


class TestGroundedWriterOfAFaultyModel(WriterConformance):
    languages = ("en", "zh")

    @pytest.fixture
    def writer(self) -> Iterator[GroundedWriter]:
        yield from scripted(LlmFaulty("nothing to be read"))


class TestGroundedWriterOfAModelThatInvents(WriterConformance):
    languages = ("en", "zh")

    @pytest.fixture
    def writer(self) -> Iterator[GroundedWriter]:
        yield from scripted("Critics love {ITEM}, and so will you. {H1} won 7 awards.")
