"""The table of bad inputs in ``docs/bad_input.md``.

``python -m tests.e2e.bad_input.document``, in the root of the repository, writes it anew.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.e2e.bad_input import (
    bad_choices,
    bad_files,
    bad_questions,
    bad_saved,
    bad_tables,
    bad_values,
    taken,
)
from tests.e2e.bad_input.case import FIT, Case
from tests.e2e.bad_input.place import Told, copy_of, fitted_place, recx

GROUPS: dict[str, list[Case]] = {
    "Files": bad_files.CASES,
    "Tables": bad_tables.CASES,
    "Values, ids, times": bad_values.CASES,
    "Questions and settings": bad_questions.CASES,
    "Models, context, privacy": bad_choices.CASES,
    "What was saved, and where": bad_saved.CASES,
    "Taken as it is meant": taken.CASES,
}
DOCUMENT = Path(__file__).parents[3] / "docs" / "bad_input.md"
HEAD = f"""# Bad input, and what it gets

Each row is a command that is run by the tests in a folder with good files and a fitted
workspace, in which one thing has been made bad. The exit code tells the kind of error: 1 the
data, 2 the way of asking, 3 a stranger, 4 the workspace, 5 the evidence index, 6 writing. None
leaves a traceback, and after each error the workspace is, byte by byte, what it was before, but
for its lock files. `recx fit …` is
`recx {FIT}`.

`python -m tests.e2e.bad_input.document` writes these tables; the tests hold them against what
is really said. Words of other libraries in a message may differ with their versions.
"""
_MASKS = (
    (re.compile(r"process \d+"), "process N"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "…"),
    (re.compile(r"generation-[0-9a-f]+"), "generation-…"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "…"),
)
_SHOWN = 100


def run_case(case: Case, place: Path) -> Told:
    """Make the bad input in a place, and run the command that meets it."""
    undo = case.make(place)
    try:
        told = recx(place, shlex.split(case.command), case.env, case.limits)
        return replace(told, err=told.err.replace(f"{place}/", ""))
    finally:
        if callable(undo):
            undo()


def row_of(case: Case, told: Told) -> str:
    """One row of the document: the same on every machine."""
    said = " … ".join(case.words) if case.code == 0 else message(told)
    command = f"recx {case.command}".replace(FIT, "fit …")
    shown = command if len(command) <= _SHOWN else command[:_SHOWN] + "…"
    return f"| {name_of(case)} | {_code(shown)} | {case.code} | {_code(said)} |"


def name_of(case: Case) -> str:
    """Put the name of a case into a cell."""
    return case.name.replace("|", "\\|")


def message(told: Told) -> str:
    """Give what was said on stderr, in one line, without what differs from run to run."""
    boxed = re.findall(r"^│ (.*?) *│$", told.err, re.MULTILINE)
    text = " ".join(boxed) if boxed else told.err.strip().removeprefix("error: ")
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def _code(text: str) -> str:
    """Put a text into a cell as code, whatever is in it."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return f"`` {plain} ``".replace("|", "\\|")


def document(row: Callable[[Case], str]) -> str:
    """Put the whole document together."""
    parts = [HEAD]
    for title, cases in GROUPS.items():
        rows = "\n".join(row(case) for case in cases)
        parts.append(
            f"## {title}\n\n| input | command | exit | what it gets |\n|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def main() -> None:
    """Run every case, and write the document."""
    with tempfile.TemporaryDirectory() as scratch:
        base = fitted_place(Path(scratch) / "base")

        def row(case: Case) -> str:
            place = copy_of(base, Path(tempfile.mkdtemp(dir=scratch)) / "place")
            return row_of(case, run_case(case, place))

        DOCUMENT.write_text(document(row), encoding="utf-8")


if __name__ == "__main__":
    main()
