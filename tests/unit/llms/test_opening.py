"""Which chat model the settings ask for."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from recx_agent.errors import (
    SettingsError,
)
from recx_agent.llms import open_chat_model
from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.settings import LlmSettings
from tests.unit.llms.conftest import (
    KEY,
    URL,
)


def test_nothing_is_set() -> None:
    assert open_chat_model(LlmSettings()) is None


def test_an_address_is_set() -> None:
    settings = LlmSettings(base_url=URL, api_key=SecretStr(KEY))
    model = open_chat_model(settings)
    assert isinstance(model, OpenAIChatModel)
    assert repr(model) == f"OpenAIChatModel(its only model at {URL})"
    asyncio.run(model.aclose())


def test_two_are_set() -> None:
    with pytest.raises(SettingsError, match="leave one of them out"):
        open_chat_model(LlmSettings(base_url=URL, in_process=True, model="m"))


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openai", None)
    with pytest.raises(SettingsError, match=r"pip install 'recx-agent\[llm\]'"):
        open_chat_model(LlmSettings(base_url=URL))
