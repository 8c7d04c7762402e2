"""SASRec beside the others: the same split, budget and figures as ``recx eval ranking``.

::

    python -m venv sasrec && sasrec/bin/pip install 'rectools[torch]==0.19.0'
    python -m benchmarks.sasrec --data data/ml-100k --python sasrec/bin/python --out results/sasrec

Configurations are drawn, chosen on the validation split, trained anew with several seeds and
tested by the code that does so for every model; each training is a process of RecTools' own
environment (:mod:`benchmarks.sasrec_lists`), which is handed the training part alone. Stopped,
the command goes on where it stood. Ours is trained beside it with what ``recx eval ranking``
chose for it, for the paired difference.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from rich.console import Console

from recx_agent.datasets import Dataset
from recx_agent.evals.folder import read_folder
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking import run_ranking
from recx_agent.evals.ranking.entrants import HistoryLightfm, Listed
from recx_agent.evals.ranking.making import DEFAULTS
from recx_agent.evals.ranking.ranker import Config, Scorer, Space
from recx_agent.evals.ranking.task import RULES, Task
from recx_agent.evals.run.ranked import write_split

LISTS = Path(__file__).with_name("sasrec_lists.py")
SPLIT = "leave_last_3"
OURS = "ours_recency"


class Sasrec:
    """SASRec, trained in another environment.

    Parameters
    ----------
    python : Path
        That environment's interpreter.
    """

    variants = ("SASRec",)
    seeded = True
    follows = None
    space: Space = {
        "factors": (32, 64, 128),
        "blocks": (1, 2),
        "length": (30, 50, 75),
        "dropout": (0.2, 0.35, 0.5),
        "learning-rate": (0.002, 0.004, 0.008),
        "epochs": (15, 30, 45),
    }

    def __init__(self, python: Path) -> None:
        self._python = python

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train, rank for everybody who has liked something, and look the lists up.

        Raises
        ------
        subprocess.CalledProcessError
            The training failed; what it said is above.
        """
        users = np.flatnonzero(np.diff(train.positives.indptr)).astype(np.int64)
        nothing = sp.csr_matrix((len(users), len(train.catalogue)))
        with tempfile.TemporaryDirectory() as folder:
            split = write_split(Path(folder) / "split", Task(SPLIT, "", train, users, nothing))
            lists = Path(folder) / "lists.csv"
            options = [f"--{name}={value}" for name, value in {**config, "seed": seed}.items()]
            _run([self._python, LISTS, split, lists, *options], pulse)
            return {"SASRec": Listed(lists).fit(train, config, seed, pulse)["file"]}


class Ours:
    """Ours with recency, in the one configuration that was chosen for it."""

    variants = (OURS,)
    seeded = True
    follows = None
    space: Space = {name: (value,) for name, value in DEFAULTS[OURS].items()}

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train one run."""
        return {OURS: HistoryLightfm().fit(train, config, seed, pulse)[OURS]}


def main() -> None:
    """Search, refit, test; write ``results.json`` and ``ranking.md``."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, required=True, help="as of recx eval ranking")
    arguments.add_argument("--out", type=Path, required=True, help="folder of the results")
    arguments.add_argument("--python", type=Path, required=True, help="that has RecTools")
    arguments.add_argument("--trials", type=int, default=15)
    arguments.add_argument("--seeds", type=int, default=3)
    given = arguments.parse_args()
    err = Console(stderr=True)
    report = run_ranking(
        read_folder(given.data),
        given.out,
        budget=given.trials,
        seeds=given.seeds,
        threads=1,
        entrants=(Sasrec(given.python), Ours()),
        rules={SPLIT: RULES[SPLIT]},
        progress=lambda stage, done, total: err.print(f"{stage}: {done} of {total}"),
    )
    print(report.as_markdown())


def _run(command: list[str | Path], pulse: Pulse) -> None:
    # One thread, as every fit of the comparison has.
    one = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env={**os.environ, **one}, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            pulse()
            try:
                process.wait(1)
            except subprocess.TimeoutExpired:
                continue
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


if __name__ == "__main__":
    main()
