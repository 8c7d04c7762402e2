"""A sample of a user who follows a rule, with evidence and terms as a run has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recx_agent.evals.samples import Piece, Sample, Sentence
from recx_agent.evals.worlds import Rule
from recx_agent.evals.worlds.catalogue import ERAS, GENRES, TAGS, TONES

VALUES = frozenset((*GENRES, *TONES, *ERAS, *TAGS))


def ruled_sample(
    rule: Rule,
    sentences: Sequence[Sentence],
    history: Mapping[str, float],
    attributes: Mapping[str, float],
    verdict: str = "template",
    titles: Mapping[str, str] | None = None,
    item: str = "new",
) -> Sample:
    """``H1``… are the history items in their order, ``A1``… the attributes."""
    named = {id: (titles or {}).get(id, f"Title {id}") for id in history}
    return Sample(
        key="case",
        writer="w",
        user_id="u",
        item_id=item,
        language="en",
        text=" ".join(one.text for one in sentences),
        sentences=tuple(sentences),
        evidence=(
            *(_cause(f"H{n}", named[id], v) for n, (id, v) in enumerate(history.items(), 1)),
            *(_cause(f"A{n}", id, v) for n, (id, v) in enumerate(attributes.items(), 1)),
            _cause("B1", "8 of 30 users liked it", 0.2),
            _cause("T1", "the whole history", 1.4),
            Piece("F1", "fact", "genre and era"),
            Piece("F2", "fact", "label"),
        ),
        verdict=verdict,
        extra={
            "title": "New",
            "rule": rule.as_dict(),
            "explanation": {
                "attribution": {
                    "views": {
                        "history": [
                            *_terms("history", history, named),
                            *_terms("item_bias", {item: 5.0}, {item: "everyone"}),
                        ],
                        "attribute": [
                            *_terms("attribute", attributes, {}),
                            *_terms("item_itself", {item: 5.0}, {}),
                        ],
                    }
                }
            },
        },
    )


def _cause(id: str, text: str, contribution: float) -> Piece:
    return Piece(id, "cause", text, {"contribution": contribution})


def _terms(
    kind: str, values: Mapping[str, float], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {"source": {"kind": kind, "id": id, "label": labels.get(id, id)}, "value": value}
        for id, value in values.items()
    ]
