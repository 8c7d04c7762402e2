"""Whether a text says only what its evidence carries: a closed-world reader and its checks.

::

    text ─ tokens ─ sentences ─ readings under the rules of the language (parser, rules)
         ─ assertions (reader) ─ held against plan and slots (truth) ─ Reading (verifier)
"""

from recx_agent.grounding.placeholders import PLACEHOLDER, fill, is_copy, skeleton, tell, unfill
from recx_agent.grounding.talk import Talk, Utterance
from recx_agent.grounding.verifier import Reading, Verifier
from recx_agent.grounding.vocabulary import DOMAIN_CLASSES, Vocabulary, load_vocabulary

__all__ = [
    "DOMAIN_CLASSES",
    "PLACEHOLDER",
    "Reading",
    "Talk",
    "Utterance",
    "Verifier",
    "Vocabulary",
    "fill",
    "is_copy",
    "load_vocabulary",
    "skeleton",
    "tell",
    "unfill",
]
