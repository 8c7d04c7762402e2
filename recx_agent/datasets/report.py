"""What an import read, kept and dropped."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.datasets.tables import number_text
from recx_agent.errors import BadRow

_SHOWN = 5


@dataclass(frozen=True)
class FileReport:
    """The rows of one source.

    Attributes
    ----------
    role : str
        ``"interactions"``, ``"items"`` or ``"users"``.
    source : str
        Path, or the name of the data frame.
    rows_read, rows_kept : int
        Rows; empty lines and the header do not count.
    dropped : tuple of BadRow
        Every row that was refused and dropped, in file order.
    """

    role: str
    source: str
    rows_read: int
    rows_kept: int
    dropped: tuple[BadRow, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    files : tuple of FileReport
        One a source.
    users, items, events, positives : int
        What the resulting data set holds.
    scale : tuple of float or None
        Lowest and highest possible value.
    scale_inferred : bool
        Whether the scale is the data's own range, not a declared one.
    positive_from : float or None
        The value from which on an event with a value is positive.
    already_present : int
        Events skipped because the data set had them (only when extending).
    left_out_rows, left_out_users : int
        Rows of erased users that were not taken in, and how many users they are of.
    notes : tuple of str
        What else a user should know, such as attributes that are facts alone.
    """

    files: tuple[FileReport, ...]
    users: int
    items: int
    events: int
    positives: int
    scale: tuple[float, float] | None = None
    scale_inferred: bool = False
    positive_from: float | None = None
    already_present: int = 0
    left_out_rows: int = 0
    left_out_users: int = 0
    notes: tuple[str, ...] = ()

    @property
    def dropped(self) -> dict[str, tuple[BadRow, ...]]:
        """The dropped rows by source."""
        return {file.source: file.dropped for file in self.files}

    def summary(self) -> list[str]:
        """Tell it in lines for a terminal."""
        lines = []
        for file in self.files:
            lost = f", {len(file.dropped)} dropped" if file.dropped else ""
            lines.append(f"{file.source}: {file.rows_read:,} rows read{lost}")
            for bad in file.dropped[:_SHOWN]:
                lines.append(f"  row {bad.row}, field {bad.field!r}: {bad.problem}")
            if len(file.dropped) > _SHOWN:
                lines.append(f"  … and {len(file.dropped) - _SHOWN} more")
        lines.append(
            f"{self.users:,} users, {self.items:,} items, {self.events:,} events, "
            f"{self.positives:,} of them positive"
        )
        if self.scale is not None:
            low, high = (number_text(end) for end in self.scale)
            how = ", found in the data" if self.scale_inferred else ""
            lines.append(
                f"scale {low} to {high}{how}; positive from {number_text(self.positive_from)}"
            )
        if self.already_present:
            lines.append(f"{self.already_present:,} events were there already and were skipped")
        if self.left_out_rows:
            whose = (
                "1 erased user"
                if self.left_out_users == 1
                else (f"{self.left_out_users:,} erased users")
            )
            lines.append(f"{self.left_out_rows:,} rows of {whose} were left out")
        return [*lines, *self.notes]
