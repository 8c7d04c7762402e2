"""The command ``recx explain-given``: explanations from texts of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from recx_agent.cli.console import out
from recx_agent.cli.options import Format, FormatOption, LanguageOption
from recx_agent.errors import DataError, UsageError

_ITEM, _USER, _ABOUT = "item_title", "about_user", "about_item"
_FIELDS = {_ITEM, _USER, _ABOUT, "language"}


def explain_given(
    file: Annotated[
        Path,
        typer.Option(help="JSON or JSONL with item_title, about_user, about_item; - for stdin."),
    ],
    format: FormatOption = Format.TEXT,
    language: LanguageOption = None,
) -> None:
    """Say why an item may suit a user, by nothing but texts given; needs no workspace."""
    from recx_agent.given import explain_given_all, given_case

    cases = []
    for number, row in enumerate(_rows(file), 1):
        spoken: Any = language or row.get("language") or "en"
        if spoken not in ("en", "zh"):
            raise _wrong(file, number, "language", f"{spoken!r} is not told here; give en or zh")
        try:
            cases.append(given_case(row[_ITEM], row[_USER], row[_ABOUT], spoken))
        except UsageError as error:
            raise DataError(str(error), source=file, row=number) from error
    for number, told in enumerate(explain_given_all(cases)):
        if format is Format.JSON:
            out.file.write(told.model_dump_json() + "\n")
            continue
        if number:
            out.print()
        out.print(told.item_title, style="bold", markup=False)
        out.print(told.text, markup=False)
        cited = ", ".join(f"{n}: {' '.join(s.evidence)}" for n, s in enumerate(told.sentences, 1))
        out.print(f"{told.verdict}; sentence: passages {cited}", style="dim", markup=False)


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"not readable as UTF-8 text ({error})", source=file, remedy="give a JSON file"
        ) from error
    try:
        whole = json.loads(text)
        rows = whole if isinstance(whole, list) else [whole]
    except ValueError:
        rows = [_line(line, file, n) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not rows:
        raise DataError("nothing is in it", source=file, remedy="give one object a line")
    return [_checked(row, file, number) for number, row in enumerate(rows, 1)]


def _line(line: str, file: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise DataError(
            f"no JSON ({error})",
            source=file,
            row=number,
            remedy="give one JSON document, or one object a line",
        ) from error


def _checked(row: Any, file: Path, number: int) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise _wrong(file, number, None, "no JSON object")
    if unknown := sorted(set(row) - _FIELDS):
        raise _wrong(file, number, unknown[0], f"unknown; there are {', '.join(sorted(_FIELDS))}")
    if not isinstance(row.get(_ITEM), str):
        raise _wrong(file, number, _ITEM, "no text here")
    for name in (_USER, _ABOUT):
        texts = row.get(name)
        row[name] = [texts] if isinstance(texts, str) else texts
        if not isinstance(row[name], list) or not all(isinstance(t, str) for t in row[name]):
            raise _wrong(file, number, name, "neither a text nor a list of texts")
    return row


def _wrong(file: Path, number: int, field: str | None, problem: str) -> DataError:
    remedy = "see 'recx explain-given --help' and docs/given.md"
    return DataError(problem, source=file, row=number, field=field, remedy=remedy)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explain-given")(explain_given)
