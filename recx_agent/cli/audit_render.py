"""Audit records as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from recx_agent.schemas import AuditRecord, AuditStep, JudgedSentence

if TYPE_CHECKING:
    from recx_agent.writing import Replayed

_FATES = {
    "kept": "shown as it is",
    "repaired": "another sentence took its place",
    "replaced": "a template sentence took its place",
    "left_out": "left out",
    None: "",
}


def record(record: AuditRecord, *, prompts: bool = False) -> RenderableType:
    """Everything about one text, from what might be said to what was."""
    parts: list[RenderableType] = [
        Text(f"{record.plan['item_title']}  for user {record.user_id}", style="bold"),
        Text(
            f"{record.audit_id}  made {record.made}  model {record.model}  "
            f"style {record.writer.style}  prompt {record.writer.prompt_version}",
            style="dim",
        ),
        "",
        Text("what might be said", style="bold"),
        *_claims(record),
    ]
    for number, step in enumerate(record.steps, start=1):
        parts += ["", *_step(number, step, prompts)]
    return Group(*parts, "", Text(f"shown: {record.verdict}", style="bold"), Text(record.text))


def replayed(record: AuditRecord, replayed: Replayed) -> RenderableType:
    """What comes out today, and whether that is what was shown."""
    parts: list[RenderableType] = [*_sentences(replayed.sentences)]
    if replayed.same:
        return Group(*parts, Text(f"the same: {replayed.verdict}", style="green"))
    return Group(
        *parts,
        Text("something else comes out", style="red"),
        Text(f"then  {record.verdict}: {record.text}"),
        Text(f"now   {replayed.verdict}: {replayed.text}"),
    )


def _claims(record: AuditRecord) -> Iterator[RenderableType]:
    for claim in record.plan["claims"]:
        yield Text(f"  {claim['kind']}  [{', '.join(claim['evidence'])}]")
    slots = record.plan["slots"]
    if slots:
        yield Text("placeholders", style="bold")
    for slot in slots:
        yield Text(f"  {{{slot['name']}}}  {slot['text']}")


def _step(number: int, step: AuditStep, prompts: bool) -> Iterator[RenderableType]:
    heading = f"{number}. {step.kind}"
    if step.detail:
        heading += f" ({step.detail})"
    if step.seconds:
        cached = f", {step.cached_tokens} of them cached" if step.cached_tokens else ""
        heading += (
            f"  {step.seconds:.2f} s, {step.prompt_tokens} prompt tokens{cached}, "
            f"{step.completion_tokens} written"
        )
    yield Text(heading, style="bold")
    for message in step.messages if prompts else ():
        yield Text(f"  {message['role']}:", style="dim")
        yield Padding(Text(message["content"]), (0, 0, 0, 4))
    if step.raw and not step.sentences:
        yield Text(f"  {step.raw}")
    if step.finish_reason not in ("", "stop"):
        yield Text(f"  ended early: {step.finish_reason}", style="red")
    yield from _sentences(step.sentences)


def _sentences(sentences: Sequence[JudgedSentence]) -> Iterator[RenderableType]:
    for sentence in sentences:
        yield Text(f"  {sentence.raw}")
        read = ", ".join((*sentence.claims, *sentence.evidence)) or "nothing"
        fate = f"; {_FATES[sentence.fate]}" if sentence.fate else ""
        yield Text(f"      read as {read}{fate}", style="dim")
        for violation in sentence.violations:
            yield Text(f"      {violation.kind}: {violation.detail}", style="red")
