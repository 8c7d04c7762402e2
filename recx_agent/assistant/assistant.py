"""An assistant that shows nothing it cannot carry."""

from __future__ import annotations

import logging
import time
from functools import cached_property, lru_cache
from typing import Self

from recx_agent.assistant.asking import ask
from recx_agent.assistant.composing import Part, compose
from recx_agent.assistant.core import Core
from recx_agent.assistant.intents import TALK, intents_of, language_of_text
from recx_agent.assistant.memory import Conversation, Exchange
from recx_agent.assistant.names import Names
from recx_agent.assistant.own_words import OwnWords
from recx_agent.assistant.turn import Reply, Turn
from recx_agent.assistant.understanding import Understanding
from recx_agent.errors import LlmError, LlmRefused, UsageError
from recx_agent.explainer.wording import LANGUAGES, language_of, told_in, wording_in_force
from recx_agent.factory import AssistantWords, make_assistant_words, make_tool_chat
from recx_agent.protocols import ToolChat, ToolReply, ToolRequest

MOST_CHARACTERS = 4_000
"""Of one message of a person."""

_log = logging.getLogger(__name__)


class Assistant:
    """Talks with people about what a recommender suggests to them, and why.

    A language model chooses tools and may say a few words; what is shown are the texts of the
    tools, word by word, and of the model's words only what asserts nothing or passes the
    verifier. Without a model, or where it fails, code chooses the tool.

    Parameters
    ----------
    core : Core
        A :class:`recx_agent.Recx`; not closed with the assistant.
    chat : ToolChat, optional
        Asked in the place of the model of the settings.
    language : str, optional
        Of all answers; else that of each message, English or Chinese.

    Raises
    ------
    SettingsError
        The model of the settings cannot be asked.

    Examples
    --------
    ::

        with Recx.open("films") as recx, Assistant(recx) as assistant:
            conversation = assistant.conversation("alice")
            print(assistant.reply(conversation, "What should I watch?").text)
            print(assistant.reply(conversation, "Why the first one?").text)
    """

    def __init__(
        self, core: Core, chat: ToolChat | None = None, *, language: str | None = None
    ) -> None:
        self._core = core
        self.settings = core.settings.assistant
        self._chat: ToolChat | None = chat or make_tool_chat(core.settings.llm)
        self._language = None if language is None else language_of(language)
        self.words = lru_cache(maxsize=4)(self._make_words)

    @classmethod
    def without_model(cls, core: Core, *, language: str | None = None) -> Self:
        """An assistant that asks no language model, whatever is set."""
        found = cls(core, _NoChat(), language=language)
        found._chat = None
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the language model."""
        if self._chat is not None:
            self._chat.close()

    def conversation(self, user_id: str) -> Conversation:
        """A new conversation; to be kept by whoever knows whom it is with."""
        found = Conversation(user_id)
        found.exchanges = type(found.exchanges)(maxlen=self.settings.memory_turns)
        return found

    def reply(
        self,
        conversation: Conversation,
        said: str,
        *,
        may_keep: bool = True,
        deadline_ms: float | None = None,
    ) -> Reply:
        """Answer what a person says, and remember it.

        Parameters
        ----------
        conversation : Conversation
        said : str
        may_keep : bool
            Whether feedback may be kept, or taken back, in this conversation.
        deadline_ms : float, optional
            Of the requests to the language model; that of the settings if not given.

        Raises
        ------
        UsageError
            The message is empty or too long.
        RecxError
            What is the operator's to mend: see ``docs/tools.md``. What the language model does
            or does not do raises nothing.
        """
        text = checked(said)
        turn = self.begin(conversation, text, may_keep=may_keep, deadline_ms=deadline_ms)
        reply = self.finish(turn, self._asked(turn))
        for result in reply.results:
            conversation.note(result)
        conversation.exchanges.append(Exchange(text, reply.text))
        return reply

    def begin(
        self,
        conversation: Conversation,
        text: str,
        *,
        may_keep: bool = True,
        deadline_ms: float | None = None,
    ) -> Turn:
        """A turn that somebody else's loop goes through; for the parameters see :meth:`reply`."""
        language = self._language or language_of_text(text)
        words = self.words(language)
        understanding = Understanding(
            text, conversation, intents_of(language), self._names, self.settings
        )
        return Turn(
            core=self._core,
            user_id=conversation.user_id,
            understanding=understanding,
            words=words,
            settings=self.settings,
            deadline=time.monotonic() + (deadline_ms or self.settings.deadline_ms) / 1000,
            may_keep=may_keep,
        )

    def finish(self, turn: Turn, last: str) -> Reply:
        """What is shown at the end of a turn of which ``last`` is what a model said last.

        Where no tool has answered, code does what the words ask for.
        """
        self._rescue(turn)
        return self._composed(turn, last)

    def _asked(self, turn: Turn) -> str:
        """What the model said last; nothing where it did not answer."""
        if self._chat is None:
            return ""
        try:
            return ask(self._chat, turn)
        except LlmError as error:
            turn.fault = error.fault
            _log.warning("the assistant's model did not answer: %s", error.fault)
            return ""

    def _rescue(self, turn: Turn) -> None:
        """Do by code what the words ask for, where the model has not got an answer."""
        if any(result.ok for result in turn.results):
            return
        call = turn.understanding.call()
        # What a tool has said to be wrong may be as wrong as told: asked again it says the same.
        if call is not None:
            turn.call(call.tool, call.arguments)

    def _composed(self, turn: Turn, last: str) -> Reply:
        explained = [result.item for result in turn.results if result.item and result.ok]
        own = OwnWords(
            core=self._core,
            user_id=turn.user_id,
            words=turn.words,
            now=[title for title in explained if title],
            before=list(turn.understanding.conversation.explained),
            kept=any(result.ok and result.kind == "kept" for result in turn.results),
        )
        joint = "" if turn.words.language == "zh" else " "
        parts = compose(last, turn.results, own, joint)
        if own.dropped and not turn.results and not _is_talk(turn):
            parts = ()  # what is left of an answer that nothing carries is none
        return Reply(
            parts=parts or (Part(self._standing(turn)),),
            results=tuple(turn.results),
            dropped=tuple(own.dropped),
            tool=turn.results[0].tool if turn.results else None,
            fault=turn.fault,
            language=turn.words.language,
            requests=len(turn.replies),
            prompt_tokens=sum(reply.prompt_tokens for reply in turn.replies),
            completion_tokens=sum(reply.completion_tokens for reply in turn.replies),
        )

    def _standing(self, turn: Turn) -> str:
        """What is said where nothing was asked for, and where nothing could be done."""
        pattern = turn.understanding.pattern
        if pattern is not None and _is_talk(turn):
            return turn.words.standing(pattern.kind)
        if pattern is not None and pattern.tool == "give_feedback":
            return turn.words.problem("not_said" if turn.may_keep else "not_allowed")
        return turn.words.standing("help")

    def _make_words(self, language: str) -> AssistantWords:
        fitted = self._core.version.notes.get("wording", {})
        wording = wording_in_force(self._core.settings, fitted)
        return make_assistant_words(told_in(wording, language_of(language)).model_dump())

    @cached_property
    def _names(self) -> Names:
        nouns: set[str] = set()
        for language in LANGUAGES:
            nouns |= set(self.words(language).domain_words["item_nouns"])
        return Names(self._core.dataset.catalogue, sorted(nouns))


def _is_talk(turn: Turn) -> bool:
    """Whether the person greets, thanks or takes leave."""
    pattern = turn.understanding.pattern
    return pattern is not None and pattern.tool == TALK


class _NoChat:
    """Is never asked."""

    def ask(self, request: ToolRequest, *, deadline: float | None = None) -> ToolReply:
        raise LlmRefused("this assistant has no language model")

    def close(self) -> None:
        """There is nothing to let go of."""


def checked(said: str) -> str:
    """A person's message.

    Raises
    ------
    UsageError
        It is empty or too long.
    """
    text = said.strip()
    if not text:
        raise UsageError("the message is empty; say something")
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"the message has {len(text)} characters; at most {MOST_CHARACTERS} are read"
        )
    return text
