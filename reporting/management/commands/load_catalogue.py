"""Write the first indicators, report templates, offences and time limits. Repeatable."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from incidents.lists import load_lists
from reporting.catalogue import INDICATORS
from reporting.layouts import LAYOUTS
from reporting.models import Indicator, ReportTemplate

#: The catalogue tells of figures since the first programme of 2004.
SINCE = date(2004, 1, 1)


class Command(BaseCommand):
    help = "Load indicators and report templates. Repeatable; leaves what administrators changed."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        load_lists()
        changed = Indicator.objects.filter(version__gt=1)
        kept_by_administrators = set(changed.values_list("code", flat=True))
        for order, entry in enumerate(INDICATORS, start=1):
            values = {**entry, "order": order * 10}
            if entry["code"] in kept_by_administrators:
                continue
            Indicator.objects.update_or_create(
                code=values.pop("code"), valid_from=SINCE, defaults=values, create_defaults=values
            )
        for (code, level), (name, layout) in LAYOUTS.items():
            newest = ReportTemplate.objects.filter(code=code, level=level).order_by("-version").first()
            is_by_hand = newest is not None and newest.changed_by_id is not None
            if not is_by_hand and (newest is None or newest.layout != layout):
                version = newest.version + 1 if newest else 1
                ReportTemplate.objects.create(
                    code=code, level=level, version=version, name=name, layout=layout
                )
        self.stdout.write(f"{len(INDICATORS)} indicators, {len(LAYOUTS)} report templates.")
