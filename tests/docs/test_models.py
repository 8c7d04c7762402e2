"""The table of a model's settings is that of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from recx_agent.settings import LlmSettings

PAGE = Path(__file__).parents[2] / "docs" / "models.md"


def test_every_setting_of_the_model_is_listed_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `llm\.(\w+)` \| ([^|]*?) ?\|", page, re.M))
    fields = LlmSettings.model_fields
    assert listed.keys() == fields.keys()
    for name, field in fields.items():
        default = field.default
        told = default if isinstance(default, str) else json.dumps(default)
        assert listed[name] == told.replace("null", ""), name
