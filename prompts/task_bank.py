"""What a language model is shown for comparisons, what-ifs and profiles: notes and examples."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts.request_set import RequestSet, load_requests
from recx_agent.protocols import Claim, Plan, Task
from recx_agent.schemas import Evidence

TASKS = "tasks.toml"
_SCALE = {"rating_min": 1.0, "rating_max": 5.0}


@dataclass(frozen=True)
class TaskStyle:
    """One way to begin, and a whole example of it; ``text`` has placeholders.

    ``needs`` are kinds of claims without which a text cannot begin so.
    """

    name: str
    opening: str
    text: str
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class TaskBank:
    """What there is for one task in one language.

    Attributes
    ----------
    task : str
    notes : mapping of str to str
        For each kind of claim, what is noted of it: ``<0>``, ``<1>`` … stand for the
        placeholders of its evidence in order, ``<rest>`` for those from the third on,
        ``<all>`` for all.
    styles : tuple of TaskStyle
        The first is always shown, the others in turn.
    claims, evidence
        What all examples are about.
    """

    task: Task
    notes: Mapping[str, str]
    styles: tuple[TaskStyle, ...]
    claims: tuple[Claim, ...]
    evidence: Mapping[str, Evidence]

    def example(self, wording: Mapping[str, Any]) -> Plan:
        """The plan that the examples are about."""
        total = 1.5 * sum(abs(piece.contribution or 0) for piece in self.evidence.values())
        totals = {"history": total, "attribute": total}
        return Plan(
            "", self.claims, self.evidence, wording, totals=totals, min_share=0.2, task=self.task
        )

    def note(self, claim: Claim) -> str:
        """What is noted of a claim; empty where a model is not asked to tell it."""
        pattern = self.notes.get(claim.kind, "")
        ids = [_named(id, self.task) for id in claim.evidence]
        for number, id in enumerate(ids):
            pattern = pattern.replace(f"<{number}>", id)
        return pattern.replace("<rest>", ", ".join(ids[2:])).replace("<all>", ", ".join(ids))


def _named(id: str, task: Task) -> str:
    if id[0] == "A":
        return "{" + id + ".name} {" + id + "}"
    return "{" + id + "}"


@functools.cache
def load_task(language: str, task: Task) -> TaskBank:
    """What is shipped for a task.

    Raises
    ------
    PromptError
        There is nothing in the language, or the file is damaged.
    """
    return read_task(load_requests(language), task)


def read_task(requests: RequestSet, task: Task) -> TaskBank:
    """Read it from checked requests.

    Raises
    ------
    PromptError
        Something is missing in the file.
    """
    try:
        table: dict[str, Any] = tomllib.loads(requests.files[TASKS])[task]
        return TaskBank(
            task=task,
            notes=table["notes"],
            styles=tuple(TaskStyle(**style) for style in table["style"]),
            claims=tuple(
                Claim(c["kind"], tuple(c["evidence"]), c.get("values", {})) for c in table["claim"]
            ),
            evidence={id: _evidence(id, given) for id, given in table["evidence"].items()},
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        where = f"requests {requests.language!r}: {TASKS}: {task}"
        raise PromptError(f"{where}: {type(error).__name__}: {error}") from error


def _evidence(id: str, given: Mapping[str, Any]) -> Evidence:
    fields = {name: value for name, value in given.items() if name != "contribution"}
    if id[0] == "H":
        event = {"event_type": given.get("event_type", "rating"), "rating": given.get("rating")}
        scale = _SCALE if "rating" in given else dict.fromkeys(_SCALE)
        fields = {
            "attributes": {},
            "disliked": False,
            "events": [event],
            **event,
            **scale,
            **fields,
        }
    contribution = given.get("contribution")
    kind = "fact" if contribution is None else "cause"
    return Evidence(id=id, kind=kind, text=id, fields=fields, contribution=contribution)
