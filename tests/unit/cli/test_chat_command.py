"""``recx chat``: one line, one answer."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from recx_agent.cli.app import app


def test_it_answers_line_by_line_until_one_is_empty(planted_workspace: Path) -> None:
    said = "What should I watch?\nWhy the second one?\n\nHello\n"
    command = ["chat", "u0", "--no-llm", "-w", str(planted_workspace)]
    done = CliRunner().invoke(app, command, input=said)
    assert done.exit_code == 0, done.output
    listed, _, told = done.output.strip().partition("\n\n")
    second = listed.splitlines()[2].removeprefix("2. ")
    assert listed.startswith("Suggestions, best first:\n1. “")
    assert second in told
    assert "Hello" not in told


def test_it_speaks_the_language_that_is_asked_for(planted_workspace: Path) -> None:
    command = ["chat", "u0", "--no-llm", "--language", "zh", "-w", str(planted_workspace)]
    done = CliRunner().invoke(app, command, input="Hello\n")
    assert "我可以" in done.output or done.output.startswith("你好")
