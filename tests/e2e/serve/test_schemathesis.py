"""schemathesis over the OpenAPI document, with all its checks, on a workspace to throw away.

``RECX_TEST_API_CASES=100 .venv/bin/pytest tests/e2e/serve/test_schemathesis.py`` makes a hundred
requests for each address besides those about edges; without it there are a few.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recx_agent import build
from recx_agent.serve.identity import SCOPES
from tests.docs.pages import fit_films
from tests.e2e.serve.programs import REST, environment, http_server, token_of

CASES = int(os.environ.get("RECX_TEST_API_CASES", "2"))
SEED = int(os.environ.get("RECX_TEST_API_SEED", "1"))
CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))


@pytest.mark.timeout(3600)
def test_every_address_does_what_the_document_says(tmp_path: Path) -> None:
    workspace, report = tmp_path / "films", tmp_path / "report.json"
    fit_films(workspace, "alice", ["Fargo", "Heat", "Alien"])
    build.index(workspace)
    command = [SCHEMATHESIS, "--config-file", str(CONFIG), "run"]
    options = ["--checks", "all", "--seed", str(SEED), "--max-examples", str(CASES), "--no-color"]
    options += ["--report", "json", "--report-json-path", str(report)]
    with http_server(REST, workspace, tmp_path / "log") as server:
        done = subprocess.run(
            [*command, f"{server.url}/openapi.json", *options],
            env=environment(RECX_TEST_TOKEN=token_of("alice", SCOPES, minutes=120)),
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout[-20_000:]
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["failures"], found["errors"], found["complete"]) == ([], [], True)
    assert found["operations"]["tested"] == found["operations"]["total"] >= 20
    assert found["test_cases"]["generated"] >= (2000 if CASES >= 100 else 1000)
    # It would find nothing if it were let in nowhere.
    told = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    statuses = collections.Counter(line["status"] for line in told if "status" in line)
    assert statuses[200] > 60 and statuses[422] > 300
    assert statuses[401] < sum(statuses.values()) / 10
    assert {status for status in statuses if status >= 500} <= {503}
    assert not [line for line in told if line["level"] == "error"]
