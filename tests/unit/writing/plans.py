"""A plan with a reason, plain facts beside it, and something that speaks against the item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from recx_agent.factory import speech_of
from recx_agent.llms import ScriptedChatModel
from recx_agent.llms.scripted import Answer, Delayed, Script
from recx_agent.prompts import LlmPrompts, TemplateWriter
from recx_agent.protocols import AuditLog, Claim, Plan, TextCache
from recx_agent.settings import LlmSettings
from recx_agent.testing.plans import plan_of
from recx_agent.writing import GroundedWriter, SecondOpinion
from recx_agent.writing.case import Case

BECAUSE = Claim("because_history", ("H1", "H2"), {"again": (), "also_for": ()})
MOST = Claim("weighed_most", ("H1",))
COMMON = Claim("in_common", ("H1", "H2", "F1"), {"name": "genre", "value": "Crime"})
AGAINST = Claim("against", ("H4",))
FACT = Claim("fact", ("F1",))
ABSTAINS = Claim("no_single_cause", ("T1",))

REASON = "Having {ITEM} up here comes from the fact that you {H1.deed} and {H2.deed}."
OWN = "{ITEM} is here because of {H1} and {H2}."
SHARES = "{ITEM} and {H1} share {SHARED}."
AGAINST_TOLD = "{H4} counts against it."
PRAISE = "{ITEM} is great."


def plan(*claims: Claim, language: str = "en", variant: int = 0, **more: Any) -> Plan:
    """A plan of these claims with the evidence they cite."""
    whole = plan_of(*claims, language=language, variant=variant)
    cited = {id for claim in claims for id in claim.evidence}
    evidence = {id: piece for id, piece in whole.evidence.items() if id in cited}
    if "H4" in evidence:
        evidence["H4"] = evidence["H4"].model_copy(update={"contribution": -0.5})
    if "H1" in evidence:
        evidence["H1"] = evidence["H1"].model_copy(update={"contribution": 2.0})
    totals = {"history": 5.0, "attribute": 5.0}
    kept: dict[str, Any] = {"user_id": "ann", "key": "k1", **more}
    return replace(whole, evidence=evidence, totals=totals, min_share=0.2, **kept)


def case(given: Plan, examples: tuple[str, ...] = ()) -> Case:
    """What drafts of a plan are judged by."""
    slots = LlmPrompts().slots(given)
    return Case(given, slots, examples, speech_of(given.wording), TemplateWriter())


def writer(
    model: ScriptedChatModel,
    *,
    cache: TextCache | None = None,
    audit: AuditLog | None = None,
    opinion: SecondOpinion | None = None,
    **settings: Any,
) -> GroundedWriter:
    """A writer with the shipped prompts, templates and verifier."""
    return GroundedWriter(
        templates=TemplateWriter(),
        prompts=LlmPrompts(),
        speech_of=speech_of,
        model=model,
        settings=LlmSettings(**{"deadline_ms": 20_000.0, **settings}),
        cache=cache,
        audit=audit,
        opinion=opinion,
    )


Scripted = Callable[[Iterable[Answer | Delayed] | Script], ScriptedChatModel]
