"""Traces for an OpenTelemetry collector, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names one.

A span says which view or job ran, how long, and with which outcome. It names the route ("activities/<int:pk>/") and
never the address, so no key, no query, no person and no text gets out. OpenTelemetry's own instrumentation of Django
and psycopg2 records addresses and statements and is not used. Needs the packages of requirements-telemetry.lock.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse


@cache
def tracer() -> Any:
    """The tracer of this process, which sends spans from a thread of its own."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set: install requirements-telemetry.lock, or leave it out."
        ) from error
    provider = TracerProvider(resource=Resource({"service.name": "pcmbn-portal"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("portal")


class TracingMiddleware:
    """One span for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.tracer = tracer()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.tracer.start_as_current_span(
            "request", record_exception=False, set_status_on_exception=False
        ) as span:
            response = self.get_response(request)
            match = request.resolver_match
            span.update_name(f"{request.method} {match.view_name if match else 'no address'}")
            span.set_attribute("http.request.method", request.method)
            span.set_attribute("http.route", match.route if match else "")
            span.set_attribute("http.response.status_code", response.status_code)
            return response


_running: dict[str, Any] = {}


def begin_task(sender: Any = None, task_id: str = "", **kwargs: Any) -> None:
    """Open the span of a job, by the name of its task alone."""
    _running[task_id] = tracer().start_span(f"task {sender.name}")


def end_task(task_id: str = "", state: str | None = None, **kwargs: Any) -> None:
    """Close it with how the job ended."""
    if span := _running.pop(task_id, None):
        span.set_attribute("celery.state", state or "unknown")
        span.end()
