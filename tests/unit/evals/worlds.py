"""Runs of a suite in the planted world, with judges whose findings are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from recx_agent.evals.run import Run, Suite, run_suite, suites
from recx_agent.evals.run.world import World, open_world
from recx_agent.evals.scorers import AnyScorer, Sources
from tests.unit.evals import judges

USERS = 13


def suite(**changes: Any) -> Suite:
    """Templates and statements, judged by what is known."""
    content: dict[str, Any] = {
        "name": "planted",
        "about": "Planted.",
        "scorers": ["judges"],
        "cases": {"users": USERS},
        "writers": {"template": {"kind": "template"}, "ranking": {"kind": "ranking"}},
    }
    return Suite.model_validate({**content, **changes})


def run(workspace: Path, out: Path, **options: Any) -> Run:
    """Run it; the cases of a workspace are drawn once for all tests."""
    chosen = options.pop("suite", suite())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suites, "open_world", _drawn_once)
        return run_suite(chosen, out, workspace=workspace, **options)


_DRAWN: dict[str, World] = {}


def _drawn_once(chosen: Suite, out: Path, **options: Any) -> World:
    key = f"{options['workspace']} {chosen.cases} {options['overrides']}"
    if key not in _DRAWN:
        _DRAWN[key] = open_world(chosen, out, **options)
    return _DRAWN[key]


def bringing(*more: AnyScorer) -> Callable[[Sources], Iterable[AnyScorer]]:
    """A maker of the known judges and of some more."""
    return lambda sources: [*judges.make_scorers(sources), *more]
