"""A text that is checked, and what carries it."""

from __future__ import annotations

from recx_agent.schemas.explanation import Evidence, Sentence, Verdict, Violation, Writer
from recx_agent.schemas.items import Record


class Told(Record):
    """Numbers in words: the text, which evidence carries which sentence, and who wrote it.

    The fields are those of :class:`Explanation`: ``violations`` are those of drafts that are
    not shown, ``fault`` is why a language model did not answer.
    """

    text: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    writer: Writer
    violations: tuple[Violation, ...] = ()
    fault: str | None = None
    audit_id: str
