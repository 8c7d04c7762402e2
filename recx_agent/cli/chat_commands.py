"""The command that talks: ``recx chat``."""

from __future__ import annotations

import sys

import typer

from recx_agent.cli.console import out
from recx_agent.cli.options import (
    LanguageOption,
    NoLlmOption,
    UserArgument,
    WorkspaceOption,
    llm_overrides,
)


def chat(
    user: UserArgument,
    language: LanguageOption = None,
    no_llm: NoLlmOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Talk with the assistant: one line, one answer; an empty line or Ctrl-D ends it.

    Without a language model, code answers by the words alone.
    """
    from recx_agent.assistant import Assistant
    from recx_agent.recx import Recx

    asks = sys.stdin.isatty()
    with (
        Recx.open(workspace, **llm_overrides(no_llm, None)) as recx,
        Assistant(recx, language=language) as assistant,
    ):
        conversation = assistant.conversation(user)
        while True:
            if asks:
                out.print("> ", end="")
            line = sys.stdin.readline().strip()
            if not line:
                return
            reply = assistant.reply(conversation, line)
            out.print(reply.text, markup=False, highlight=False, soft_wrap=True)
            out.print()


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(chat)
