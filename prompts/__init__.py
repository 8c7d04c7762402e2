"""What the writer says and how: versioned templates, filled from evidence.

::

    plan
      → claim_view       names and numbers of a claim, checked, cleaned and in words
                         (evidence_fields, deeds, cleaning)
      → template_set     the macro of the claim's kind, in the style of the variant
                         (templates/, filters)
      → template_writer  one finished sentence a claim, with its citations
"""

from __future__ import annotations

from recx_agent.prompts.template_writer import TemplateWriter

__all__ = ["TemplateWriter"]
