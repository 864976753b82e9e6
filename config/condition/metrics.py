"""The figures as Prometheus reads them, beside what the web processes counted of their requests."""

from collections.abc import Iterator
from dataclasses import asdict

from django.conf import settings
from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.condition.figures import figures_now


class Condition(Collector):
    """What waits and what failed. Where the database does not answer, only ``portal_up`` is told: 0."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            told = asdict(figures_now(timezone.localdate()))
        except Exception:
            told = {}
        finally:
            connection.close()  # each scrape has a thread of its own
        yield GaugeMetricFamily("portal_up", "Whether the database answers", value=1.0 if told else 0.0)
        for name, value in told.items():
            if value is not None:
                yield GaugeMetricFamily(f"portal_{name}", name.replace("_", " "), value=float(value))


def registry() -> CollectorRegistry:
    """What one scrape gives: the figures, and the requests that all web processes counted into METRICS_DIR."""
    found = CollectorRegistry()
    found.register(Condition())
    if settings.METRICS_DIR:
        MultiProcessCollector(found, path=settings.METRICS_DIR)  # type: ignore[no-untyped-call]
    return found
