"""The shipped tests of writers, applied to the template writer."""

from __future__ import annotations

import pytest

from recx_agent.prompts import TemplateWriter
from recx_agent.testing import WriterConformance


class TestTemplateWriter(WriterConformance):
    languages = ("en", "zh")

    @pytest.fixture
    def writer(self) -> TemplateWriter:
        return TemplateWriter()
