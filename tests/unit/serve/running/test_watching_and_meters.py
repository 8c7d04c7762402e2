from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from recx_agent import Recx
from recx_agent.errors import ArtefactDamaged, UnknownItem
from recx_agent.serve.running import Meters, logs
from recx_agent.serve.running.traces import Traces
from recx_agent.watching import count, stage, watched


def value(meters: Meters, name: str, **labels: str) -> float:
    return meters.registry.get_sample_value(name, labels) or 0.0


def test_the_core_tells_its_stages_and_verdicts(planted_workspace: Path) -> None:
    meters = Meters()
    with Recx.open(planted_workspace) as recx:
        recx.explain_list("u0", 2)  # nobody watches
        with watched(meters):
            recx.recommend("u0", 2)
            texts = recx.explain_list("u0", 3)
            recx.profile("u0")
    stages = {
        name: value(meters, "recx_stage_seconds_count", stage=name)
        for name in ("rank", "attribute", "retrieve", "write")
    }
    assert stages == {"rank": 1, "attribute": 1, "retrieve": 1, "write": 2}
    told = {text.verdict for text in texts}
    assert told <= {"template", "abstained"}
    counted = sum(value(meters, "recx_texts_total", kind=kind) for kind in told)
    assert counted == len(texts) + 1


def test_counts_and_stages_that_nobody_watches() -> None:
    with stage("write"):
        count("verdict", "template")
    meters = Meters()
    with watched(meters):
        count("tokens", "prompt", 12)
        count("tokens", "prompt", 0)
        with pytest.raises(ZeroDivisionError), stage("write"):
            raise ZeroDivisionError
    assert value(meters, "recx_tokens_total", kind="prompt") == 12
    assert value(meters, "recx_stage_seconds_count", stage="write") == 1


def test_two_servers_do_not_mix() -> None:
    one, other = Meters(), Meters()
    one.requests.labels("GET", "/healthz", "200").inc()
    assert b'recx_requests_total{method="GET"' in one.page()
    assert b'recx_requests_total{method="GET"' not in other.page()


def test_spans_have_stages_and_nothing_personal(planted_workspace: Path) -> None:
    kept, meters = InMemorySpanExporter(), Meters()
    traces = Traces(meters, None, kept)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"traceparent": parent, "x-secret": "secret", "baggage": "user=u0"}
    with Recx.open(planted_workspace) as recx, traces.request("POST /v1/x", headers) as span:
        span.set_attributes({"http.response.status_code": 200})
        with watched(traces), pytest.raises(UnknownItem):
            recx.explain_list("u0", 2)
            recx.explain("u0", "no such item")
    traces.close()
    spans = {span.name: span for span in kept.get_finished_spans()}
    assert set(spans) == {"POST /v1/x", "attribute", "retrieve", "write"}
    root = spans["POST /v1/x"]
    assert f"{root.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert root.parent is not None and f"{root.parent.span_id:016x}" == "b7ad6b7169203331"
    for name in ("attribute", "retrieve", "write"):
        parent_of = spans[name].parent
        assert parent_of is not None and parent_of.span_id == root.context.span_id
    told = "".join(span.to_json() for span in spans.values())
    for word in ("u0", "no such item", "secret", "Comedy"):
        assert word not in told
    assert value(meters, "recx_stage_seconds_count", stage="write") == 1


def test_without_an_address_there_are_no_spans() -> None:
    traces = Traces(Meters(), None)
    with traces.request("GET /x", {}) as span, traces.stage("write"):
        assert span is None
    traces.close()


def line_of(record: logging.LogRecord) -> dict[str, object]:
    text = logs.JsonLines().format(record)
    assert "\n" not in text
    told: dict[str, object] = json.loads(text)
    return told


def test_lines_are_json(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logs.event("request", status=200, route="/v1/x")
        try:
            raise ValueError("a secret\nof two lines")
        except ValueError as error:
            logs.fault("fault", error)
            logging.getLogger("uvicorn.error").exception("it %s", "failed")
        logs.fault("fault", ArtefactDamaged("/srv/w", "checksum"))
        logs.fault("fault", UnknownItem("a secret"))
    one, two, three, four, five = (line_of(record) for record in caplog.records)
    assert (one["event"], one["status"], one["level"]) == ("request", 200, "info")
    assert (two["error"], three["message"]) == ("ValueError", "it failed")
    assert "test_lines_are_json" in str(two["at"]) and "test_lines_are_json" in str(three["at"])
    assert "/srv/w: checksum" in str(four["message"])
    assert "secret" not in json.dumps([two, three, five])
