"""What a conversation remembers, and for how long; in memory only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from recx_agent.assistant.results import Result
from recx_agent.errors import TooManyRequests, UnclearReason
from recx_agent.settings import AssistantSettings

_SHORT = 600
"""Characters of one message that a model is sent again."""


@dataclass(frozen=True)
class Exchange:
    """What the person wrote, and what was shown: never what a model wrote before it was checked."""

    said: str
    shown: str


@dataclass
class Conversation:
    """One person's conversation.

    Attributes
    ----------
    user_id : str
        From a session or a token; nothing that is said changes it.
    exchanges : deque of Exchange
        The last ones.
    listed : tuple of str
        Titles of the list shown last.
    focus : str or None
        The item that was explained or compared last.
    causes : tuple of str
        What was told as its reason, or taken away in a what-if since.
    pending : tuple of str
        What "not because of that" may have meant, while it is not known.
    """

    user_id: str
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=12))
    listed: tuple[str, ...] = ()
    focus: str | None = None
    causes: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    explained: deque[str] = field(default_factory=lambda: deque(maxlen=5))

    @property
    def talked_of(self) -> tuple[str, ...]:
        """Titles that a single word may stand for."""
        focus = (self.focus,) if self.focus else ()
        return tuple(dict.fromkeys((*focus, *self.causes, *self.listed, *self.pending)))

    def note(self, result: Result) -> None:
        """Remember what a result was about."""
        self.pending = ()
        if isinstance(result.error, UnclearReason):
            self.pending = tuple(c.label for c in result.error.candidates)
        if result.kind == "list":
            self.listed = result.titles
            self.focus, self.causes = None, ()
        elif result.item is not None:
            self.focus, self.causes = result.item, result.causes
            self.explained.append(result.item)
        elif result.removed:
            self.causes = result.removed  # "not because of that again" is said of it

    def recent(self, tokens: int) -> list[dict[str, str]]:
        """The last exchanges as messages, of about so many tokens together."""
        messages: list[dict[str, str]] = []
        for exchange in reversed(self.exchanges):
            pair = [
                {"role": "user", "content": exchange.said[:_SHORT]},
                {"role": "assistant", "content": exchange.shown[:_SHORT]},
            ]
            tokens -= sum(about_tokens(message["content"]) for message in pair)
            if tokens < 0:
                break
            messages[:0] = pair
        return messages


def about_tokens(text: str) -> int:
    """About how many tokens a text is: a quarter of its bytes, which holds for both languages."""
    return len(text.encode("utf-8")) // 4 + 4


class Conversations:
    """Conversations by whom they are with; the oldest go, and those that nobody goes on with.

    Parameters
    ----------
    settings : AssistantSettings
    clock : callable
        Seconds; :func:`time.monotonic`.
    """

    def __init__(
        self, settings: AssistantSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def __len__(self) -> int:
        """How many are remembered."""
        with self._lock:
            self._expire()
            return len(self._kept)

    @contextmanager
    def held(self, user_id: str) -> Iterator[Conversation]:
        """The conversation with a person, for one answer at a time.

        Raises
        ------
        TooManyRequests
            A message of this person is being answered: none of them waits in a thread.
        """
        with self._lock:
            self._expire()
            kept = self._kept.get(user_id)
            if kept is None:
                conversation = Conversation(
                    user_id, deque[Exchange](maxlen=self._settings.memory_turns)
                )
                kept = self._kept[user_id] = _Kept(conversation)
            kept.last = self._clock()
            self._kept.move_to_end(user_id)
            while len(self._kept) > self._settings.conversations:
                self._kept.popitem(last=False)
        if not kept.lock.acquire(blocking=False):
            raise TooManyRequests("your last message is being answered; wait for the answer")
        try:
            yield kept.conversation
        finally:
            kept.last = self._clock()
            kept.lock.release()

    def forget(self, user_id: str) -> bool:
        """Forget a person's conversation; whether there was one."""
        with self._lock:
            return self._kept.pop(user_id, None) is not None

    def _expire(self) -> None:
        oldest = self._clock() - 60 * self._settings.conversation_minutes
        for user_id in [user for user, kept in self._kept.items() if kept.last < oldest]:
            del self._kept[user_id]


@dataclass
class _Kept:
    conversation: Conversation
    last: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
