"""Write the first indicators, forms, report templates, offences, time limits and public holidays. Repeatable."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from incidents.lists import load_lists
from reporting.catalogue import INDICATORS
from reporting.forms_catalogue import load_forms
from reporting.layouts import LAYOUTS
from reporting.models import Indicator, ReportTemplate
from reporting.validation_catalogue import load_rules
from territory.working_days import load_special_days

#: The catalogue tells of figures since the first programme of 2004.
SINCE = date(2004, 1, 1)


class Command(BaseCommand):
    help = (
        "Load indicators, forms, rules and report templates. Repeatable; leaves what administrators changed."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        load_lists()
        load_rules()
        load_special_days()
        self._write_indicators()
        forms = load_forms()
        for (code, level), (name, layout) in LAYOUTS.items():
            newest = ReportTemplate.objects.filter(code=code, level=level).order_by("-version").first()
            is_by_hand = newest is not None and newest.changed_by_id is not None
            if not is_by_hand and (newest is None or newest.layout != layout):
                version = newest.version + 1 if newest else 1
                ReportTemplate.objects.create(
                    code=code, level=level, version=version, name=name, layout=layout
                )
        self.stdout.write(f"{len(INDICATORS)} indicators, {forms} forms, {len(LAYOUTS)} report templates.")

    @staticmethod
    def _write_indicators() -> None:
        """Add what is missing and change what differs, save what administrators changed."""
        held: dict[str, list[Indicator]] = {}
        for row in Indicator.objects.all():
            held.setdefault(row.code, []).append(row)
        new = []
        for order, entry in enumerate(INDICATORS, start=1):
            values = {**entry, "order": order * 10}
            rows = held.get(entry["code"], [])
            if any(row.version > 1 for row in rows):
                continue
            first = next((row for row in rows if row.valid_from == SINCE), None)
            if first is None:
                new.append(Indicator(**values, valid_from=SINCE))
            elif any(getattr(first, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(first, name, value)
                first.save()
        Indicator.objects.bulk_create(new)
