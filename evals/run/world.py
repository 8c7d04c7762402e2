"""The workspace or file that the cases of a suite are drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recx_agent import build
from recx_agent.artefacts import sha256_of
from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError, WorkspaceEmpty
from recx_agent.evals.cases import Case, with_rules, workspace_cases, xrec_cases
from recx_agent.evals.cases.workspace import facts_of, sources_of
from recx_agent.evals.faithfulness.fits import fit_other_seeds
from recx_agent.evals.folder import files_of, users_of
from recx_agent.evals.run.suite import Suite
from recx_agent.evals.scorers import Sources
from recx_agent.evals.served import Served
from recx_agent.evals.variants import (
    changed_cases,
    find_pairs,
    held_out_cases,
    trained_without,
)
from recx_agent.evals.variants.sanity import sanity_cases
from recx_agent.evals.worlds import Rule, plant, read_rules, write_world
from recx_agent.factory import load_model
from recx_agent.protocols import Progress
from recx_agent.recommenders.saved_model import SavedModel
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
    dataset : Dataset or None
        What recommenders are compared on and users are grouped by; ``None`` where the cases
        come from a file of rows.
    model : SavedModel or None
        That of the workspace.
    """

    cases: list[Case]
    sources: Sources
    settings: Settings
    facts: Mapping[str, Any]
    dataset: Dataset | None = None
    model: SavedModel | None = None


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
        ``xrec`` the file of rows. ``worlds`` plants its own, and takes neither.
    overrides : dict
        Settings.
    progress : callable

    Raises
    ------
    SettingsError
        Both are given, or a file of rows is needed and none is named, or data are given to a
        suite that plants its own.
    DataError, WorkspaceEmpty
    """
    if suite.cases.source == "xrec":
        return _of_rows(suite, data, overrides)
    rules: dict[str, Rule] = {}
    if suite.cases.source == "worlds":
        workspace, data = None, _planted(suite, data, out)
        rules = read_rules(data)
    if data is not None:
        if workspace is not None:
            raise SettingsError("give --workspace or --data, not both")
        workspace = fitted(suite, data, out, progress)
    settings = load_settings(workspace, overrides)
    silent = {**overrides, "llm": {**overrides.get("llm", {}), **_SILENT}}
    with Recx.open(workspace, **silent) as recx:
        model = load_model(recx.version.model)
        if not suite.writers:
            return World([], sources_of(recx), settings, facts_of(recx), recx.dataset, model)
        cases = workspace_cases(
            recx,
            users=len(rules) or suite.cases.users,
            per_user=suite.cases.per_user,
            language=suite.cases.language,
            progress=progress,
        )
        if rules:
            cases = with_rules(cases, rules)
        served = Served.of(recx, (case.user_id for case in cases))
        if suite.cases.seeds:
            others = fit_other_seeds(
                recx.dataset, model, suite.cases.seeds, out / "models", progress=progress
            )
            served = replace(served, others=others)
        cases += sanity_cases(recx, cases, suite.cases.sanity)
        sources = replace(sources_of(recx), served=served)
        more, sources = more_cases(suite, recx, cases, sources, out, progress)
        return World([*cases, *more], sources, settings, facts_of(recx), recx.dataset, model)


def more_cases(
    suite: Suite,
    recx: Recx,
    cases: Sequence[Case],
    sources: Sources,
    out: Path,
    progress: Progress,
) -> tuple[list[Case], Sources]:
    """Cases with known outcomes and changed ones, as far as the suite asks for them."""
    asked = suite.cases
    more: list[Case] = []
    if asked.held_out is not None:
        pairs = find_pairs(recx.dataset, asked.held_out.users)
        if pairs:
            model = trained_without(recx, pairs, out, asked.held_out.model, progress)
            known, outcomes = held_out_cases(recx, pairs, model, asked.language, progress)
            more += known
            sources = replace(sources, outcomes=tuple(outcomes))
    if asked.robust is not None:
        changed, files = changed_cases(
            recx,
            [case for case in cases if not case.variant],
            sources,
            out / "variants",
            users=asked.robust.users,
            reruns=asked.robust.reruns,
            progress=progress,
        )
        more += changed
        sources = replace(sources, variants={**sources.variants, **files})
    return more, sources


def _planted(suite: Suite, data: Path | None, out: Path) -> Path:
    if data is not None:
        raise SettingsError(f"the suite {suite.name!r} plants its own data; leave out --data")
    return write_world(out / "world", plant(suite.cases.world))


def fitted(suite: Suite, data: Path, out: Path, progress: Progress) -> Path:
    """A workspace fitted on a folder of data, once for equal files and settings.

    MovieLens 100K is put into the folder if it is new or empty.
    """
    files, users = files_of(data), users_of(data)
    stamp = hashlib.sha256(json.dumps(suite.cases.fit, sort_keys=True, default=str).encode())
    for path in filter(None, [*files, users]):
        stamp.update(sha256_of(path).encode())
    place = out / f"workspace-{stamp.hexdigest()[:12]}"
    try:
        Workspace(place).current()
    except WorkspaceEmpty:
        interactions, items = files
        build.fit(
            place,
            interactions=interactions,
            items=items,
            users=users,
            progress=progress,
            **suite.cases.fit,
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
