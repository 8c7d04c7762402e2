"""A few rows, and an embedder whose vectors are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.evals.xrec import figures

THEMES = ["quiet villages", "old ships", "lost letters", "garden parties", "winter wars"]


class CountsLetters:
    """An embedder whose vectors are known."""

    name = "letters"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[text.count(chr(97 + n)) + 1e-6 for n in range(26)] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture(autouse=True)
def _no_large_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_embedder", CountsLetters)


def row(number: int) -> dict[str, Any]:
    theme = THEMES[number % len(THEMES)]
    return {
        "user_id": str(number % 3),
        "title": f"Title {number}",
        "user_summary": f"Likely to enjoy stories of {theme}.",
        "item_summary": f"A book on {theme} in the north.",
        "reference": f"The user would buy the book because of {theme} and a friend.",
        "xrec_output": "The user would buy the book because it is captivating.",
    }


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    lines = (json.dumps(row(number)) for number in range(10))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
