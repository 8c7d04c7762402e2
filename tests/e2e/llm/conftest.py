"""One real vLLM for all tests of this folder, started by the project's own command.

``RECX_TEST_LLM_URL`` names a server that runs already, ``RECX_TEST_VLLM_PYTHON`` the
interpreter of an environment with vLLM; else it is the one that ``make setup-vllm`` has made.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.settings import LlmSettings
from tests.e2e.chroma_server import free_port
from tests.e2e.llm.packaged_model import is_there, model_folder
from tests.e2e.llm.serving import Serving

# Read here, as tests see no RECX_… variables.
RUNNING = os.environ.get("RECX_TEST_LLM_URL")
VLLM_PYTHON = os.environ.get("RECX_TEST_VLLM_PYTHON")
SERVED = "recx-test"


OF_VLLM = {"vllm_python", "vllm_model", "vllm_server", "vllm_url"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a real vLLM, which takes all processors."""
    for item in items:
        if not OF_VLLM.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("alone")


@pytest.fixture(scope="session")
def vllm_python(cache: Path) -> str:
    """The interpreter of an environment that has vLLM."""
    python = Path(VLLM_PYTHON) if VLLM_PYTHON else cache / "vllm" / "bin" / "python"
    if not python.is_file():
        _missing(f"there is no vLLM at {python}: make setup-vllm")
    return str(python)


@pytest.fixture(scope="session")
def vllm_model(cache: Path) -> str:
    """The folder of the model that the tests serve."""
    if not is_there(cache):
        _missing(f"there is no model at {model_folder(cache)}: make setup-vllm")
    return str(model_folder(cache))


@pytest.fixture(scope="session")
def vllm_server(
    vllm_python: str, vllm_model: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """The server itself, for tests that end it and start it again."""
    place = tmp_path_factory.mktemp("vllm")
    serving = Serving(vllm_python, vllm_model, SERVED, free_port(), place)
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture(scope="session")
def vllm_url(request: pytest.FixtureRequest) -> str:
    """The address of a running server whose model is called ``recx-test``."""
    if RUNNING:
        return RUNNING
    serving: Serving = request.getfixturevalue("vllm_server")
    return serving.url


@pytest.fixture
def own_server(vllm_server: Serving) -> Iterator[Serving]:
    """The server, for a test that may end it; it runs again afterwards."""
    yield vllm_server
    if not vllm_server.answers():
        vllm_server.stop()
        vllm_server.start()


MakeModel = Callable[..., OpenAIChatModel]


@pytest.fixture
async def make_model() -> AsyncIterator[MakeModel]:
    """Makes chat models, and closes them at the end."""
    made: list[OpenAIChatModel] = []

    def make(url: str, **settings: Any) -> OpenAIChatModel:
        model = OpenAIChatModel(LlmSettings(base_url=url, **settings))
        made.append(model)
        return model

    yield make
    for model in made:
        await model.aclose()


def recx(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [str(Path(sys.executable).with_name("recx")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **more)


def _missing(what: str) -> None:
    """Where it must be there, its absence is a failure."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
