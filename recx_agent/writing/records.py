"""Audit records: a plan and its placeholders as JSON, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from recx_agent.protocols import Claim, Draft, Plan, Prompt, Slot, audit_id
from recx_agent.schemas import AuditRecord, AuditStep, Evidence
from recx_agent.settings import LlmSettings
from recx_agent.writing.kinds import abstains

_DECIDES = frozenset({"structured", "temperature", "max_tokens", "candidates", "repair"})
"""Settings that what is written depends on."""


def plan_content(plan: Plan, slots: Mapping[str, Slot], examples: Sequence[str]) -> dict[str, Any]:
    """Everything that a draft is judged by, as plain values."""
    content = {
        "item_title": plan.item_title,
        "claims": [asdict(claim) for claim in plan.claims],
        "evidence": [piece.model_dump(mode="json") for piece in plan.evidence.values()],
        "wording": dict(plan.wording),
        "variant": plan.variant,
        "totals": dict(plan.totals),
        "min_share": plan.min_share,
        "key": plan.key,
        "task": plan.task,
        "slots": [asdict(slot) for slot in slots.values()],
        "examples": list(examples),
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False, default=str))
    return plain


def read_plan(record: AuditRecord) -> tuple[Plan, dict[str, Slot], tuple[str, ...]]:
    """The plan of a record, its placeholders, and the examples that the model was shown."""
    content = record.plan
    claims = [Claim(c["kind"], tuple(c["evidence"]), c["values"]) for c in content["claims"]]
    pieces = [Evidence.model_validate(piece) for piece in content["evidence"]]
    plan = Plan(
        item_title=content["item_title"],
        claims=claims,
        evidence={piece.id: piece for piece in pieces},
        wording=content["wording"],
        variant=content["variant"],
        totals=content["totals"],
        min_share=content["min_share"],
        user_id=record.user_id,
        key=content["key"],
        task=content.get("task", "explain"),  # records of before there were others
    )
    slots = {slot["name"]: Slot(**slot) for slot in content["slots"]}
    return plan, slots, tuple(content["examples"])


def settings_content(settings: LlmSettings, chooser: str, judge: str) -> dict[str, Any]:
    """What of the settings a text depends on."""
    content = settings.model_dump(mode="json", include=set(_DECIDES))
    return {**content, "chooser": chooser, "judge": judge}


def make_record(
    plan: Plan,
    slots: Mapping[str, Slot],
    examples: Sequence[str],
    draft: Draft,
    steps: Sequence[AuditStep],
    *,
    model: str,
    settings: Mapping[str, Any],
) -> AuditRecord:
    """The record of a text, made now."""
    return AuditRecord(
        audit_id=audit_id(plan.key, draft.writer),
        user_id=plan.user_id,
        made=datetime.now(UTC).isoformat(timespec="microseconds"),
        model=model,
        plan=plan_content(plan, slots, examples),
        steps=tuple(steps),
        text=draft.text,
        verdict="abstained" if abstains(plan) else draft.verdict,
        writer=draft.writer,
        settings=dict(settings),
    )


def text_key(
    plan: Plan,
    slots: Mapping[str, Slot],
    prompt: Prompt,
    *,
    model: str,
    settings: Mapping[str, Any],
    speech: str,
) -> str:
    """Digest of everything that a text depends on: a change in any of it makes another key."""
    content = {
        "plan": plan_content(plan, slots, prompt.examples),
        "prompt": [prompt.version, *(asdict(message) for message in prompt.messages)],
        "model": model,
        "settings": dict(settings),
        "speech": speech,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
