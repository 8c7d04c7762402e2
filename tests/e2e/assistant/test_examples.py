"""Both example assistants as programs, against a scripted endpoint."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recx_agent import Recx
from tests.e2e.assistant.scripted_endpoint import ScriptedEndpoint, calls, says, serving
from tests.unit.conftest import build_planted

EXAMPLES = Path(__file__).parents[3] / "examples"
SAID = (
    "What should I watch?",
    "Why the first one?",
    "And if I had not seen that?",
    "Not because of that again.",
    "Why the first one?",
)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_planted(tmp_path_factory.mktemp("planted"))


def run(example: str, workspace: Path, endpoint: ScriptedEndpoint) -> list[str]:
    command = [sys.executable, str(EXAMPLES / example), str(workspace), "u0"]
    command += ["--base-url", endpoint.url, "--model", "scripted"]
    done = subprocess.run(
        command, input="\n".join(SAID), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return [shown.partition("\n")[2].strip() for shown in f"\n{done.stdout}".split("\n> ")[1:]]


@pytest.mark.parametrize("example", ["openai_assistant.py", "langchain_assistant.py"])
def test_recommend_why_what_if_feedback_and_the_reason_is_gone(
    example: str, planted: Path, tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(planted, tmp_path / "workspace"))
    with Recx.open(workspace) as recx:
        item = recx.recommend("u0", 1).items[0].title
        before = recx.explain("u0", item)
        cause = before.evidence[0].fields["title"]
        what_if = recx.what_if("u0", remove=[cause]).told
    assert what_if is not None
    script = [
        calls("recommend_items", k=3),
        says("Here are my suggestions:\n{R1}\nYou will love them."),
        calls("explain_recommendation", item=item),
        says("Here is why: {R1}"),
        calls("what_if", remove=[cause]),
        says("Without it you would be sad."),
        calls("give_feedback", kind="not_because_of", what=cause),
        says("Noted. {R1}"),
        calls("explain_recommendation", item=item),
        says(f"Because you rated “{cause}” 5 out of 5, it is suggested."),
    ]
    with serving(script) as endpoint:
        shown = run(example, workspace, endpoint)
    assert shown[0].startswith("Here are my suggestions:\n\nSuggestions, best first:\n1. “")
    assert "love them" not in shown[0]
    assert shown[1] == f"Here is why:\n\n{before.text}"
    assert shown[2] == what_if.text
    assert shown[3] == f"Noted.\n\nKept: “{cause}” is no reason any more."
    with Recx.open(workspace) as recx:
        assert shown[4] == recx.explain("u0", item).text
    assert f"“{cause}”" not in shown[4]
    assert len(endpoint.requests) == len(script)
    assert all("u0" not in str(request) for request in endpoint.requests)


@pytest.mark.parametrize("example", ["openai_assistant.py", "langchain_assistant.py"])
def test_an_endpoint_that_fails_costs_only_the_models_words(
    example: str, planted: Path, tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(planted, tmp_path / "workspace"))
    with Recx.open(workspace) as recx:
        item = recx.recommend("u0", 1).items[0].title
    with serving([]) as endpoint:
        shown = run(example, workspace, endpoint)
    assert shown[0].startswith(f"Suggestions, best first:\n1. “{item}”")
    assert f"“{item}”" in shown[1]
    assert shown[2].startswith("Without “")
    assert shown[3].startswith("Kept: “")
