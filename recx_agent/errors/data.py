"""Input data, and training on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recx_agent.errors.base import RecxError


class DataError(RecxError):
    """Input data cannot be used.

    Parameters
    ----------
    problem : str
        What is wrong.
    source : str or Path
        File, or the name of a data frame.
    row : int, optional
        1-based line of a text file (the header is line 1), or 0-based index of a frame.
    field : str, optional
        The column as it is called in the source.
    remedy : str, optional
        What to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str | Path,
        row: int | None = None,
        field: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.source = str(source)
        self.row = row
        self.field = field
        self.remedy = remedy
        where = self.source
        if row is not None:
            where += f", row {row}"
        if field is not None:
            where += f", field {field!r}"
        super().__init__(f"{where}: {problem}" + (f"; {remedy}" if remedy else ""))


class SourceUnavailable(DataError):
    """A public data set could be fetched from none of its sources."""


@dataclass(frozen=True)
class BadRow:
    """One refused row: where it stands, which field, and why."""

    row: int
    field: str
    problem: str


class BadRows(DataError):
    """Rows were refused and ``max_bad_rows`` does not allow that many.

    Parameters
    ----------
    rows : sequence of BadRow
        Every refused row, in file order.
    source : str or Path
        The file.
    allowed : int
        The limit in force.
    remedy : str, optional
        What to do, where no row can be dropped.
    """

    def __init__(
        self,
        rows: Sequence[BadRow],
        *,
        source: str | Path,
        allowed: int,
        remedy: str | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self.allowed = allowed
        shown = "".join(f"\n  row {r.row}, field {r.field!r}: {r.problem}" for r in self.rows[:5])
        more = f"\n  … and {len(self.rows) - 5} more" if len(self.rows) > 5 else ""
        first = self.rows[0]
        super().__init__(
            f"{len(self.rows)} bad row(s), {allowed} allowed{shown}{more}\n  "
            + (remedy or f"mend them, or accept the loss with --max-bad-rows {len(self.rows)}"),
            source=source,
            row=first.row,
            field=first.field,
        )


class TrainingDiverged(RecxError):
    """Training gave factors that are not finite."""

    def __init__(
        self,
        epoch: int,
        problem: str,
        remedy: str = "use a smaller learning rate (model.learning_rate)",
    ) -> None:
        self.epoch = epoch
        super().__init__(f"training failed in epoch {epoch + 1}: {problem.strip()}; {remedy}")
