"""The writer that needs no language model: each claim by a template, in several styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts.claim_view import Attribute, Everyone, Viewer, Whole
from recx_agent.prompts.cleaning import sentence
from recx_agent.prompts.deeds import Group
from recx_agent.prompts.evidence_fields import Fields
from recx_agent.prompts.template_set import EVIDENCE, load_templates
from recx_agent.protocols import Draft, Plan
from recx_agent.schemas import Sentence, Writer


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence in words; what it is not is empty."""

    groups: tuple[Group, ...] = ()
    attribute: Attribute | None = None
    everyone: Everyone | None = None
    whole: Whole | None = None
    noun: str = ""
    nouns: str = ""


class TemplateWriter:
    """Words a plan with Jinja templates, one sentence a claim.

    The same plan always gives the same text. ``plan.variant`` chooses the style, so
    that the items of a list, given consecutive variants, do not all read alike.
    """

    def __init__(self, language: str = "en") -> None:
        self._templates = load_templates(language)

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles: variant ``v`` is written in ``styles[v % len(styles)]``."""
        return self._templates.styles

    @property
    def prompt_version(self) -> str:
        """Version and digest of the templates in use."""
        return self._templates.prompt_version

    def write(self, plan: Plan) -> Draft:
        """Word every claim of a plan, in its order, citing the claim's evidence.

        Raises
        ------
        PromptError
            A claim is of no known kind or cites evidence that is missing, of the wrong
            sort, or without a field the sentence needs.
        """
        style = self.styles[plan.variant % len(self.styles)]
        viewer = Viewer(self._templates.events, plan.wording)
        sentences = []
        for position, claim in enumerate(plan.claims):
            view = viewer.claim(plan, position)
            text = sentence(self._templates.word(style, claim.kind, view))
            sentences.append(Sentence(text=text, evidence=claim.evidence))
        writer = Writer(
            kind="template",
            style=style,
            language=self._templates.language,
            prompt_version=self.prompt_version,
        )
        return Draft(tuple(sentences), writer)

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """Word one piece of evidence by itself, with dates: what :class:`Evidence` shows.

        Parameters
        ----------
        evidence_id : str
            Its first letter says what it is: ``H``, ``A``, ``B``, ``T`` or ``F``.
        fields : mapping
            As in :class:`recx_agent.schemas.Evidence`.
        wording : mapping
            As in a plan.

        Raises
        ------
        PromptError
            Evidence of another letter, or without a field the text needs.
        """
        viewer = Viewer(self._templates.events, wording)
        given = Fields(evidence_id, fields)
        match given.letter:
            case "H" as letter:
                view = EvidenceView(groups=viewer.groups([given]))
            case ("A" | "F") as letter:
                view = EvidenceView(attribute=viewer.attribute(given["name"], given.values))
            case "B" as letter:
                view = EvidenceView(everyone=viewer.everyone(given))
            case "T" as letter:
                view = EvidenceView(whole=viewer.whole(given), noun=viewer.noun, nouns=viewer.nouns)
            case _:
                raise PromptError(f"evidence {evidence_id!r} is of no sort that has a text")
        text = self._templates.word(EVIDENCE, letter, view)
        return " ".join(text.split())
