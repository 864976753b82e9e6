"""Spans name views and jobs, and hold nothing of an address, a query, a person or an exception."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config import telemetry
from tests.traces import Traces

CANARY = "Hờ Thị Chim Én Thử"


@shared_task(name="tests.traced_task")
def traced_task(name: str) -> None:
    raise ValueError(name)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", lambda: provider.get_tracer("tests"))
    yield exporter
    provider.shutdown()


def test_a_request_is_told_by_its_route(spans: InMemorySpanExporter) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve("/activities/4711/")
        return HttpResponse(status=404)

    request = RequestFactory().get(
        "/activities/4711/", {"q": CANARY}, headers={"x-name": "4711", "cookie": "a=4711"}
    )
    telemetry.TracingMiddleware(answer)(request)

    (span,) = spans.get_finished_spans()
    assert span.name == "GET activity_detail"
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "activities/<int:pk>/",
        "http.response.status_code": 404,
    }
    assert "4711" not in span.to_json()
    assert Traces([CANARY]).found_in(span.to_json()) == set()


def test_an_exception_leaves_no_text_in_its_span(spans: InMemorySpanExporter) -> None:
    def crash(request: HttpRequest) -> HttpResponse:
        raise ValueError(CANARY)

    with pytest.raises(ValueError, match=CANARY):
        telemetry.TracingMiddleware(crash)(RequestFactory().get("/"))

    (span,) = spans.get_finished_spans()
    assert span.events == ()
    assert Traces([CANARY]).found_in(span.to_json()) == set()


def test_a_job_is_told_by_its_task(spans: InMemorySpanExporter) -> None:
    telemetry.begin_task(sender=traced_task, task_id="1", args=[CANARY])
    telemetry.end_task(task_id="1", state="FAILURE", retval=ValueError(CANARY))

    (span,) = spans.get_finished_spans()
    assert (span.name, span.attributes) == ("task tests.traced_task", {"celery.state": "FAILURE"})


def test_an_address_of_a_collector_without_the_packages_is_told_at_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    telemetry.tracer.cache_clear()

    with pytest.raises(ImproperlyConfigured, match=r"requirements-telemetry\.lock"):
        telemetry.tracer()
