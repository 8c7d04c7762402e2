"""The workspace or file that the cases of a suite are drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recx_agent import build
from recx_agent.artefacts import sha256_of
from recx_agent.errors import SettingsError, WorkspaceEmpty
from recx_agent.evals.cases import Case, workspace_cases, xrec_cases
from recx_agent.evals.cases.workspace import facts_of, sources_of
from recx_agent.evals.folder import files_of
from recx_agent.evals.run.suite import Suite
from recx_agent.evals.scorers import Sources
from recx_agent.protocols import Progress
from recx_agent.recx import Recx
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Workspace

_SILENT = {"base_url": None, "in_process": False}


@dataclass(frozen=True)
class World:
    """What is explained, and what scorers may look into.

    Attributes
    ----------
    cases : list of Case
    sources : Sources
    settings : Settings
        Those that writers write by.
    facts : mapping
        Fingerprints of data and model.
    """

    cases: list[Case]
    sources: Sources
    settings: Settings
    facts: Mapping[str, Any]


def open_world(
    suite: Suite,
    out: Path,
    *,
    workspace: Path | None,
    data: Path | None,
    overrides: dict[str, Any],
    progress: Progress,
) -> World:
    """Draw the cases of a suite.

    Parameters
    ----------
    suite : Suite
    out : Path
        Folder of the run; a workspace that has to be fitted is put there.
    workspace : Path or None
        A fitted one.
    data : Path or None
        A folder of data that a workspace is fitted on, by the settings of the suite; for
        ``xrec`` the file of rows.
    overrides : dict
        Settings.
    progress : callable

    Raises
    ------
    SettingsError
        Both are given, or a file of rows is needed and none is named.
    DataError, WorkspaceEmpty
    """
    if suite.cases.source == "xrec":
        return _of_rows(suite, data, overrides)
    if data is not None:
        if workspace is not None:
            raise SettingsError("give --workspace or --data, not both")
        workspace = fitted(suite, data, out, progress)
    settings = load_settings(workspace, overrides)
    silent = {**overrides, "llm": {**overrides.get("llm", {}), **_SILENT}}
    with Recx.open(workspace, **silent) as recx:
        cases = workspace_cases(
            recx,
            users=suite.cases.users,
            per_user=suite.cases.per_user,
            language=suite.cases.language,
            progress=progress,
        )
        return World(cases, sources_of(recx), settings, facts_of(recx))


def fitted(suite: Suite, data: Path, out: Path, progress: Progress) -> Path:
    """A workspace fitted on a folder of data, once for equal files and settings.

    MovieLens 100K is put into the folder if it is new or empty.
    """
    files = files_of(data)
    stamp = hashlib.sha256(json.dumps(suite.cases.fit, sort_keys=True, default=str).encode())
    for path in filter(None, files):
        stamp.update(sha256_of(path).encode())
    place = out / f"workspace-{stamp.hexdigest()[:12]}"
    try:
        Workspace(place).current()
    except WorkspaceEmpty:
        interactions, items = files
        build.fit(
            place, interactions=interactions, items=items, progress=progress, **suite.cases.fit
        )
    build.index(place, progress=progress)
    return place


def _of_rows(suite: Suite, data: Path | None, overrides: dict[str, Any]) -> World:
    settings = load_settings(None, overrides)
    path = data or settings.xrec
    if path is None:
        raise SettingsError("no file of rows: give --data, or set RECX_XREC to XRec's rows")
    cases = xrec_cases(path, suite.cases.rows, suite.cases.seed)
    facts = {"fingerprint": sha256_of(path)[:16], "rows": len(cases)}
    return World(cases, Sources(), settings, facts)
