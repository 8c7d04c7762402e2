"""What recx-agent hands out: recommendations, attributions, evidence, explanations.

Everything here is a frozen pydantic model; its JSON is the public contract of the
command line and of every service built on top.
"""

from __future__ import annotations

from recx_agent.schemas.attribution import (
    Attribution,
    Contribution,
    Source,
    SourceKind,
    View,
    Views,
)
from recx_agent.schemas.audit import AuditRecord, AuditStep, Fate, JudgedSentence, StepKind
from recx_agent.schemas.comparison import Compared, ComparedTerm, Comparison
from recx_agent.schemas.explanation import (
    Evidence,
    EvidenceKind,
    Explanation,
    Sentence,
    Verdict,
    Violation,
    Writer,
)
from recx_agent.schemas.feedback import (
    AddedEventRef,
    EventsAdded,
    FeedbackGiven,
    FeedbackRef,
)
from recx_agent.schemas.given import GivenExplanation, Passage
from recx_agent.schemas.items import ItemRef, RankedItem, Recommendations, Record
from recx_agent.schemas.people import AttributeLeaning, HistoryEntry, Profile
from recx_agent.schemas.privacy import (
    ErasedFrom,
    ExportedAttributes,
    ExportedEvent,
    ExportedIndexRecord,
    Forgotten,
    HiddenRef,
    Remains,
    UserExport,
)
from recx_agent.schemas.streaming import (
    ExplanationBegun,
    ExplanationEvent,
    ExplanationTold,
    SentenceTold,
)
from recx_agent.schemas.told import Told
from recx_agent.schemas.what_if import Change, Counterfactual, Moved, WhatIf, WhatIfKind

__all__ = [
    "AddedEventRef",
    "AttributeLeaning",
    "Attribution",
    "AuditRecord",
    "AuditStep",
    "Change",
    "Compared",
    "ComparedTerm",
    "Comparison",
    "Contribution",
    "Counterfactual",
    "ErasedFrom",
    "EventsAdded",
    "Evidence",
    "EvidenceKind",
    "Explanation",
    "ExplanationBegun",
    "ExplanationEvent",
    "ExplanationTold",
    "ExportedAttributes",
    "ExportedEvent",
    "ExportedIndexRecord",
    "Fate",
    "Forgotten",
    "FeedbackGiven",
    "FeedbackRef",
    "GivenExplanation",
    "HiddenRef",
    "HistoryEntry",
    "ItemRef",
    "JudgedSentence",
    "Moved",
    "Passage",
    "Profile",
    "RankedItem",
    "Recommendations",
    "Record",
    "Remains",
    "Sentence",
    "SentenceTold",
    "Source",
    "SourceKind",
    "StepKind",
    "Told",
    "UserExport",
    "Verdict",
    "View",
    "Views",
    "Violation",
    "WhatIf",
    "WhatIfKind",
    "Writer",
]
