"""The requests to a language model: placeholders, evidence as data, one example, the task."""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.prompts.domain_pack import DomainPack, domain_of
from recx_agent.prompts.languages import Language
from recx_agent.prompts.notes import lines_of, notes_of, reasons_of, told_before
from recx_agent.prompts.prompt_data import as_data, inert
from recx_agent.prompts.request_set import VIOLATIONS, RequestSet, load_requests
from recx_agent.prompts.slots import slots_of
from recx_agent.prompts.style_bank import load_styles
from recx_agent.prompts.style_choice import example_of, saying_for, style_for
from recx_agent.prompts.task_prompts import task_prompt
from recx_agent.prompts.task_slots import task_slots
from recx_agent.prompts.template_set import TemplateSet, load_templates
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Message, Plan, Prompt, Slot
from recx_agent.schemas import Violation

_ALWAYS_BESIDE = ("in_common",)
"""What the examples that are always there tell beside their reason."""

_WORDINGS = 12
"""After so many, the wordings in turn begin anew: there are up to four of each kind."""

_MOST_PROBLEMS = 4
"""Violations named in a repair; more confuse a small model."""


@dataclass(frozen=True)
class LlmPrompts:
    """Words requests in the language and domain of each plan's wording.

    A prompt goes from what is the same for all to what is its own, so that a server's prefix
    cache serves most of it: rules of language and domain, the examples that are always there,
    the style's example, then placeholders with their words, notes, what to begin with.

    Parameters
    ----------
    language : str
        Language of plans whose wording names none.
    """

    language: str = "en"

    def slots(self, plan: Plan) -> Mapping[str, Slot]:
        """The placeholders of a plan, by name; see :mod:`recx_agent.prompts.slots`.

        Raises
        ------
        PromptError
            A claim cites what is not there or does not carry it.
        """
        templates, viewer = self._prepared(plan.wording)
        maker = slots_of if plan.task == "explain" else task_slots
        return maker(plan, templates, viewer)

    def explain(self, plan: Plan, slots: Mapping[str, Slot]) -> Prompt:
        """Ask for an explanation of one item or of one item of a list, or for another task.

        Raises
        ------
        PromptError
            The plan is not for a language model: it gives no reason, or one that is not to be
            named.
        SettingsError
            There is no such domain, or its file is wrong.
        """
        requests, pack = self._requests(plan.wording), self._pack(plan.wording)
        version = _version(requests.language, requests.version, pack.name, pack.digest)
        if plan.task != "explain":
            return task_prompt(plan, slots, pack, requests, version)
        bank = load_styles(requests.language)
        style = style_for(plan, bank)
        notes = notes_of(plan, bank, plan.variant + 1)
        kinds = tuple(claim.kind for claim in notes.claims)
        wording = json.dumps(plan.wording, sort_keys=True, ensure_ascii=False, default=str)
        shown = [
            *(_shown(self, each.name, _ALWAYS_BESIDE, 0, wording) for each in bank.always),
            _shown(self, style.name, kinds, plan.variant % _WORDINGS, wording),
        ]
        saying = saying_for(plan, style, bank, shown[-1][1].content, notes.sentences)
        asked = (style.opening, saying)
        return Prompt(
            messages=(
                Message("system", requests.render("system", pack=pack)),
                *(message for pair in shown for message in pair),
                Message("user", self._task(plan, slots, notes.sentences, asked, requests)),
            ),
            style=style.name,
            version=version,
            # What the notes say is shown, too: a text of nothing else is no text of its own.
            examples=(*(text.content for _, text in shown), *notes.sentences),
        )

    def repair(
        self,
        prompt: Prompt,
        draft: str,
        failed: Sequence[str],
        violations: Sequence[Violation],
        language: str,
    ) -> Prompt:
        """Ask for other sentences in the place of the failed ones, naming what was wrong.

        The request goes on from the first one, so that all of that is in the prefix cache.

        Raises
        ------
        PromptError
            There are no requests in the language.
        """
        requests = load_requests(language)
        asked = requests.render(
            "repair",
            failed=[inert(sentence) for sentence in failed],
            problems=problems(violations, requests, load_templates(language).language),
        )
        further = (Message("assistant", inert(draft)), Message("user", asked))
        return Prompt((*prompt.messages, *further), prompt.style, prompt.version, prompt.examples)

    def judge(self, statement: str, evidence: Sequence[str], language: str) -> tuple[Message, ...]:
        """Ask whether evidence carries a statement: yes or no.

        Raises
        ------
        PromptError
            There are no requests in the language.
        """
        requests, words = load_requests(language), load_templates(language).language
        lines = [as_data(line, words) for line in evidence]
        asked = requests.render("judge", lines=lines, statement=as_data(statement, words))
        return (Message("user", asked),)

    def caution(self, wording: Mapping[str, Any]) -> str:
        """The sentence that has to stand after every text of the domain, or nothing."""
        return self._pack(wording).caution

    def example(
        self, name: str, kinds: Sequence[str], number: int, wording: Mapping[str, Any]
    ) -> tuple[Message, Message]:
        """A style's example as two messages: what is asked, and the text.

        Parameters
        ----------
        name : str
            Of the style.
        kinds : sequence of str
            What the text may tell beside its reason; the first that the example can is taken.
        number : int
            Of the wording of that, in turn.
        wording : mapping
            As in a plan.
        """
        requests = self._requests(wording)
        bank = load_styles(requests.language)
        style = next(each for each in (*bank.always, *bank.styles) if each.name == name)
        plan, text = example_of(style, bank, kinds, number, wording)
        beside, asked = notes_of(plan, bank, number).sentences, (style.opening, style.saying)
        task = self._task(plan, self.slots(plan), beside, asked, requests)
        return Message("user", task), Message("assistant", text)

    def _task(
        self,
        plan: Plan,
        slots: Mapping[str, Slot],
        beside: Sequence[str],
        asked: tuple[str, str],
        requests: RequestSet,
    ) -> str:
        reasons, again = reasons_of(plan, slots), told_before(plan)
        language = load_templates(requests.language).language
        given: dict[str, Any] = {
            "lines": lines_of(slots, [*reasons, *beside], requests, language),
            "reasons": reasons,
            "notes": [each.rstrip(".。") for each in beside],
            "opening": asked[0],
            "saying": asked[1],
        }
        if again:
            return requests.render("explain_list", again=again, **given)
        return requests.render("explain_one", **given)

    def _prepared(self, wording: Mapping[str, Any]) -> tuple[TemplateSet, Viewer]:
        templates = load_templates(wording.get("language") or self.language)
        return templates, Viewer(templates.language, templates.events, wording)

    def _requests(self, wording: Mapping[str, Any]) -> RequestSet:
        return load_requests(wording.get("language") or self.language)

    def _pack(self, wording: Mapping[str, Any]) -> DomainPack:
        return domain_of(wording, self.language)


def problems(
    violations: Sequence[Violation], requests: RequestSet, language: Language
) -> tuple[str, ...]:
    """What was wrong, in plain words, each once; the detail as data."""
    words: Mapping[str, str] = tomllib.loads(requests.files[VIOLATIONS])
    told = {
        words.get(v.kind, words["other"]) + (f": {as_data(v.detail, language)}" if v.detail else "")
        for v in violations
    }
    return tuple(sorted(told))[:_MOST_PROBLEMS]


@functools.lru_cache(maxsize=4096)
def _shown(
    maker: LlmPrompts, name: str, kinds: tuple[str, ...], number: int, wording: str
) -> tuple[Message, Message]:
    """An example's messages, kept: few differ, and each takes as long as a whole prompt."""
    return maker.example(name, kinds, number, json.loads(wording))


@functools.cache
def _version(language: str, requests: str, domain: str, digest: str) -> str:
    """``language-domain-version+digest`` of all that a prompt is made of."""
    parts = (requests, domain, digest, load_templates(language).prompt_version)
    whole = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"{language}-{domain}-{requests.partition('+')[0]}+{whole}"
