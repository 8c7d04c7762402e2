"""With every telemetry variable set, REST and MCP serve, and nothing tries to leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.e2e.llm.faulty_server import FAULTS, faulty_server
from tests.e2e.serve.programs import (
    MCP,
    REST,
    environment,
    http_server,
    over_http,
    token_of,
)
from tests.unit.conftest import build_planted

CLOSED = Path(__file__).with_name("closed_network")
TALK = {
    "model": "recx-agent",
    "messages": [{"role": "user", "content": "What do you know of my taste?"}],
}
OUTSIDE = "http://203.0.113.7:4318"  # an address that is nobody's (RFC 5737)
TELEMETRY = {
    "ANONYMIZED_TELEMETRY": "true",
    "CHROMA_ANONYMIZED_TELEMETRY": "true",
    "CHROMA_OTEL_COLLECTION_ENDPOINT": OUTSIDE,
    "CHROMA_OTEL_GRANULARITY": "all",
    "CHROMA_PRODUCT_TELEMETRY_IMPL": "chromadb.telemetry.product.posthog.Posthog",
    "DO_NOT_TRACK": "0",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "HF_HUB_OFFLINE": "0",
    "LANGCHAIN_API_KEY": "lsv2_pt_00000000000000000000000000000000_0000000000",
    "LANGCHAIN_ENDPOINT": OUTSIDE,
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_pt_00000000000000000000000000000000_0000000000",
    "LANGSMITH_ENDPOINT": OUTSIDE,
    "LANGSMITH_TRACING": "true",
    "OPENAI_LOG": "info",
    "OTEL_EXPORTER_OTLP_ENDPOINT": OUTSIDE,
    "OTEL_LOGS_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_TRACES_EXPORTER": "otlp",
    "SENTRY_DSN": "http://key@203.0.113.7/1",
    "VLLM_DO_NOT_TRACK": "0",
    "VLLM_NO_USAGE_STATS": "0",
    "VLLM_USAGE_STATS_SERVER": OUTSIDE,
}


@pytest.fixture
def closed(tmp_path: Path) -> dict[str, str]:
    """Variables of a program that cannot leave, and whose attempts are noted."""
    (tmp_path / "notes").touch()
    path = os.pathsep.join([str(CLOSED), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return {**TELEMETRY, "PYTHONPATH": path, "CLOSED_NETWORK_NOTES": str(tmp_path / "notes")}


@pytest.mark.parametrize(
    "leaving",
    [
        "import socket; socket.create_connection(('203.0.113.7', 80), 1)",
        "import socket; socket.getaddrinfo('api.smith.langchain.com', 443)",
        "import urllib.request; urllib.request.urlopen('http://203.0.113.7/', timeout=1)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('203.0.113.7', 53))",
    ],
)
def test_an_attempt_to_leave_is_noted(leaving: str, closed: dict[str, str], tmp_path: Path) -> None:
    """Otherwise the test below would show nothing."""
    done = subprocess.run(
        [sys.executable, "-c", leaving], env=environment(**closed), capture_output=True, text=True
    )
    assert done.returncode == 1 and "closed network" in done.stderr
    assert (tmp_path / "notes").read_text(encoding="utf-8").startswith("socket.")


async def test_nothing_tries_to_leave(closed: dict[str, str], tmp_path: Path) -> None:
    workspace = build_planted(tmp_path)
    token = token_of("u0")
    with faulty_server(FAULTS["good"]) as model:
        asking = {"RECX_LLM__BASE_URL": model.url, "RECX_LLM__MODEL": "any", **closed}
        with http_server(REST, workspace, tmp_path / "rest.log", asking) as rest:
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=rest.url, headers=headers, trust_env=False) as client:
                first = client.post("/v1/recommendations", json={"k": 1}).json()["items"][0]
                answers = [
                    client.post("/v1/explanations", json={"item": first["title"]}),
                    client.post("/v1/what-if", json={"exclude": ["genre=Western"]}),
                    client.get("/v1/profile"),
                    client.post("/v1/feedback", json={"kind": "like", "what": first["title"]}),
                    client.get("/v1/users/u0/export"),
                    client.get("/readyz"),
                    client.post("/v1/chat/completions", json=TALK),
                ]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        assert model.requests > 0
    with http_server(MCP, workspace, tmp_path / "mcp.log", closed) as mcp:
        async with over_http(mcp.mcp, token) as client:
            for name, args in (
                ("explain_recommendation", {"item": "i4"}),
                ("describe_my_taste", {}),
            ):
                assert not (await client.call_tool(name, args)).is_error
    assert (tmp_path / "notes").read_text(encoding="utf-8") == ""
