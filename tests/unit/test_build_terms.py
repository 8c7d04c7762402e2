"""Fit and update with context and disliked terms, from frames to a version in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent import build
from recx_agent.errors import SettingsError
from recx_agent.factory import load_model
from recx_agent.workspace import Workspace

MODEL = {"components": 4, "runs": 1, "epochs": 3, "learning_rate": 0.05}


def frame(users: int = 60, start: int = 0) -> pd.DataFrame:
    """Everyone likes five items, on tv or by phone, and rates one low."""
    random = np.random.default_rng(start)
    rows = []
    for user in range(start, start + users):
        items = random.permutation(20)[:6]
        for n, item in enumerate(items):
            value, device = (1 if n == 2 else 5), "tv" if n % 2 else "phone"
            rows.append((f"u{user}", f"i{item}", value, 1000 * user + n, device))
    return pd.DataFrame(rows, columns=["user_id", "item_id", "value", "timestamp", "device"])


def fit(workspace: Path, model: dict[str, Any], **data: Any) -> build.Fitted:
    return build.fit(
        workspace,
        interactions=frame(),
        data={"scale": (1, 5), "context": ("device",), **data},
        model={**MODEL, **model},
    )


def test_terms_come_from_the_settings_and_are_gone_on_with(tmp_path: Path) -> None:
    fit(tmp_path, {"context": "on", "disliked": "on"})
    first = load_model(Workspace(tmp_path).current().model)
    assert first.uses_disliked
    assert first.contexts == (("device", "phone"), ("device", "tv"))
    more = frame(30, 60).assign(device="radio")
    build.update(tmp_path, interactions=more, epochs=1)
    version = Workspace(tmp_path).current()
    second, dataset = load_model(version.model), version.load_data()
    assert second.contexts == (*first.contexts, ("device", "radio"))
    assert second.uses_disliked
    assert dataset.context_names == ("device",)
    history = dataset.history(
        dataset.user("u60"), disliked=second.uses_disliked, context={"device": "radio"}
    )
    assert history.disliked.sum() == 1
    assert second.context_vectors(history).any()
    build.update(tmp_path, interactions=frame(5, 90), epochs=0)
    assert load_model(Workspace(tmp_path).current().model).contexts == second.contexts


def test_what_was_chosen_is_remarked_and_kept_for_updates(tmp_path: Path) -> None:
    fitted = fit(tmp_path, {"context": "auto", "disliked": "auto"})
    assert [remark.split(",")[0] for remark in fitted.remarks[:2]] == [
        "disliked terms: off",
        "context terms: off",
    ]
    build.update(tmp_path, interactions=frame(5, 60), epochs=1)
    model = load_model(Workspace(tmp_path).current().model)
    assert model.notes["settings"]["context"] == "off"
    assert [outcome["term"] for outcome in model.notes["terms"]] == ["disliked", "context"]


def test_terms_that_cannot_be_change_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="recorded"):
        fit(tmp_path, {"context": "on"}, context=("weekday",))
    with pytest.raises(SettingsError, match=r"model\.context: no context is named"):
        fit(tmp_path, {"context": "on"}, context=())
    assert Workspace(tmp_path).versions() == []
