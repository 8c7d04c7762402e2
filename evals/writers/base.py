"""What a writer under test is, and what it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from recx_agent.evals.cases import Case
from recx_agent.evals.samples import Sample, Sentence


class LeftOut(Exception):
    """A writer has no text for a case, and says why: it is counted as missing."""


@dataclass(frozen=True)
class Written:
    """What a writer made of one case; see :class:`recx_agent.evals.samples.Sample`."""

    text: str
    sentences: tuple[Sentence, ...]
    verdict: str = ""
    took: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def of_dict(cls, content: Mapping[str, Any]) -> Written:
        """Read back what :meth:`as_dict` gave."""
        sentences = tuple(
            Sentence(one["text"], tuple(one["cites"])) for one in content["sentences"]
        )
        return cls(**{**content, "sentences": sentences})

    def sample(self, case: Case, writer: str) -> Sample:
        """The sample that judges are shown."""
        return Sample(
            key=case.key,
            writer=writer,
            user_id=case.user_id,
            item_id=case.item_id,
            language=case.language,
            text=self.text,
            sentences=self.sentences,
            evidence=case.evidence,
            reference=case.reference,
            verdict=self.verdict,
            took={**case.took, **self.took},
            extra={**case.extra, **self.extra},
            variant=case.variant,
            base_key=case.base_key,
        )


class WriterUnderTest(Protocol):
    """Writes texts for cases, several at once in one event loop."""

    @property
    def description(self) -> Mapping[str, Any]:
        """What its texts depend on, as plain JSON values: kind, model, versions, settings."""
        ...

    async def write(self, case: Case) -> Written:
        """Write one text.

        Raises
        ------
        LeftOut
            It has none for this case.
        LlmError
            The language model failed in a way that may pass: the run ends and can go on.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds open."""
        ...
