"""What an erasure does not reach, by design: told, so that the operator can see to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recx_agent.datasets.columns import USER
from recx_agent.errors import DataError
from recx_agent.factory import was_on_server
from recx_agent.protocols import Progress
from recx_agent.schemas import Remains
from recx_agent.settings import Settings
from recx_agent.workspace import Workspace

STAGE = "searching source files"
TABLES = (".csv", ".tsv", ".parquet")


def what_remains(
    place: Workspace, settings: Settings, user_id: str, progress: Progress
) -> tuple[Remains, ...]:
    """List it.

    The source files named in the versions' notes, and tables in the workspace's own
    ``data`` folder, are read to see whether they hold the user. They are the operator's
    and never changed.
    """
    return (
        *_factors(place),
        *_sources(place, settings, user_id, progress),
        *_server(place, settings),
        *_database(settings),
        Remains(
            kind="backup",
            what="backups and copies of the workspace, and the disk's own freed blocks",
        ),
    )


def _factors(place: Workspace) -> Iterator[Remains]:
    named = [
        version.name
        for version in place.versions()
        if version.data.name != "data"  # an erasure replaced what the model was trained on
    ]
    if named:
        yield Remains(
            kind="factors",
            what=f"factors of version {', '.join(named)}: they were trained with erased users "
            "too, and name nobody; 'recx fit' trains new ones, and --refit also removes "
            "these versions",
        )


def _sources(
    place: Workspace, settings: Settings, user_id: str, progress: Progress
) -> Iterator[Remains]:
    files = _files(place)
    for done, (path, columns) in enumerate(sorted(files.items())):
        progress(STAGE, done, len(files))
        columns = {*columns, settings.data.map.get(USER, USER)}
        try:
            held = _holds(path, columns, user_id)
        except (DataError, OSError) as error:
            yield Remains(kind="source", what=f"{path}: may hold the user, not readable ({error})")
            continue
        if held:
            yield Remains(
                kind="source",
                what=f"{path}: holds {held:,} rows of the user, which the next fit leaves out; "
                "the file is yours and was not changed",
            )
    progress(STAGE, len(files), len(files))


def _files(place: Workspace) -> dict[Path, set[str]]:
    """Source files, and how their column of users may be called."""
    found: dict[Path, set[str]] = {}
    for version in place.versions():
        notes = version.notes
        for source in notes.get("sources", ()):
            if source.endswith("(data frame)"):
                continue
            found.setdefault(Path(source).absolute(), set()).add(notes.get("user_column", USER))
    for path in sorted((place.root / "data").rglob("*")):
        if path.suffix.lower() in TABLES:
            found.setdefault(path.absolute(), set())
    return found


def _holds(path: Path, columns: set[str], user_id: str) -> int:
    """How many rows of a table are the user's."""
    from recx_agent.datasets.tables import read_table

    table = read_table(path, path.name)
    for name in columns & set(table.columns):
        column = table.columns[name]
        if user_id in column.values:
            return int((column.codes == column.values.index(user_id)).sum())
    return 0


def _server(place: Workspace, settings: Settings) -> Iterator[Remains]:
    if settings.retriever.url:
        yield Remains(
            kind="server",
            what=f"what {settings.retriever.url} keeps of deleted records in its own files: see "
            "docs/privacy.md",
        )
    elif was_on_server(place.evidence):
        yield Remains(
            kind="server",
            what="the index that this workspace once had on a Chroma server: set "
            "RECX_RETRIEVER__URL to its address, forget the user once more, and run 'recx index' "
            "without it",
        )


def _database(settings: Settings) -> Iterator[Remains]:
    if settings.users.url is not None:
        yield Remains(
            kind="database",
            what="what the PostgreSQL server of users.url keeps beside its tables: its "
            "write-ahead log until it is recycled, archives, replicas and backups; see "
            "docs/privacy.md",
        )
