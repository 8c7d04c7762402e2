"""The assistant behind the endpoint: the workspace in force, one memory for each subject."""

from __future__ import annotations

import threading

from recx_agent.assistant import Assistant, Conversations, Reply
from recx_agent.factory import make_tool_chat
from recx_agent.recx import Recx
from recx_agent.serve.identity import Caller
from recx_agent.serve.running import Service


class Talks:
    """Answers messages of people who are signed in.

    Parameters
    ----------
    service : Service

    Raises
    ------
    SettingsError
        The language model of the settings cannot be asked.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._chat = make_tool_chat(service.settings.llm)
        self._lock = threading.Lock()
        self._assistant: tuple[Recx, Assistant] | None = None
        self.conversations = Conversations(service.settings.assistant)

    async def reply(self, caller: Caller, said: str) -> Reply:
        """Answer a message.

        Raises
        ------
        Forbidden
            The credential stands for no user.
        TooManyRequests
            A message of the same user is being answered.
        UsageError
            The message is empty or too long.
        """
        user_id = caller.user()
        may_keep = "feedback" in caller.scopes

        def answer(recx: Recx, left_ms: float) -> Reply:
            with self.conversations.held(user_id) as conversation:
                return self._of(recx).reply(
                    conversation, said, may_keep=may_keep, deadline_ms=left_ms
                )

        deadline_ms = self._service.settings.assistant.deadline_ms
        return await self._service.ask(answer, deadline_ms=deadline_ms)

    def forget(self, user_id: str) -> bool:
        """Forget a user's conversation, as where he is erased."""
        return self.conversations.forget(user_id)

    def close(self) -> None:
        """Let go of the language model."""
        if self._chat is not None:
            self._chat.close()

    def _of(self, recx: Recx) -> Assistant:
        """The assistant of a workspace; another one where that was reloaded."""
        with self._lock:
            if self._assistant is None or self._assistant[0] is not recx:
                self._assistant = (recx, Assistant(recx, self._chat))
            return self._assistant[1]
