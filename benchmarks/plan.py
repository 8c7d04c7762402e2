"""The stages in order; what is done already is kept, what is no longer needed is removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.names import REQUESTS
from benchmarks.process import in_own_process
from benchmarks.sizes import GROWING, USERS, Effort, Size

PROTOCOL = 1
"""Raised when a change makes stored figures incomparable."""

PACKAGES = ("chromadb", "implicit", "lightfm-next", "numpy", "recx-agent", "scipy")
MOVIELENS = "movielens"


@dataclass(frozen=True)
class Stage:
    """One measurement.

    Attributes
    ----------
    name : str
    work : str
        ``module:function``; called with the folder of all data and ``arguments``.
    arguments : tuple
    needs, makes : tuple of str
        Folders, below the folder of all data.
    """

    name: str
    work: str
    arguments: tuple[Any, ...] = ()
    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()

    @property
    def key(self) -> dict[str, Any]:
        """What a stored figure must agree with to be taken over."""
        given = [asdict(a) if isinstance(a, Size) else str(a) for a in self.arguments]
        versions = {package: version(package) for package in PACKAGES}
        return {"protocol": PROTOCOL, "work": self.work, "given": given, "versions": versions}


def stages(effort: Effort, movielens: Path) -> list[Stage]:
    """Everything that is measured, in order."""
    users = effort.of(USERS)
    queried = next(size for size in users if size.events == effort.queried)
    largest = max(effort.of(GROWING), key=lambda size: size.items)
    return [
        *(stage for size in effort.sizes for stage in _growth(size, effort)),
        Stage(
            "flat",
            "benchmarks.requests:flat",
            (tuple(size.name for size in users), effort.rounds),
            needs=tuple(folder for size in users for folder in _made(size.name)),
        ),
        Stage(
            "by-query",
            "benchmarks.by_query:compare",
            (queried.name, effort.query_rounds),
            needs=_made(queried.name),
        ),
        Stage(
            MOVIELENS,
            "benchmarks.fitting:movielens",
            (MOVIELENS, movielens, effort.movielens_epochs),
            makes=_made(MOVIELENS)[:2],
        ),
        *(
            Stage(
                f"by-predict-{name}",
                "benchmarks.by_predict:compare",
                (name, effort.predict_rounds, effort.batch),
                needs=_made(name)[:2],
            )
            for name in (MOVIELENS, largest.name)
        ),
        Stage(
            "shapley",
            "benchmarks.shapley:compare",
            (MOVIELENS, effort.shap_users),
            needs=_made(MOVIELENS)[:2],
        ),
    ]


def _growth(size: Size, effort: Effort) -> list[Stage]:
    data, model, evidence = made = _made(size.name)
    return [
        Stage(f"{size.name}-data", "benchmarks.fitting:data", (size,), makes=(data,)),
        Stage(
            f"{size.name}-fit",
            "benchmarks.fitting:fit",
            (size.name, effort.epochs),
            needs=(data,),
            makes=(model,),
        ),
        Stage(
            f"{size.name}-index",
            "benchmarks.indexing:index",
            (size.name,),
            needs=(data, model),
            makes=(evidence,),
        ),
        *(
            Stage(
                f"{size.name}-{kind}",
                "benchmarks.requests:requests",
                (size.name, kind, effort.requests),
                needs=made if kind == "evidence" else made[:2],
            )
            for kind in REQUESTS
        ),
    ]


def _made(name: str) -> tuple[str, str, str]:
    return f"{name}/data", f"{name}/model", f"{name}/evidence"


class Results:
    """Figures by stage, one file each.

    Parameters
    ----------
    out : Path
        Figures go to ``stages``, data to ``work``.
    """

    def __init__(self, out: Path) -> None:
        self.figures = out / "stages"
        self.work = out / "work"

    def get(self, stage: Stage) -> dict[str, Any] | None:
        """What was measured, unless it was measured otherwise than it would be now."""
        try:
            record = json.loads((self.figures / f"{stage.name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if record.get("key") == stage.key else None

    def outstanding(self, stages: Sequence[Stage]) -> list[Stage]:
        """Stages without a figure, and those whose data one of them needs."""
        needed: set[str] = set()
        left = []
        for stage in reversed(stages):
            lost = any(f in needed and not (self.work / f).exists() for f in stage.makes)
            if lost or self.get(stage) is None:
                left.append(stage)
                needed.update(stage.needs)
        return left[::-1]

    def run(self, stages: Sequence[Stage], show: Callable[[str], None]) -> None:
        """Do what is outstanding; an interruption costs the stage it fell into."""
        left = self.outstanding(stages)
        if len(left) < len(stages):
            show(f"{len(stages) - len(left)} of {len(stages)} stages were done before")
        while left:
            stage = left[0]
            show(f"{stage.name} …")
            for folder in stage.makes:
                shutil.rmtree(self.work / folder, ignore_errors=True)
            record = in_own_process(stage.work, (self.work, *stage.arguments))
            self._keep(stage, record)
            show(f"  {record['seconds']:.1f} s, {record['peak_mb']:.0f} MB")
            left = left[1:]
            self._tidy(stages, left)

    def _keep(self, stage: Stage, record: dict[str, Any]) -> None:
        self.figures.mkdir(parents=True, exist_ok=True)
        path = self.figures / f"{stage.name}.json"
        scratch = path.with_suffix(".part")
        text = json.dumps({"key": stage.key, **record}, indent=1, allow_nan=False)
        scratch.write_text(text + "\n", encoding="utf-8")
        scratch.replace(path)

    def _tidy(self, stages: Sequence[Stage], left: Sequence[Stage]) -> None:
        needed = {folder for stage in left for folder in stage.needs}
        for stage in stages:
            for folder in stage.makes:
                if folder not in needed and stage not in left:
                    shutil.rmtree(self.work / folder, ignore_errors=True)
