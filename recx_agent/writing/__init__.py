"""Explanations worded by a language model, checked sentence by sentence.

::

    plan
      → kinds       whether a model words it at all
      → case        the plan with its placeholders, and what drafts are judged by (speech)
      → asking      drafts, and once other sentences for failed ones; what was done: trail
      → written     the draft chosen and its repair: all that is kept of them
      → composing   what passed, the reason first; the rest by templates (own_words: is it
                    the model's own at all?; second_opinion: may refuse what passed)
      → writer      the draft by the deadline; text and audit record are kept (keeper, records)

``replay`` goes from ``written`` on with what an audit record holds.
"""

from __future__ import annotations

from recx_agent.writing.asking import request_of
from recx_agent.writing.given import GivenWriter
from recx_agent.writing.kinds import abstains, is_worded
from recx_agent.writing.replay import Replayed, replay
from recx_agent.writing.second_opinion import SecondOpinion
from recx_agent.writing.speech import Speech, SpeechOf
from recx_agent.writing.writer import GroundedWriter

__all__ = [
    "GivenWriter",
    "GroundedWriter",
    "Replayed",
    "SecondOpinion",
    "Speech",
    "SpeechOf",
    "abstains",
    "is_worded",
    "replay",
    "request_of",
]
