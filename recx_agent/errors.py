"""Every error recx-agent raises on purpose.

::

    RecxError                   catch this to catch them all
    ├── UsageError              the caller's mistake; nothing was changed
    │   ├── SettingsError       a setting, a mapping or a command-line value
    │   ├── UnknownUser         no such user (exit 3)
    │   ├── UnknownItem         no such item; names the closest titles
    │   ├── UnknownAttribute    no such attribute value; names the closest ones
    │   ├── NotOffered          the model cannot answer this kind of question
    │   └── Withheld            a privacy rule or the user keeps it from being told
    ├── DataError               input data; names file, row, field and remedy
    │   ├── SourceUnavailable   a data set could be had from nowhere
    │   └── BadRows             rows refused; carries every refused row
    ├── TrainingDiverged        factors became infinite
    ├── WriteLocked             another process writes to the workspace or the index
    ├── WriteFailed             no room, no permission, or no folder to write to (exit 6)
    ├── PromptError             a claim or its evidence cannot be put into words
    ├── ArtefactError           something recx-agent itself saved
    │   ├── WorkspaceEmpty      nothing fitted there yet
    │   ├── ArtefactDamaged     a checksum or a shape does not match
    │   └── ArtefactVersion     written by another format version
    ├── UserStoreError          the store of hidden items and erased users
    │   ├── UserStoreDamaged    it cannot be read, or its key does not fit
    │   ├── UserStoreBusy       another process holds it for too long
    │   ├── UserStoreFull       no room on the disk
    │   └── UserStoreVersion    written by a newer recx-agent
    ├── ErasureUnfinished       a user is unknown, but not erased everywhere yet
    └── EvidenceIndexError      the evidence index
        ├── IndexMissing        no index for this model; names the command
        ├── IndexStale          the index belongs to another model or misses events
        ├── IndexDamaged        it cannot be read, or its records are not what was written
        └── IndexUnreachable    the Chroma server does not answer

Each message says what was wrong, where, and what to do; the facts are also
attributes, so that a program need not read the message.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

_SHOWN = 80


def _quoted(text: str) -> str:
    """Quote what somebody else wrote: without control characters, and not all of it."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


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
            f"user {_quoted(user_id)} is not in this workspace; check the id, give a history, "
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
        super().__init__(
            f"item {_quoted(item)} is not in the catalogue, neither as id nor as title{hint}"
        )


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
        super().__init__(
            f"no item has the attribute {_quoted(attribute)}; write it as name=value{hint}"
        )


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


class Withheld(UsageError):
    """Nothing is said about this: a privacy rule covers it, or the user has hidden it.

    The message repeats what the caller wrote and adds nothing to it.

    Parameters
    ----------
    what : str
        What was asked for, as the caller wrote it.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"nothing is said about {what!r}: a privacy rule covers it, or the user has hidden it"
        )


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

    def __init__(
        self,
        epoch: int,
        problem: str,
        remedy: str = "use a smaller learning rate (model.learning_rate)",
    ) -> None:
        self.epoch = epoch
        super().__init__(f"training failed in epoch {epoch + 1}: {problem.strip()}; {remedy}")


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


class WriteFailed(RecxError):
    """Something could not be written; what was there before stays as it was.

    Parameters
    ----------
    path : str or Path
        The file or folder that was to come about.
    reason : OSError
        What the system said.
    """

    exit_code = 6

    REASONS: ClassVar[Mapping[int | None, str]] = {
        errno.ENOSPC: "the disk is full; make room",
        errno.EDQUOT: "the disk quota is used up; make room",
        errno.EFBIG: "a file would grow beyond the limit in force; raise it (see 'ulimit -f')",
        errno.EROFS: "the file system is read-only; write to another place",
        errno.EACCES: "there is no permission to write; change it, or write to another place",
        errno.EPERM: "there is no permission to write; change it, or write to another place",
        errno.EEXIST: "there is a file where a folder is needed; write to another place",
        errno.ENOTDIR: "there is a file where a folder is needed; write to another place",
    }
    """What is told, by the system's error number."""

    def __init__(self, path: str | Path, reason: OSError) -> None:
        self.path = str(path)
        self.reason = reason
        words = self.REASONS.get(reason.errno, f"cannot be written ({reason.strerror})")
        super().__init__(f"{path}: {words}; nothing was changed, and the same command can be run")


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
        newer = isinstance(found, int) and found > wanted
        remedy = "update recx-agent, or run 'recx fit' again" if newer else "run 'recx fit' again"
        super().__init__(
            f"{path}: format version {found}, this recx-agent reads {wanted}; {remedy}"
        )


class UserStoreError(RecxError):
    """The store of hidden items and erased users cannot be used.

    Parameters
    ----------
    path : str or Path
        The file.
    problem : str
        What is wrong, and what to do.
    """

    exit_code = 4

    def __init__(self, path: str | Path, problem: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{path}: {problem}")


class UserStoreDamaged(UserStoreError):
    """The file is no readable store, or something that belongs to it is missing."""

    def __init__(self, path: str | Path, problem: str) -> None:
        super().__init__(
            path,
            f"{problem}; restore it from a backup: it knows who was erased, and without it "
            "erased users would come back with the next fit (see docs/privacy.md)",
        )


class UserStoreBusy(UserStoreError):
    """Another process holds the store for longer than is waited."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "another process is writing to it and does not end; try again")


class UserStoreFull(UserStoreError):
    """There is no room to write."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "the disk is full; nothing was changed: make room and try again")


class UserStoreVersion(UserStoreError):
    """The store was written by a newer recx-agent."""

    def __init__(self, path: str | Path, found: int, wanted: int) -> None:
        self.found = found
        super().__init__(
            path, f"schema version {found}, this recx-agent knows {wanted}; update recx-agent"
        )


class ErasureUnfinished(RecxError):
    """An erasure was begun and could not be finished; the cause is the error behind it.

    Parameters
    ----------
    where : str
        The store that could not be cleaned.
    reason : Exception
        Why.
    """

    exit_code = 4

    def __init__(self, where: str, reason: Exception) -> None:
        self.where = where
        super().__init__(
            f"the user is unknown from now on, but is not yet erased from {where}: {reason}; "
            "then give the same command again: it goes on where it stood"
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


class IndexDamaged(EvidenceIndexError):
    """The index cannot be read, or holds other records than were written."""

    def __init__(self, workspace: str | Path, problem: str) -> None:
        self.workspace = str(workspace)
        self.problem = problem
        super().__init__(
            f"{workspace}: the evidence index is damaged ({problem}); "
            f"rebuild it with 'recx index --rebuild --workspace {workspace}'"
        )


class IndexUnreachable(EvidenceIndexError):
    """The Chroma server cannot be reached, or refuses."""

    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        self.problem = problem
        super().__init__(
            f"the Chroma server at {url} cannot be used ({problem}); start it with "
            "'chroma run', or mend retriever.url and retriever.token"
        )
