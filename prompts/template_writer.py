"""The writer that needs no language model: each claim by a template, in several styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recx_agent.prompts.domain_pack import domain_of
from recx_agent.prompts.evidence_fields import Fields
from recx_agent.prompts.task_viewer import LETTERS, STYLES, TaskViewer
from recx_agent.prompts.template_set import (
    EVIDENCE,
    TemplateSet,
    load_manifest,
    load_templates,
)
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Draft, Plan
from recx_agent.schemas import Sentence, Writer


class TemplateWriter:
    """Words a plan with Jinja templates, one sentence a claim.

    The same plan always gives the same text. ``plan.variant`` chooses the style, so that
    the items of a list, given consecutive variants, do not all read alike.

    Parameters
    ----------
    language : str
        Language of plans whose wording names none.

    Raises
    ------
    PromptError
        There are no templates for the language.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        load_templates(language)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that there are templates for."""
        return tuple(load_manifest()["languages"])

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles: variant ``v`` is written in ``styles[v % len(styles)]``."""
        return tuple(load_manifest()["styles"])

    @property
    def prompt_version(self) -> str:
        """Version and digest of the templates of the language."""
        return load_templates(self._language).prompt_version

    def write(self, plan: Plan) -> Draft:
        """Word every claim of a plan, in its order, citing the claim's evidence.

        One sentence more, the caution, stands at the end where the domain of the plan's wording
        has one; it cites what the first claim does.

        Raises
        ------
        PromptError
            There are no templates for the language, or a claim is of no known kind or
            cites evidence that is missing, of the wrong sort, or without a field the
            sentence needs.
        SettingsError
            There is no domain as the wording names it.
        """
        templates, viewer = self._prepared(plan.wording)
        language = templates.language
        explains = plan.task == "explain"
        style = templates.styles[plan.variant % len(templates.styles)] if explains else plan.task
        views = viewer if explains else TaskViewer(viewer)
        sentences = []
        for position, claim in enumerate(plan.claims):
            view = views.claim(plan, position)
            text = language.sentence(templates.word(style, claim.kind, view))
            sentences.append(Sentence(text=text, evidence=claim.evidence))
        if caution := domain_of(plan.wording, self._language).caution:
            sentences.append(Sentence(text=caution, evidence=plan.claims[0].evidence))
        writer = Writer(
            kind="template",
            style=style if explains else f"{style}_{plan.variant % STYLES + 1}",
            language=language.code,
            prompt_version=templates.prompt_version,
        )
        return Draft(tuple(sentences), writer, joint=language.joint)

    def write_all(self, plans: Sequence[Plan], *, deadline_ms: float | None = None) -> list[Draft]:
        """Write several; they take no time worth a deadline."""
        return [self.write(plan) for plan in plans]

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """Word one piece of evidence by itself, with dates: what :class:`Evidence` shows.

        Parameters
        ----------
        evidence_id : str
            Its first letter says what it is.
        fields : mapping
            As in :class:`recx_agent.schemas.Evidence`.
        wording : mapping
            As in a plan.

        Raises
        ------
        PromptError
            Evidence of another letter, or without a field the text needs.
        """
        templates, viewer = self._prepared(wording)
        given = Fields(evidence_id, fields)
        views = TaskViewer(viewer) if given.letter in LETTERS else viewer
        text = templates.word(EVIDENCE, given.letter, views.evidence(given))
        return templates.language.line(text)

    def close(self) -> None:
        """Nothing is held open."""

    def _prepared(self, wording: Mapping[str, Any]) -> tuple[TemplateSet, Viewer]:
        """The templates of the wording's language, and a viewer with what is called so in it."""
        templates = load_templates(wording.get("language") or self._language)
        return templates, Viewer(templates.language, templates.events, wording)
