"""The styles a language model is shown: how a reason is told, and what else beside it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import REASONS
from recx_agent.prompts.request_set import STYLES, RequestSet, load_requests
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence, EvidenceKind

_KINDS: Mapping[str, EvidenceKind] = {"S": "support", "F": "fact", "R": "fact"}
_SCALE = {"rating_min": 1.0, "rating_max": 5.0}
_OTHER_WORDS = {"current_fact": "fact"}
"""Kinds of claims that are told in the words of another."""

Shape = tuple[str, int]
"""What the first reason rests on (first letter of its evidence), and on how many."""


@dataclass(frozen=True)
class Style:
    """One way to tell the reason.

    Attributes
    ----------
    name : str
    opening : str
        What the text begins with; empty where it begins with the saying.
    saying : str
        What it says of the item; empty where the opening does.
    text : str
        The example, with placeholders.
    item : str
        Title of what the example is about.
    evidence : mapping of str to Evidence
        What its reason rests on.
    """

    name: str
    opening: str
    saying: str
    text: str
    item: str
    evidence: Mapping[str, Evidence]

    @property
    def shape(self) -> Shape:
        """Plans of which shape it is for."""
        return next(iter(self.evidence))[0], len(self.evidence)

    @property
    def reason(self) -> Claim:
        """The example's reason."""
        kind = "because_history" if self.shape[0] == "H" else "because_attr"
        return Claim(kind, tuple(self.evidence), {"again": (), "also_for": ()})


@dataclass(frozen=True)
class StyleBank:
    """The styles of one language.

    Attributes
    ----------
    styles : tuple of Style
        In their order; without those of ``always``.
    always : tuple of Style
        Those whose examples stand before every request.
    beside : mapping of str to tuple of str
        Wordings of a sentence that tells a claim of a kind.
    evidence : mapping of str to Evidence
        What any example may tell beside its reason.
    """

    styles: tuple[Style, ...]
    always: tuple[Style, ...]
    beside: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, Evidence]

    def sentence(self, claim: Claim, number: int) -> str:
        """Word what is told beside the reason, with placeholders.

        Parameters
        ----------
        claim : Claim
        number : int
            Of the wording, in turn.

        Raises
        ------
        PromptError
            Claims of this kind are not for a language model.
        """
        kind = _OTHER_WORDS.get(claim.kind, claim.kind)
        if kind == "in_common" and len(claim.evidence) == 2:
            kind = "in_common_one"
        wordings = self.beside.get(kind)
        if wordings is None:
            raise PromptError(f"claim {kind!r} is not for a language model; templates tell it")
        return wordings[number % len(wordings)].replace("{X", "{" + claim.evidence[0])

    def beside_claim(self, kind: str, style: Style) -> tuple[Claim, dict[str, Evidence]] | None:
        """A claim of a kind for an example, with its evidence; ``None`` if it has none such."""
        first = next(iter(style.evidence))
        piece = {"fact": "F1", "current_fact": "F1", "everyone": "B1", "everyone_against": "B1"}
        piece |= {"against": "H9", "support": "S1", "context": "C1"}
        match kind:
            case "weighed_most":
                return (Claim(kind, (first,)), {}) if len(style.evidence) > 1 else None
            case "without":
                ranks = {"rank": 2, "rank_without": 31, "k": 10}
                return (Claim(kind, (first,), ranks), {}) if first[0] == "H" else None
            case "in_common":
                fact = self.evidence["F1"]
                shared = {"name": fact.fields["name"], "value": fact.fields["values"][0]}
                ids = (*style.evidence, "F1")
                return (Claim(kind, ids, shared), {"F1": fact}) if first[0] == "H" else None
            case _ if kind in piece:
                own = self.evidence[piece[kind]]
                if kind == "everyone_against":
                    own = own.model_copy(update={"contribution": -1.0})
                told = "fact" if kind == "current_fact" else kind
                return Claim(told, (own.id,)), {own.id: own}
        return None


def shape_of(claims: Sequence[Claim]) -> Shape:
    """The shape of a plan.

    Raises
    ------
    PromptError
        None of its claims gives a reason.
    """
    for claim in claims:
        if claim.kind in REASONS:
            return claim.evidence[0][0], len(claim.evidence)
    raise PromptError("the plan gives no reason; templates tell that")


@functools.cache
def load_styles(language: str) -> StyleBank:
    """The shipped styles of a language."""
    return read_styles(load_requests(language))


def read_styles(requests: RequestSet) -> StyleBank:
    """Read the styles of checked requests.

    Raises
    ------
    PromptError
        The file is damaged, or a style's case is missing.
    """
    try:
        table: dict[str, Any] = tomllib.loads(requests.files[STYLES])
        styles = [_style(entry, table["cases"][entry["case"]]) for entry in table["style"]]
        return StyleBank(
            styles=tuple(style for style in styles if style.name not in table["always"]),
            always=tuple(style for style in styles if style.name in table["always"]),
            beside={kind: tuple(wordings) for kind, wordings in table["beside"].items()},
            evidence={id: _evidence(id, given) for id, given in table["evidence"].items()},
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        where = f"requests {requests.language!r}: {STYLES}"
        raise PromptError(f"{where}: {type(error).__name__}: {error}") from error


def _style(entry: Mapping[str, Any], case: Mapping[str, Any]) -> Style:
    return Style(
        name=entry["name"],
        opening=entry.get("opening", ""),
        saying=entry.get("saying", ""),
        text=entry["text"],
        item=case["item"],
        evidence={id: _evidence(id, given) for id, given in case["evidence"].items()},
    )


def _evidence(id: str, given: Mapping[str, Any]) -> Evidence:
    fields: dict[str, Any] = {k: v for k, v in given.items() if k != "contribution"}
    match id[0]:
        case "H":
            event = {"event_type": given.get("event_type", "rating"), "rating": given.get("rating")}
            scale = _SCALE if "rating" in given else dict.fromkeys(_SCALE)
            fixed = {"attributes": {}, "disliked": False, "item_id": id, "events": [event]}
            fields = {**fixed, **event, **scale, **fields}
        case "B":
            fields = {"liked_event": None, "share": 0.2, **fields}
        case "F":
            fields = {"as_of": None, **fields}
    kind = _KINDS.get(id[0], "cause")
    return Evidence(
        id=id,
        kind=kind,
        text=id,
        fields=fields,
        contribution=given.get("contribution", 1.0) if kind == "cause" else None,
    )
