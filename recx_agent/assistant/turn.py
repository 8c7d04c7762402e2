"""One turn on its way to an answer, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recx_agent.assistant.composing import Part
from recx_agent.assistant.core import Core
from recx_agent.assistant.results import KINDS, PROBLEM, Result, problem_text, shown_text
from recx_agent.assistant.understanding import Understanding
from recx_agent.errors import UsageError
from recx_agent.factory import answer_tool_call
from recx_agent.protocols import ToolReply
from recx_agent.settings import AssistantSettings

if TYPE_CHECKING:
    from recx_agent.factory import AssistantWords

NOT_SAID = "The person did not ask for that in the last message, so nothing was changed."
"""What a model is told that wants to keep feedback by itself."""


@dataclass(frozen=True)
class Reply:
    """What a person is shown, and how it came about.

    Attributes
    ----------
    parts : tuple of Part
        In order; each stands in a paragraph of its own.
    results : tuple of Result
        What tools answered in this turn.
    dropped : tuple of str
        Sentences of the model's own that are not shown.
    tool : str or None
        The tool that answered first.
    fault : str or None
        Why the language model did not answer, such as ``"unreachable"``.
    language : str
    requests : int
        To the language model.
    prompt_tokens, completion_tokens : int
        Of those requests.
    """

    parts: tuple[Part, ...]
    results: tuple[Result, ...]
    dropped: tuple[str, ...]
    tool: str | None
    fault: str | None
    language: str
    requests: int
    prompt_tokens: int
    completion_tokens: int

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(part.text for part in self.parts)


@dataclass
class Turn:
    """What is known so far in a turn.

    Parameters
    ----------
    core : Core
    user_id : str
    understanding : Understanding
    words : AssistantWords
    settings : AssistantSettings
    deadline : float
        Time of :func:`time.monotonic` by which requests to the model end.
    may_keep : bool
        Whether feedback may be kept.
    """

    core: Core
    user_id: str
    understanding: Understanding
    words: AssistantWords
    settings: AssistantSettings
    deadline: float
    may_keep: bool = True
    results: list[Result] = field(default_factory=list)
    replies: list[ToolReply] = field(default_factory=list)
    fault: str | None = None
    _asked: dict[str, str] = field(default_factory=dict)

    def call(self, tool: str, arguments: str | Mapping[str, Any]) -> str:
        """Answer a call, and say what the model is told; one made before is not made again.

        Raises
        ------
        RecxError
            What is the operator's to mend.
        """
        key = json.dumps([tool, arguments], sort_keys=True, default=str)
        if key in self._asked:
            return self._asked[key]
        if tool == "give_feedback" and not (self.may_keep and self._was_said(arguments)):
            self._asked[key] = NOT_SAID
            return NOT_SAID
        answer = answer_tool_call(
            tool,
            self._referring(_read(arguments)),
            core=self.core,  # type: ignore[arg-type]  # a Recx is both
            user_id=self.user_id,
            language=self.words.language,
            allow_cold=self.settings.allow_cold,
        )
        name = f"R{len(self.results) + 1}"
        if answer.error is not None or answer.artifact is None:
            text = problem_text(answer.error or UsageError(""), self.words)
            result = Result(name, tool, PROBLEM, text, error=answer.error)
            self._asked[key] = answer.content
        else:
            text = shown_text(tool, answer.content, answer.artifact, self.words)
            result = Result(name, tool, KINDS[tool], text, answer.artifact)
            self._asked[key] = self.words.result(name, tool, text)
        self.results.append(result)
        return self._asked[key]

    def _referring(self, given: Any) -> Any:
        """The arguments, with titles as a tool takes them."""
        if isinstance(given, Mapping):
            return {name: self._referring(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self._referring(value) for value in given]
        return self.understanding.names.reference(given) if isinstance(given, str) else given

    def _was_said(self, arguments: str | Mapping[str, Any]) -> bool:
        given = _read(arguments)
        if isinstance(given, str):
            return True  # the tool says what is wrong with it, and changes nothing
        return isinstance(given, Mapping) and self.understanding.allows_feedback(given)


def _read(arguments: str | Mapping[str, Any]) -> Any:
    """What a model wrote as arguments; as it is where that is no JSON object."""
    try:
        read = json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        return arguments
    return read if isinstance(read, Mapping) else arguments
