"""How a text came about: every draft, what was found in it, what became of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from recx_agent.schemas.explanation import Verdict, Violation, Writer
from recx_agent.schemas.items import Record

StepKind = Literal["draft", "repair", "opinion", "cache", "fault", "template"]
Fate = Literal["kept", "repaired", "replaced", "left_out"]


class JudgedSentence(Record):
    """One sentence of a draft: as written, as shown, what it cites, what is wrong with it.

    ``claims`` are the kinds of statement it was read as.
    """

    raw: str
    text: str
    evidence: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    fate: Fate | None = None


class AuditStep(Record):
    """One step: a draft asked for and judged, or why there was none.

    ``raw`` is what the model wrote, untouched; ``detail`` the fault, the cache's key, or the
    sentence that a second opinion is about.
    """

    kind: StepKind
    raw: str = ""
    finish_reason: str = ""
    detail: str = ""
    sentences: tuple[JudgedSentence, ...] = ()
    messages: tuple[dict[str, str], ...] = ()
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


class AuditRecord(Record):
    """Everything about one text, enough to judge its drafts again without a model.

    ``plan`` holds claims, evidence, wording and the words of every placeholder; ``made`` is
    ISO in UTC.
    """

    format_version: Literal[1] = 1
    audit_id: str
    user_id: str
    made: str
    model: str
    plan: dict[str, Any]
    steps: tuple[AuditStep, ...]
    text: str
    verdict: Verdict
    writer: Writer
    settings: dict[str, Any] = Field(default_factory=dict)
