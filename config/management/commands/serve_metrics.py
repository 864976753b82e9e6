"""Serve /metrics for Prometheus on a port of its own, which no proxy leads to."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from prometheus_client import start_http_server

from config.condition.metrics import registry


class Command(BaseCommand):
    help = "Serve the metrics of the portal to Prometheus, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=9138)
        parser.add_argument(
            "--address", default="127.0.0.1", help="an internal address; nobody signs in here"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        server, _thread = start_http_server(given["port"], given["address"], registry())
        self.stdout.write(f"http://{given['address']}:{server.server_port}/metrics")
        self.stdout.flush()
        threading.Event().wait()
