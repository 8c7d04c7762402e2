"""Every error recx-agent raises on purpose.

::

    RecxError                   catch this to catch them all
    ├── UsageError              the caller's mistake; nothing was changed
    │   ├── SettingsError       a setting, a mapping or a command-line value
    │   ├── UnknownUser         no such user (exit 3)
    │   ├── UnknownItem         no such item; names the closest titles
    │   ├── UnknownAttribute    no such attribute value; names the closest ones
    │   └── NotOffered          the model cannot answer this kind of question
    ├── DataError               input data; names file, row, field and remedy
    │   ├── SourceUnavailable   a data set could be had from nowhere
    │   └── BadRows             rows refused; carries every refused row
    ├── TrainingDiverged        factors became infinite
    ├── WriteLocked             another process writes to the workspace or the index
    ├── PromptError             a claim or its evidence cannot be put into words
    ├── ArtefactError           something recx-agent itself saved
    │   ├── WorkspaceEmpty      nothing fitted there yet
    │   ├── ArtefactDamaged     a checksum or a shape does not match
    │   └── ArtefactVersion     written by another format version
    └── EvidenceIndexError      the evidence index
        ├── IndexMissing        no index for this model; names the command
        └── IndexStale          the index belongs to another model or misses events

Each message says what was wrong, where, and what to do; the facts are also
attributes, so that a program need not read the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class RecxError(Exception):
    """Base of every error raised on purpose.

    Attributes
    ----------
    exit_code : int
        What the command line exits with.
    """

    exit_code = 1


class UsageError(RecxError):
    """The caller asked for something that cannot be; nothing was changed."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting, column mapping or command-line value is not usable."""


class UnknownUser(UsageError):
    """The user is not in the fitted data.

    Parameters
    ----------
    user_id : str
        The id asked for.
    """

    exit_code = 3

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(
            f"user {user_id!r} is not in this workspace; check the id, give a history, "
            "or allow popularity for strangers with --allow-cold (allow_cold=True)"
        )


class UnknownItem(UsageError):
    """The item is not in the catalogue.

    Parameters
    ----------
    item : str
        Id or title asked for.
    closest : sequence of str
        Titles that resemble it, best first.
    """

    def __init__(self, item: str, closest: Sequence[str] = ()) -> None:
        self.item = item
        self.closest = tuple(closest)
        hint = f"; did you mean {', '.join(repr(t) for t in self.closest)}?" if closest else ""
        super().__init__(f"item {item!r} is not in the catalogue, neither as id nor as title{hint}")


class UnknownAttribute(UsageError):
    """The attribute value is not in the catalogue.

    Parameters
    ----------
    attribute : str
        What was asked for, ``name=value`` or ``value``.
    closest : sequence of str
        Existing ``name=value`` strings that resemble it.
    """

    def __init__(self, attribute: str, closest: Sequence[str] = ()) -> None:
        self.attribute = attribute
        self.closest = tuple(closest)
        hint = f"; did you mean {', '.join(repr(t) for t in self.closest)}?" if closest else ""
        super().__init__(f"no item has the attribute {attribute!r}; write it as name=value{hint}")


class NotOffered(UsageError):
    """The model in use does not offer this view or what-if.

    Parameters
    ----------
    what : str
        The view or question, such as ``"the attribute view"``.
    model : str
        The model's kind.
    """

    def __init__(self, what: str, model: str) -> None:
        self.what = what
        self.model = model
        super().__init__(f"the model {model!r} does not offer {what}")


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
    """

    def __init__(self, rows: Sequence[BadRow], *, source: str | Path, allowed: int) -> None:
        self.rows = tuple(rows)
        self.allowed = allowed
        shown = "".join(f"\n  row {r.row}, field {r.field!r}: {r.problem}" for r in self.rows[:5])
        more = f"\n  … and {len(self.rows) - 5} more" if len(self.rows) > 5 else ""
        first = self.rows[0]
        super().__init__(
            f"{len(self.rows)} bad row(s), {allowed} allowed{shown}{more}\n"
            "  mend them, or accept the loss with --max-bad-rows "
            f"{len(self.rows)}",
            source=source,
            row=first.row,
            field=first.field,
        )


class TrainingDiverged(RecxError):
    """Training gave factors that are not finite."""

    def __init__(self, epoch: int, problem: str) -> None:
        self.epoch = epoch
        super().__init__(
            f"training failed in epoch {epoch + 1}: {problem.strip()}; "
            "use a smaller learning rate (model.learning_rate)"
        )


class PromptError(RecxError):
    """A plan cannot be worded: an unknown claim, evidence or a field that is missing.

    Also raised for templates that lack a macro. Both are mistakes in a program, not in
    data.
    """


class WriteLocked(RecxError):
    """Another process holds the write lock.

    Parameters
    ----------
    path : str or Path
        The lock file.
    holder : str
        Who holds it, such as "process 4711".
    """

    exit_code = 4

    def __init__(self, path: str | Path, holder: str) -> None:
        self.path = str(path)
        self.holder = holder
        super().__init__(
            f"{path}: {holder} is writing here, and only one may at a time; "
            "wait until it ends, or stop it"
        )


class ArtefactError(RecxError):
    """Something recx-agent saved cannot be used."""

    exit_code = 4


class WorkspaceEmpty(ArtefactError):
    """The workspace holds no fitted model."""

    def __init__(self, workspace: str | Path) -> None:
        self.workspace = str(workspace)
        super().__init__(f"{workspace}: nothing is fitted here yet; run 'recx fit' or 'recx demo'")


class ArtefactDamaged(ArtefactError):
    """A saved file's checksum, shape or content does not match its manifest."""

    def __init__(self, path: str | Path, problem: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(
            f"{path}: {problem}; go back with 'recx model rollback' or run 'recx fit' again"
        )


class ArtefactVersion(ArtefactError):
    """The artefact was written by another, incompatible format version."""

    def __init__(self, path: str | Path, found: object, wanted: int) -> None:
        self.path = str(path)
        self.found = found
        self.wanted = wanted
        super().__init__(
            f"{path}: format version {found}, this recx-agent reads {wanted}; run 'recx fit' again"
        )


class EvidenceIndexError(RecxError):
    """The evidence index cannot be used."""

    exit_code = 5


class IndexMissing(EvidenceIndexError):
    """There is no complete evidence index for the model in force."""

    def __init__(self, workspace: str | Path, problem: str = "no evidence index") -> None:
        self.workspace = str(workspace)
        super().__init__(f"{workspace}: {problem}; run 'recx index --workspace {workspace}'")


class IndexStale(EvidenceIndexError):
    """The index does not agree with the model or the data in force."""

    def __init__(self, workspace: str | Path, problem: str) -> None:
        self.workspace = str(workspace)
        self.problem = problem
        super().__init__(f"{workspace}: {problem}; run 'recx index --workspace {workspace}'")
