"""What the writer says and how: versioned templates, filled from evidence.

::

    plan
      → viewer           a claim checked (claim_rules, evidence_fields) and seen as a template
                         sees it (claim_view): names in words (cleaning, event_words, deeds)
      → template_set     the macro of the claim's kind, in the style of the variant
                         (templates/<language>)
      → template_writer  one finished sentence a claim, with its citations

    plan
      → slots            the placeholders a language model may name, and their words
      → style_choice     the style of the variant (style_bank: requests/<language>/styles.toml)
      → notes            the placeholders beside their words as data (prompt_data), and what is
                         to be told
      → llm_prompts      the messages, from what is constant to what is of this plan alone:
                         templates of request_set, rules of domain_pack (domains/<name>)

Comparisons, what-ifs and profiles go the same way: ``task_viewer`` and ``task_view``,
``task_slots``, ``task_bank`` (requests/<language>/tasks.toml) and ``task_prompts``.

``assistant_words`` has what an assistant is told, and what it shows of answers that are no
explanation (assistant/<language>).

What a language has to say for itself is in ``languages``: rules in a module, words in a
folder of templates.
"""

from __future__ import annotations

from recx_agent.prompts.assistant_words import AssistantWords
from recx_agent.prompts.domain_pack import DomainPack, domain_names, load_domain
from recx_agent.prompts.given_words import GivenTemplates
from recx_agent.prompts.llm_prompts import LlmPrompts
from recx_agent.prompts.template_writer import TemplateWriter

__all__ = [
    "AssistantWords",
    "DomainPack",
    "GivenTemplates",
    "LlmPrompts",
    "TemplateWriter",
    "domain_names",
    "load_domain",
]
