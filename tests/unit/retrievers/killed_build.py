"""Build an index in another process, and kill that half-way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex

BUILD = """
import sys
from pathlib import Path
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.settings import RetrieverSettings

folder, data, model, settings, until = sys.argv[1:]

def wait(stage, done, total):
    if done >= int(until):
        print("written", done, flush=True)
        sys.stdin.read()

index = ChromaIndex(folder, RetrieverSettings.model_validate_json(settings))
index.build(Dataset.load(Path(data)), FactorModel.load(Path(model)), wait)
"""


@contextmanager
def killed_half_way(
    index: ChromaIndex, dataset: Dataset, model: FactorModel, until: int
) -> Iterator[int]:
    """Build in another process up to ``until`` events; kill it when the block ends."""
    data, factors = index.folder.parent / "data", index.folder.parent / "model"
    dataset.save(data)
    model.save(factors)
    settings = index.settings.model_dump_json()
    arguments = [str(index.folder), str(data), str(factors), settings, str(until)]
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("written")
        try:
            yield process.pid
        finally:
            process.kill()
            process.communicate()
