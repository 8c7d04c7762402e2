"""What Prometheus reads. Labels are of short lists: no user, no item, no path that was sent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from recx_agent.watching import Count, Stage

_METHODS = frozenset({"GET", "POST", "DELETE", "HEAD", "OPTIONS"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_REQUEST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
_STAGE = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)


def method_of(scope: Mapping[str, Any]) -> str:
    """The method of a request, as it is counted: whatever a client makes up is ``other``."""
    sent: str = scope["method"]
    return sent if sent in _METHODS else "other"


class Meters:
    """Counters of one server; see :class:`recx_agent.watching.Watch`.

    Each has a registry of its own, so that two servers in one process do not mix.
    """

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.requests = Counter(
            "recx_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "recx_request_seconds",
            "From the first byte in to the last one out.",
            ["route"],
            buckets=_REQUEST,
            registry=registry,
        )
        self.in_flight = Gauge("recx_in_flight", "Requests being answered.", registry=registry)
        self.waiting = Gauge("recx_waiting", "Requests that wait for a turn.", registry=registry)
        self.refused = Counter(
            "recx_refused", "Requests not let in, by reason.", ["reason"], registry=registry
        )
        self.reloads = Counter(
            "recx_reloads", "Reloads of the workspace.", ["result"], registry=registry
        )
        self.paused = Gauge(
            "recx_llm_paused", "1 while the language model is left alone.", registry=registry
        )
        self.to_keep = Gauge(
            "recx_to_keep", "Texts and audit records that wait for the disk.", registry=registry
        )
        self._stages = Histogram(
            "recx_stage_seconds", "By stage.", ["stage"], buckets=_STAGE, registry=registry
        )
        self._counts: dict[Count, Counter] = {
            "verdict": Counter("recx_texts", "Texts, by verdict.", ["kind"], registry=registry),
            "fault": Counter(
                "recx_llm_faults", "Texts by templates, by fault.", ["kind"], registry=registry
            ),
            "tokens": Counter("recx_tokens", "Tokens, by kind.", ["kind"], registry=registry),
            "text_cache": Counter(
                "recx_text_cache", "Kept texts looked for.", ["kind"], registry=registry
            ),
            "not_kept": Counter(
                "recx_not_kept",
                "Texts and audit records lost to a slow or faulty disk.",
                ["kind"],
                registry=registry,
            ),
        }

    def answered(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count a request that was answered.

        Parameters
        ----------
        method : str
            As :func:`method_of` says it.
        route : str
            Path of the route, not of the request.
        status : int
        seconds : float or None
            It took; ``None`` where that says nothing.
        """
        self.requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self.seconds.labels(route).observe(seconds)

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Time a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._stages.labels(name).observe(time.perf_counter() - began)

    def count(self, name: Count, kind: str, amount: int) -> None:
        """Count what came about."""
        self._counts[name].labels(kind).inc(amount)

    def page(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)
