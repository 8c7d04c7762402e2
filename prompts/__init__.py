"""What the writer says and how: versioned templates, filled from evidence.

::

    plan
      → viewer           a claim checked (claim_rules, evidence_fields) and seen as a template
                         sees it (claim_view): names in words (cleaning, event_words, deeds)
      → template_set     the macro of the claim's kind, in the style of the variant
                         (templates/<language>)
      → template_writer  one finished sentence a claim, with its citations

What a language has to say for itself is in ``languages``: rules in a module, words in a
folder of templates.
"""

from __future__ import annotations

from recx_agent.prompts.template_writer import TemplateWriter

__all__ = ["TemplateWriter"]
