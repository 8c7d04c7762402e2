"""What a run rested on, so that somebody else can do it again and see why figures differ."""

from __future__ import annotations

import functools
import inspect
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from recx_agent.evals.intervals import LEVEL, RESAMPLES
from recx_agent.evals.run.ranked import Rankings
from recx_agent.evals.run.ranked_rows import described_metrics
from recx_agent.evals.run.scoring import code_of, settings_of
from recx_agent.evals.run.suite import Suite
from recx_agent.evals.run.world import World
from recx_agent.evals.scorers import AnyScorer, is_group
from recx_agent.evals.writers import WriterUnderTest

FORMAT_VERSION = 1
_SECONDS = 10


def now() -> str:
    """The time in UTC, in ISO form."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def run_log(
    suite: Suite,
    world: World,
    writers: Mapping[str, WriterUnderTest],
    scorers: Sequence[AnyScorer],
    rankings: Rankings,
) -> dict[str, Any]:
    """Everything but what came of it, as JSON values.

    Secrets in the settings are masked; scorers come with range, direction, settings and the
    digest of their code.
    """
    return {
        "format_version": FORMAT_VERSION,
        "suite": suite.model_dump(mode="json"),
        "revision": revision(),
        "packages": packages(),
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
        },
        "settings": world.settings.model_dump(mode="json"),
        "data": dict(world.facts),
        "sources": {
            "interactions": _text(world.sources.interactions),
            "items": _text(world.sources.items),
            "data": world.sources.data.model_dump(mode="json"),
            "houses": {name: asdict(own) for name, own in world.sources.houses.items()},
            "hides": world.sources.hides,
        },
        "seeds": {"rows": suite.cases.seed, "bootstrap": 0},
        "interval": {"level": LEVEL, "resamples": RESAMPLES, "drawn": "users"},
        "writers": {name: dict(writer.description) for name, writer in writers.items()},
        "recommenders": rankings.described,
        "ranking": rankings.facts_told,
        "scorers": [
            *(described(scorer) for scorer in scorers),
            *(described_metrics(rankings.lengths) if suite.recommenders else ()),
        ],
        "cases": len(world.cases),
    }


def described(scorer: AnyScorer) -> dict[str, Any]:
    """A scorer as JSON values."""
    words = _words(scorer)
    return {
        "name": scorer.name,
        "family": scorer.family,
        "low": scorer.low,
        "high": scorer.high,
        "better": scorer.better,
        "judges": "all samples at once" if is_group(scorer) else "one sample",
        "settings": {name: str(value) for name, value in settings_of(scorer).items()},
        "code": code_of(scorer),
        "about": " ".join(words.partition("\n\n")[0].replace("``", "").split()),
    }


def _words(scorer: AnyScorer) -> str:
    """What it says of itself; of a scorer that is made around a function, what that says."""
    if about := getattr(scorer, "about", ""):
        return str(about)
    measure = getattr(scorer, "measure", None)
    own = measure.__doc__ if callable(measure) and measure.__doc__ else type(scorer).__doc__
    return inspect.cleandoc(own or "")


def revision() -> dict[str, Any] | None:
    """Commit of the source tree that runs, and whether it was changed; ``None`` outside of one."""
    folder = Path(__file__).resolve().parent
    git = shutil.which("git")
    if git is None:
        return None

    def said(*words: str) -> str | None:
        command = [git, "-C", str(folder), *words]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    commit = said("rev-parse", "HEAD")
    # A package in the virtual environment of some other project's tree is not that project's.
    if commit is None or said("ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None
    return {"commit": commit, "changed": bool(said("status", "--porcelain"))}


@functools.cache
def packages() -> dict[str, str]:
    """Every installed package with its version."""
    found = {one.metadata["Name"]: one.version for one in metadata.distributions()}
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
