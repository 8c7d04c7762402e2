"""What an erasure does not reach is told; a refit reaches the factors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from recx_agent import Recx, build
from recx_agent.erasure import forget
from recx_agent.schemas import Forgotten
from recx_agent.workspace import Workspace

SMALL = {"components": 8, "runs": 1, "epochs": 2}


def remains(result: Forgotten) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for entry in result.remains:
        told.setdefault(entry.kind, []).append(entry.what)
    return told


def test_a_refit_leaves_no_factors_of_the_erased(workspace: Path, few_rows: pd.DataFrame) -> None:
    before = Workspace(workspace).current()
    build.update(workspace, interactions=few_rows, epochs=0)
    result = forget(workspace, "u0", refit=True)
    place = Workspace(workspace)
    assert result.refitted_as == "000003"
    assert [version.name for version in place.versions()] == ["000003"]
    assert "factors" not in remains(result)
    notes = place.current().notes
    assert (notes["how"], notes["from"]) == ("refit", "000002")
    assert notes["made"] >= result.since[:10]
    assert notes["wording"] == {"item": "film"}
    with Recx.open(workspace) as recx:
        assert recx.check_index()
        assert recx.explain_list("u1", 2)
        kept = np.asarray(recx.model.history_factors)
    assert not (before.folder).exists()
    assert kept.shape[1] == 16, "trained as before: two runs of 8 components"


def test_what_remains_is_told(tmp_path: Path, planted_files: tuple[Path, Path]) -> None:
    interactions, items = planted_files
    workspace = tmp_path / "w"
    mapped = {"user_id": "who", "item_id": "what", "value": "stars", "timestamp": "when"}
    data = {"map": mapped, "scale": (1, 5)}
    build.fit(workspace, interactions=interactions, items=items, data=data, model=SMALL)
    own = workspace / "data" / "copy"
    own.mkdir(parents=True)
    pd.DataFrame({"user_id": ["u0", "u0", "u1"], "item_id": "i1"}).to_parquet(own / "old.parquet")
    pd.DataFrame({"user_id": ["u1"], "item_id": ["u0"]}).to_csv(own / "other.csv", index=False)
    (own / "broken.csv").write_text('user_id,item_id\n"u0')
    sources = [interactions, items, *own.iterdir()]
    before = [path.read_bytes() for path in sources]
    told = remains(forget(workspace, "u0"))
    assert told["factors"] == [
        "factors of version 000001: they were trained with erased users too, and name nobody; "
        "'recx fit' trains new ones, and --refit also removes these versions"
    ]
    named = {line.partition(":")[0]: line for line in told["source"]}
    assert set(named) == {str(interactions), str(own / "old.parquet"), str(own / "broken.csv")}
    assert "holds 10 rows of the user" in named[str(interactions)]
    assert "holds 2 rows" in named[str(own / "old.parquet")]
    assert "may hold the user" in named[str(own / "broken.csv")]
    assert len(told["backup"]) == 1
    assert [path.read_bytes() for path in sources] == before
    interactions.unlink()
    again = remains(forget(workspace, "u0"))
    assert any("may hold the user" in line for line in again["source"])


def test_an_update_s_sources_are_named_with_those_before(
    workspace: Path, tmp_path: Path, few_rows: pd.DataFrame
) -> None:
    more = tmp_path / "more.csv"
    few_rows.to_csv(more, index=False)
    version = build.update(workspace, interactions=more, epochs=0).version
    assert version.notes["sources"] == [
        "items (data frame)",
        "interactions (data frame)",
        str(more),
    ]
    told = remains(forget(workspace, "u0"))
    assert [line.partition(":")[0] for line in told["source"]] == [str(more)]
