"""The official client against the chat endpoint, over a socket, with a scripted model behind it."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import openai
import pytest
import uvicorn

from recx_agent import Recx
from recx_agent.serve.chat.router import make_chat_router
from recx_agent.serve.identity import Tokens
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.running import Service
from recx_agent.settings import Settings
from tests.e2e.assistant.scripted_endpoint import Json, says, serving
from tests.unit.conftest import build_planted

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_planted(tmp_path_factory.mktemp("planted"))


class Endpoint:
    """The endpoint at its address, and clients of its users."""

    def __init__(self, service: Service, url: str) -> None:
        self.service = service
        self.url = url

    def client(self, user: str = "u0", secret: str = SECRET) -> openai.OpenAI:
        settings = Settings.model_validate({"serve": {"tokens": {"secret": secret}}})
        token = Tokens(settings.serve.tokens).mint(
            user, ("recommend", "feedback"), timedelta(minutes=5)
        )
        return openai.OpenAI(base_url=self.url, api_key=token, max_retries=0, timeout=30)


@contextmanager
def running(workspace: Path, script: list[Json]) -> Iterator[Endpoint]:
    with serving(script) as model, socket.create_server(("127.0.0.1", 0)) as listener:
        settings = Settings.model_validate(
            {
                "workspace": workspace,
                "llm": {"base_url": model.url, "model": "scripted", "retries": 0},
                "serve": {"tokens": {"secret": SECRET}},
            }
        )
        # The explanations' own writer is not what is tried here: templates write.
        service = Service.of(settings, lambda: Recx.open(workspace))
        app = make_app(service, routers=[make_chat_router(service)])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Endpoint(service, f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
        finally:
            server.should_exit = True
            thread.join()


def test_the_official_client_talks_with_it_whole_and_streamed(
    planted: Path, tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(planted, tmp_path / "workspace"))
    script = [says("Here are my suggestions: {R1} You will love it."), says("Here is why: {R1}")]
    with running(workspace, script) as endpoint, endpoint.client() as client:
        assert [model.id for model in client.models.list()] == ["recx-agent"]
        whole = client.chat.completions.create(
            model="recx-agent",
            messages=[{"role": "user", "content": "What should I watch?"}],
            user="u1",
            temperature=0.3,
            metadata={"user_id": "u1"},
        )
        text = whole.choices[0].message.content or ""
        assert text.startswith("Here are my suggestions:\n\nSuggestions, best first:\n1. “Comedy")
        assert "love" not in text
        assert whole.usage is not None
        assert whole.usage.total_tokens == 10
        stream = client.chat.completions.create(
            model="recx-agent",
            messages=[{"role": "user", "content": "Why the first one?"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = list(stream)
    shown = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    with Recx.open(workspace) as recx:
        item = recx.recommend("u0", 1).items[0].title
        assert shown == f"Here is why:\n\n{recx.explain('u0', item).text}"
    assert chunks[-1].usage is not None
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_errors_are_those_that_the_client_knows(planted: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(planted, tmp_path / "workspace"))
    said: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "Hi"}]
    with running(workspace, []) as endpoint:
        with (
            endpoint.client(secret="f" * 40) as forger,
            pytest.raises(openai.AuthenticationError),
        ):
            forger.chat.completions.create(model="recx-agent", messages=said)
        with endpoint.client() as client:
            with pytest.raises(openai.NotFoundError):
                client.chat.completions.create(model="gpt-9", messages=said)
            with pytest.raises(openai.BadRequestError):
                client.chat.completions.create(model="recx-agent", messages=[])
            answer = client.chat.completions.create(model="recx-agent", messages=said)
            assert (answer.choices[0].message.content or "").startswith("Hello! I can suggest")


def test_two_users_share_nothing(planted: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(planted, tmp_path / "workspace"))
    with running(workspace, []) as endpoint:
        shown = []
        for user in ("u0", "u1"):
            with endpoint.client(user) as client:
                for text in ("What should I watch?", "Why the second one?"):
                    answer = client.chat.completions.create(
                        model="recx-agent", messages=[{"role": "user", "content": text}], user="u0"
                    )
                    shown.append(answer.choices[0].message.content or "")
    assert "Comedy" in shown[0] and "Comedy" in shown[1] and "Western" not in shown[0] + shown[1]
    assert "Western" in shown[2] and "Western" in shown[3] and "Comedy" not in shown[2] + shown[3]
