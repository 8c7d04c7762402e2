"""A conversation in which every statement that is shown is checked.

::

    what a person says
      → understanding   what the words ask for: intents (phrases/), names of the catalogue
      → asking          a language model chooses a tool and its arguments; what it says last
      → turn            tools are answered (results); feedback only where the person said it
      → own_words       the model's own sentences: those that assert nothing, or are verified
      → composing       the message: verified texts by reference, own words where they may stand
      → memory          what was shown is remembered, for a while

``langchain_middleware`` holds a LangChain agent to the same; it is imported when it is used.
"""

from __future__ import annotations

from recx_agent.assistant.assistant import Assistant
from recx_agent.assistant.composing import Part
from recx_agent.assistant.memory import Conversation, Conversations, Exchange
from recx_agent.assistant.results import Result
from recx_agent.assistant.turn import Reply

__all__ = [
    "Assistant",
    "Conversation",
    "Conversations",
    "Exchange",
    "Part",
    "Reply",
    "Result",
]
