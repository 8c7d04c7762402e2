"""Cases of a workspace: the items on the lists of some of its users."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from recx_agent.batch import of_sample
from recx_agent.evals.cases.case import Case
from recx_agent.evals.cases.houses import houses_of
from recx_agent.evals.samples import Piece
from recx_agent.evals.scorers import Sources
from recx_agent.explainer.wording import wording_in_force
from recx_agent.people import sensitive_in_force
from recx_agent.protocols import Plan, Progress, no_progress
from recx_agent.recx import Recx
from recx_agent.schemas import Evidence, Explanation
from recx_agent.settings import DataSettings, merge

STAGE = "evidence"
LIST = 10
"""Length of the list that ranks are told against."""


def workspace_cases(
    recx: Recx,
    *,
    users: int,
    per_user: int = 1,
    language: str | None = None,
    progress: Progress = no_progress,
) -> list[Case]:
    """The first items on the lists of so many users, always the same ones.

    Each is explained by itself, as :meth:`recx_agent.Recx.explain` does, and its rank told
    against a list of ``LIST`` items.

    Parameters
    ----------
    recx : Recx
        Opened without a language model: the text of its records is not used.
    users : int
        How many; all if there are not as many.
    per_user : int
        Items of each.
    language : str, optional
    progress : callable
    """
    groups = of_sample(recx.dataset.users, min(users, len(recx.dataset.users)))
    cases = []
    for number, group in enumerate(groups, start=1):
        listed = recx.recommend(group.user_id, per_user)
        for item in (one.item_id for one in listed.items):
            cases.append(explained_case(recx, group.user_id, item, language))
        progress(STAGE, number, len(groups))
    return cases


class Explains(Protocol):
    """What :class:`recx_agent.Recx` is here."""

    def plan(self, user_id: str, item: str, k: int = 10, *, language: str | None = None) -> Plan:
        """What a writer is handed."""
        ...

    def explain(
        self, user_id: str, item: str, k: int = 10, *, language: str | None = None
    ) -> Explanation:
        """The whole record."""
        ...


def explained_case(
    source: Explains,
    user_id: str,
    item_id: str,
    language: str | None = None,
    *,
    variant: str = "",
    base_key: str = "",
    anew: bool = False,
) -> Case:
    """An item for a user, with the evidence there is.

    Parameters
    ----------
    source : Explains
    user_id, item_id : str
    language : str, optional
    variant, base_key, anew
        See :class:`recx_agent.evals.cases.Case`.
    """
    began = time.perf_counter()
    plan = source.plan(user_id, item_id, LIST, language=language)
    took = time.perf_counter() - began
    explained = source.explain(user_id, item_id, LIST, language=language)
    language, item = explained.writer.language, explained.item
    key = f"{explained.user_id} {item.item_id} {language}"
    return Case(
        key=f"{key} {variant}" if variant else key,
        user_id=explained.user_id,
        item_id=item.item_id,
        title=item.title,
        language=language,
        evidence=tuple(_piece(one) for one in explained.evidence),
        material=plan,
        extra={"title": item.title, "k": LIST, "explanation": _record(explained)},
        variant=variant,
        base_key=base_key,
        anew=anew,
        took={"evidence_seconds": took},
    )


def _piece(evidence: Evidence) -> Piece:
    numbers = {"contribution": evidence.contribution, "rank_without": evidence.rank_without}
    there = {name: number for name, number in numbers.items() if number is not None}
    return Piece(evidence.id, evidence.kind, evidence.text, {**evidence.fields, **there})


def _record(explained: Explanation) -> dict[str, Any]:
    """The public record, less what its other views say too: most of its size."""
    record = explained.model_dump(mode="json")
    record["attribution"]["views"]["pair"] = None
    record["attribution"]["contributions"] = []
    return record


def sources_of(recx: Recx) -> Sources:
    """The files that a workspace was fitted on, as far as it is known, and how they are read.

    Those that the version noted when it was fitted, where it was on one file of each kind; else
    those of the settings. Column names and the like are those of the fit unless they are set now.
    """
    data, notes = recx.dataset, recx.version.notes
    now = recx.settings.data.model_dump(exclude_unset=True)
    settings = DataSettings(
        **{
            **merge(dict(notes.get("data", {})), now),
            "scale": data.scale,
            "positive_from": data.positive_from,
            "disliked_to": data.disliked_to,
        }
    )
    wording = notes.get("wording", {})
    return Sources(
        interactions=_file("interactions", notes, recx.settings.data.interactions),
        items=_file("items", notes, recx.settings.data.items),
        data=settings,
        houses=houses_of(wording_in_force(recx.settings, wording)),
        hides=bool(sensitive_in_force(data, recx.settings, wording)),
    )


def _file(role: str, notes: Mapping[str, Any], given: Path | None) -> Path | None:
    """The one file of a role; ``None`` where the data came from frames, or from several files."""
    noted = notes.get("files", {}).get(role)
    if noted is None:  # a version of before the roles were noted
        called = [Path(source) for source in notes.get("sources", ())]
        return given or next((p for p in called if p.stem == role and p.is_file()), None)
    path = Path(noted[0])
    return path if len(noted) == 1 and path.is_file() else None


def facts_of(recx: Recx) -> Mapping[str, Any]:
    """What identifies data and model, for the run log."""
    return {
        "fingerprint": recx.dataset.fingerprint,
        "users": len(recx.dataset.users),
        "items": len(recx.dataset.catalogue),
        "events": len(recx.dataset.events),
        "version": recx.version.name,
        "model": recx.model.fingerprint,
    }
