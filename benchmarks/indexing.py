"""Stage: the evidence index of a size."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.process import memory_mb
from recx_agent.cli.console import progress_bar
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex


def index(work: Path, name: str) -> dict[str, Any]:
    """Build the index of all events."""
    dataset = Dataset.load(work / name / "data")
    model = FactorModel.load(work / name / "model")
    built = ChromaIndex(work / name / "evidence")
    loaded = memory_mb("VmRSS")
    with progress_bar() as progress:
        start = time.perf_counter()
        events = built.build(dataset, model, progress)
        seconds = time.perf_counter() - start
    state = built.state()
    assert state is not None
    return {
        "seconds": seconds,
        "events_per_second": events / seconds,
        "megabytes": sum(p.stat().st_size for p in built.folder.rglob("*") if p.is_file()) / 1e6,
        "collections": state.collections,
        "loaded_mb": loaded,
    }
