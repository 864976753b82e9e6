"""Every address of the portal as JSON, for whoever tests or reviews it from outside."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from config.addresses import all_addresses


class Command(BaseCommand):
    help = "Write every URL with name, methods, parameters, kind of object and access as JSON to the standard output."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = [asdict(address) for address in all_addresses()]
        self.stdout.write(json.dumps(found, indent=1, ensure_ascii=False))
