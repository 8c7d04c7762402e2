from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


@pytest.fixture
def workspace(planted_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the planted workspace."""
    return Path(shutil.copytree(planted_workspace, tmp_path / "w"))


@pytest.fixture
def few_rows() -> pd.DataFrame:
    """Rows of two users of the planted world."""
    return pd.DataFrame(
        {"user_id": ["u0", "u0", "u1", "u1"], "item_id": ["i1", "i3", "i1", "i5"], "value": 5}
    )


@pytest.fixture
def frames() -> dict[str, Any]:
    """A file with two users of the planted world and a new one."""
    rows = [
        (user, f"i{item}", 5, 2_000_000 + item) for user in ("u0", "u1", "new") for item in range(6)
    ]
    columns = ["user_id", "item_id", "value", "timestamp"]
    return {"interactions": pd.DataFrame(rows, columns=columns)}
