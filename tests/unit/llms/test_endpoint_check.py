"""``recx llm check``: what is found of endpoints that have and have not what is needed."""

from __future__ import annotations

from typing import Any

import pytest

from recx_agent.errors import SettingsError
from recx_agent.llms.endpoint import Endpoint
from recx_agent.llms.endpoint_check import Finding, check_endpoint
from recx_agent.settings import LlmSettings
from tests.unit.llms.conftest import URL, FakeEndpoint, completion, http, models

CUT_OFF = completion("One two", finish_reason="length")
PROBED = completion("grammar 123")
TWO = completion("One", "Two", finish_reason="length")
ALL_GOOD: list[Any] = [CUT_OFF, PROBED, TWO, CUT_OFF]


@pytest.fixture
def use(endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> FakeEndpoint:
    """Make the check ask the fake endpoint."""

    def made(settings: LlmSettings, **more: Any) -> Endpoint:
        return Endpoint(settings, **{**more, "http_client": endpoint.client()})

    monkeypatch.setattr("recx_agent.llms.openai_chat.Endpoint", made)
    return endpoint


async def findings(**settings: Any) -> dict[str, Finding]:
    checked = check_endpoint(LlmSettings(**{"base_url": URL, **settings}))
    return {finding.name: finding async for finding in checked}


def marks(found: dict[str, Finding]) -> dict[str, bool | None]:
    return {name: finding.good for name, finding in found.items()}


async def test_all_is_there(use: FakeEndpoint) -> None:
    use.answers = list(ALL_GOOD)
    assert marks(await findings()) == dict.fromkeys(
        [
            "reachable",
            "model",
            "chat",
            "finish reason",
            "grammar",
            "several answers",
            "usage",
            "prefix caching",
        ],
        True,
    )


async def test_nothing_answers(use: FakeEndpoint) -> None:
    use.served = [http.ConnectError("refused")]
    found = await findings()
    assert marks(found) == {"reachable": False}
    assert "refused" in found["reachable"].detail


@pytest.mark.parametrize(
    ("served", "wanted", "words"),
    [
        (("a", "b"), None, "it serves a, b; set llm.model"),
        ((), None, "it serves none"),
        (("a",), "b", "llm.model is 'b', and it serves a"),
    ],
)
async def test_the_model_is_not_clear(
    use: FakeEndpoint, served: tuple[str, ...], wanted: str | None, words: str
) -> None:
    use.served = [models(*served)]
    found = await findings(model=wanted)
    assert marks(found) == {"reachable": True, "model": False}
    assert words in found["model"].detail


async def test_a_base_model(use: FakeEndpoint) -> None:
    told = "default chat template is no longer allowed, so you must provide a chat template"
    use.answers = [(400, {"error": {"message": told}}, {})]
    found = await findings()
    assert found["chat"].good is False
    assert "serve an instruction-tuned one" in found["chat"].detail


async def test_a_simple_endpoint_will_do(use: FakeEndpoint) -> None:
    """No grammar, no usage, one answer where two are wanted, no reason to end."""
    bare = completion("Hello.", finish_reason="stop", usage=None)
    use.answers = [bare]
    found = await findings()
    assert False not in marks(found).values()
    for name in ("finish reason", "grammar", "several answers", "usage", "prefix caching"):
        assert found[name].good is None


async def test_a_grammar_that_must_be_and_is_not(use: FakeEndpoint) -> None:
    use.answers = [CUT_OFF, completion("Hello."), TWO, CUT_OFF]
    found = await findings(structured="on")
    assert found["grammar"].good is False
    assert "set llm.structured to auto or off" in found["grammar"].detail


async def test_a_grammar_that_is_not_wanted(use: FakeEndpoint) -> None:
    use.answers = [CUT_OFF, TWO, CUT_OFF]
    assert (await findings(structured="off"))["grammar"].good is None


async def test_faults_on_the_way_do_not_end_it(use: FakeEndpoint) -> None:
    use.answers = [CUT_OFF, PROBED, (500, {"error": {"message": "no n"}}, {}), CUT_OFF]
    found = await findings()
    assert found["several answers"].good is None
    assert "llm.candidates must stay 1" in found["several answers"].detail
    assert found["prefix caching"].good is True


async def test_no_address() -> None:
    with pytest.raises(SettingsError, match="llm.base_url"):
        await anext(aiter(check_endpoint(LlmSettings())))
