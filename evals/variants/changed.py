"""Variants of a run's cases: the same question about something changed, or asked once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from recx_agent.datasets import Dataset
from recx_agent.evals.cases import Case
from recx_agent.evals.cases.workspace import explained_case
from recx_agent.evals.orders import ATTRIBUTE, HISTORY, PLACES, REVIEW, TITLE
from recx_agent.evals.scorers import Sources
from recx_agent.evals.variants import hostile
from recx_agent.evals.variants.altered import Altered
from recx_agent.evals.variants.perturbed import PERTURBATIONS
from recx_agent.evals.variants.raw_file import write_interactions
from recx_agent.factory import load_model
from recx_agent.protocols import AdditiveModel, Progress, no_progress
from recx_agent.recx import Recx

STAGE = "changed cases"
RERUN = "rerun"


def changed_cases(
    recx: Recx,
    cases: Sequence[Case],
    sources: Sources,
    folder: Path,
    *,
    users: int,
    reruns: int,
    progress: Progress = no_progress,
) -> tuple[list[Case], dict[str, Sources]]:
    """The first case of so many users, changed in every way there is.

    Parameters
    ----------
    recx : Recx
        The workspace that the cases are of.
    cases : sequence of Case
    sources : Sources
        Its raw files; of each changed history another interactions file is written.
    folder : Path
        Takes these files.
    users, reruns : int
        How many users, and how often a case is asked for again.
    progress : callable

    Returns
    -------
    cases : list of Case
    sources : dict of str to Sources
        By variant: the raw files by which its texts are true or not.
    """
    chosen = list({case.user_id: case for case in reversed(cases)}.values())[::-1][:users]
    found = [again(case, number) for case in chosen for number in range(1, reruns + 1)]
    files: dict[str, Sources] = {}
    data, model = recx.dataset, load_model(recx.version.model)
    people = [data.user(case.user_id) for case in chosen]
    items = {data.catalogue.find(case.item_id) for case in chosen}
    total = (len(PERTURBATIONS) + len(PLACES)) * len(chosen)
    done = 0

    def explained(
        variant: str, dataset: Dataset, by: AdditiveModel, *, all_texts: bool = False
    ) -> None:
        nonlocal done
        with Altered(recx, dataset, by, all_texts=all_texts) as changed:
            for case in chosen:
                found.append(
                    explained_case(
                        changed,
                        case.user_id,
                        case.item_id,
                        case.language,
                        variant=variant,
                        base_key=case.key,
                        anew=True,
                    )
                )
                done += 1
                progress(STAGE, done, total)

    for variant, perturbed in PERTURBATIONS.items():
        dataset = perturbed(data, people, items)
        explained(variant, dataset, model)
        if sources.interactions is not None:
            path = write_interactions(dataset, folder / f"{variant}.csv", sources.data.map)
            files[variant] = replace(sources, interactions=path)
    explained(TITLE, hostile.with_hostile_titles(data, items), model)
    met = hostile.history_of(data, people) - items
    explained(HISTORY, hostile.with_hostile_titles(data, met), model)
    if (both := hostile.with_hostile_values(data, model)) is not None:
        explained(ATTRIBUTE, *both)
    reviewed = hostile.with_hostile_reviews(data, people)
    explained(REVIEW, reviewed, model, all_texts=True)
    return found, files


def again(case: Case, number: int = 1) -> Case:
    """The same case once more: a writer with a choice may write something else."""
    key = f"{case.key} {RERUN} {number}"
    return replace(case, key=key, variant=RERUN, base_key=case.key, anew=True, took={})
