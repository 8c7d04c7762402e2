"""The comparison as a command: arguments in, files and a table out."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors import SettingsError
from recx_agent.evals.folder import read_folder
from recx_agent.evals.ranking.contest import run_ranking
from recx_agent.evals.ranking.report import RankingReport
from recx_agent.protocols import Progress, no_progress
from recx_agent.settings import DataSettings

TRIALS = 15
SEEDS = 5
QUICK_TRIALS = 2
QUICK_SEEDS = 1


def ranking(
    data: Path,
    out: Path,
    *,
    trials: int | None = None,
    seeds: int | None = None,
    quick: bool = False,
    settings: DataSettings | None = None,
    progress: Progress = no_progress,
) -> RankingReport:
    """Compare the models on the data set in a folder.

    Parameters
    ----------
    data : Path
        ``--data``: see :func:`recx_agent.evals.folder.read_folder`.
    out : Path
        ``--out``: results; started again with the same folder, finished work is kept.
    trials : int, optional
        ``--trials``: configurations tried for each model; 15, or 2 with ``quick``.
    seeds : int, optional
        ``--seeds``: refits of what was chosen; 5, or 1 with ``quick``.
    quick : bool
        ``--quick``: few passes; shows that it works, and nothing else.
    settings : DataSettings, optional
        How the data are read.
    progress : callable
        ``progress(stage, done, total)`` after each fit.

    Raises
    ------
    SettingsError
        ``trials`` or ``seeds`` is less than 1.
    DataError
        The data cannot be used.
    """
    budget = trials if trials is not None else QUICK_TRIALS if quick else TRIALS
    refits = seeds if seeds is not None else QUICK_SEEDS if quick else SEEDS
    for name, value in (("trials", budget), ("seeds", refits)):
        if value < 1:
            raise SettingsError(f"--{name}: {value} is not possible; give 1 or more")
    dataset = read_folder(data, settings)
    return run_ranking(dataset, out, budget=budget, seeds=refits, quick=quick, progress=progress)
