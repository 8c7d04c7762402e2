"""The requests for comparisons, what-ifs and profiles: notes, two examples, how to begin."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence

from recx_agent.errors import PromptError
from recx_agent.prompts.domain_pack import DomainPack
from recx_agent.prompts.prompt_data import as_data
from recx_agent.prompts.request_set import RequestSet, load_requests
from recx_agent.prompts.task_bank import TaskBank, TaskStyle, load_task
from recx_agent.prompts.task_slots import task_slots
from recx_agent.prompts.template_set import load_templates
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Claim, Message, Plan, Prompt, Slot, Task

_PIECE = re.compile(r"\{([A-Z][A-Z_]*\d*)")

_BESIDE = ("history_counts", "leans_away", "weighs_now")
"""Claims of a profile that stand beside what it is about."""


def task_prompt(
    plan: Plan, slots: Mapping[str, Slot], pack: DomainPack, requests: RequestSet, version: str
) -> Prompt:
    """Ask for the text of a plan.

    The example in the style of the variant is followed by the opening of another style, so
    that a text that goes on as the example does is still none of it.

    Parameters
    ----------
    plan : Plan
    slots : mapping of str to Slot
    pack : DomainPack
    requests : RequestSet
    version : str
        Of the prompt.

    Raises
    ------
    PromptError
        Nothing in the plan is for a language model.
    """
    bank = load_task(requests.language, plan.task)
    notes = _notes(plan, bank)
    first, *others = bank.styles
    shown = others[plan.variant % len(others)]
    asked = _opening(plan, bank, shown, notes)
    wording = json.dumps(plan.wording, sort_keys=True, ensure_ascii=False, default=str)
    examples = [_example(requests.language, plan.task, s.name, wording) for s in (first, shown)]
    system = requests.render("system_task", pack=pack, task=plan.task)
    return Prompt(
        messages=(
            Message("system", system),
            *(message for pair in examples for message in pair),
            Message("user", _task(plan.task, slots, notes, asked, requests)),
        ),
        style=f"{plan.task}_{asked.name}",
        version=version,
        examples=tuple(text.content for _, text in examples),
    )


def _opening(plan: Plan, bank: TaskBank, shown: TaskStyle, notes: Sequence[str]) -> TaskStyle:
    """The style whose opening is asked for: another than the one shown, of what is noted."""
    named = _pieces(*notes)
    kinds = {claim.kind for claim in plan.claims if bank.note(claim) in notes}
    fitting = [
        style
        for style in bank.styles
        if style is not shown and _pieces(style.opening) <= named and {*style.needs} <= kinds
    ]
    if not fitting:
        return shown
    return fitting[(plan.variant + plan.variant // len(bank.styles)) % len(fitting)]


def _task(
    task: Task,
    slots: Mapping[str, Slot],
    notes: Sequence[str],
    style: TaskStyle,
    requests: RequestSet,
) -> str:
    if not notes:
        raise PromptError("the plan tells nothing that is for a language model")
    language = load_templates(requests.language).language
    named = _pieces(*notes)
    lines = [
        "{" + slot.name + "} = " + as_data(slot.text, language)
        for slot in slots.values()
        if slot.name.partition(".")[0] in named
    ]
    return requests.render(task, lines=lines, notes=notes, opening=style.opening)


def _pieces(*texts: str) -> set[str]:
    """The pieces of evidence whose placeholders are named."""
    return {name for text in texts for name in _PIECE.findall(text)}


def _notes(plan: Plan, bank: TaskBank) -> list[str]:
    """What is to be told: the first claim of each kind, and of what stands beside in turn one.

    A small model that is given more muddles them; templates tell what must not be lost.
    """
    first: dict[str, Claim] = {}
    for claim in plan.claims:
        if bank.note(claim):
            first.setdefault(claim.kind, claim)
    beside = [kind for kind in _BESIDE if kind in first]
    if beside:
        kept = beside[plan.variant % len(beside)]
        first = {kind: c for kind, c in first.items() if kind not in beside or kind == kept}
    if first.keys() & {"leaves", "enters"}:
        first.pop("moves", None)
    return [bank.note(claim) for claim in first.values()]


@functools.lru_cache(maxsize=1024)
def _example(language: str, task: Task, name: str, wording: str) -> tuple[Message, Message]:
    """An example as two messages: what is asked, and the text."""
    requests, bank = load_requests(language), load_task(language, task)
    style = next(each for each in bank.styles if each.name == name)
    plan = bank.example(json.loads(wording))
    templates = load_templates(language)
    slots = task_slots(plan, templates, Viewer(templates.language, templates.events, plan.wording))
    told = _pieces(style.text)
    kept = [c for c in plan.claims if c.kind == "list_replaced" or c.evidence[-1] in told]
    notes = [bank.note(claim) for claim in kept]
    asked = _task(task, slots, notes, style, requests)
    return Message("user", asked), Message("assistant", style.text)
