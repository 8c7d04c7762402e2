"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

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
