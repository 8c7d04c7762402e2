"""OpenTelemetry traces: a span a request, one a stage. Nothing personal is in any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from recx_agent.errors import SettingsError
from recx_agent.watching import Count, Stage, Watch

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter


class Traces:
    """Makes spans where an address for them is set; else nothing is done or imported.

    Parameters
    ----------
    watch : Watch
        Stages and counts are handed on to it.
    address : str or None
        Of a collector, OTLP over HTTP.
    exporter : SpanExporter, optional
        Takes the spans in the place of a collector.

    Raises
    ------
    SettingsError
        The packages are not installed.
    """

    def __init__(
        self, watch: Watch, address: str | None, exporter: SpanExporter | None = None
    ) -> None:
        self._watch = watch
        self._provider = (
            None if address is None and exporter is None else _provider(address, exporter)
        )
        self._tracer = None if self._provider is None else self._provider.get_tracer("recx_agent")

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[Any]:
        """A span of a request, in the trace that its header ``traceparent`` names.

        Gives what attributes are set at, or ``None``.
        """
        if self._tracer is None:
            yield None
            return
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {k: headers[k] for k in ("traceparent", "tracestate") if k in headers}
        around = TraceContextTextMapPropagator().extract(carrier)
        with self._tracer.start_as_current_span(
            name,
            context=around,
            kind=SpanKind.SERVER,
            record_exception=False,  # its message may have anything in it
            set_status_on_exception=False,
        ) as span:
            yield span

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """See :class:`recx_agent.watching.Watch`."""
        with ExitStack() as stack:
            stack.enter_context(self._watch.stage(name))
            stack.enter_context(self._span(name))
            yield

    def count(self, name: Count, kind: str, amount: int) -> None:
        """See :class:`recx_agent.watching.Watch`."""
        self._watch.count(name, kind, amount)

    def close(self) -> None:
        """Hand over what is left."""
        if self._provider is not None:
            self._provider.shutdown()

    def _span(self, name: str) -> AbstractContextManager[Any]:
        if self._tracer is None:
            return nullcontext()
        return self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        )


def _provider(address: str | None, exporter: SpanExporter | None) -> TracerProvider:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "serve.traces needs OpenTelemetry; pip install 'recx-agent[otel]'"
        ) from error
    # Not the global one: then other libraries would add spans of their own.
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "recx-agent"}))
    sender = exporter or OTLPSpanExporter(endpoint=f"{address}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(sender))
    return provider
