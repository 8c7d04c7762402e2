"""Options that several commands share."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from recx_agent.errors import SettingsError


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Folder of data, model and index; else RECX_WORKSPACE."),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")]
UserArgument = Annotated[str, typer.Argument(help="Id of the user.")]
CountOption = Annotated[int, typer.Option("-k", min=1, help="How many items.")]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Item or attribute that may not come. Repeatable."),
]
ColdOption = Annotated[
    bool, typer.Option("--allow-cold", help="Give a stranger what everyone likes.")
]
HistoryOption = Annotated[
    list[str] | None,
    typer.Option("--history", help="Item of a history to use instead, newest first. Repeatable."),
]

ContextOption = Annotated[
    list[str] | None,
    typer.Option("--context", help="What is known of the moment, name=value. Repeatable."),
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", help="Language of the text: en or zh.")
]


NoLlmOption = Annotated[
    bool, typer.Option("--no-llm", help="By templates, whatever the settings say.")
]
DeadlineOption = Annotated[
    float | None,
    typer.Option("--deadline-ms", min=1, help="Then templates answer; llm.deadline_ms if unset."),
]


def llm_overrides(no_llm: bool, deadline_ms: float | None = None) -> dict[str, Any]:
    """Settings that the options stand for."""
    llm: dict[str, Any] = {"base_url": None, "in_process": False} if no_llm else {}
    if deadline_ms is not None:
        llm["deadline_ms"] = deadline_ms
    return {"llm": llm} if llm else {}


def parse_context(entries: list[str] | None) -> dict[str, str]:
    """``name=value`` entries as a dictionary.

    Raises
    ------
    SettingsError
        An entry has no ``=``, or a name is given twice.
    """
    context: dict[str, str] = {}
    for entry in entries or []:
        name, sign, value = (part.strip() for part in entry.partition("="))
        if not (name and sign and value):
            raise SettingsError(f"--context {entry!r}: write it as name=value, such as device=tv")
        if name in context:
            raise SettingsError(f"--context {entry!r}: {name!r} is given twice")
        context[name] = value
    return context


def read_candidates(path: Path) -> list[str]:
    """Lines of a file, or of stdin for ``-``, that are not blank.

    Raises
    ------
    SettingsError
        It cannot be read as UTF-8 text, or holds nothing.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--candidates {path}: not readable as UTF-8 text: {error}") from error
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise SettingsError(f"--candidates {path}: it holds no items; write one id or title a line")
    return found


def parse_map(entries: list[str] | None) -> dict[str, str]:
    """``ours=theirs`` entries as a dictionary.

    Raises
    ------
    SettingsError
        An entry has no ``=``.
    """
    mapping = {}
    for entry in entries or []:
        ours, sign, theirs = entry.partition("=")
        if not (ours and sign and theirs):
            raise SettingsError(f"--map {entry!r}: write it as ours=theirs, such as user_id=who")
        mapping[ours.strip()] = theirs.strip()
    return mapping


def parse_scale(text: str | None) -> tuple[float, float] | None:
    """``1:5`` as a pair.

    Raises
    ------
    SettingsError
        It is not two numbers, the lower one first.
    """
    if text is None:
        return None
    low, sign, high = text.partition(":")
    try:
        scale = float(low), float(high)
    except ValueError:
        scale = 0.0, 0.0
    if not sign or not scale[0] < scale[1]:
        raise SettingsError(f"--scale {text!r}: write it as lowest:highest, such as 1:5")
    return scale
