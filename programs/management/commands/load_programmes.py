"""Write the programmes with the decisions they rest on. Repeatable."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from programs.catalogue import PROGRAMMES, ProgrammeEntry
from programs.models import Document, DocumentKind, Programme, Project, Target
from territory.agencies import SINCE, load_agency_kinds
from territory.models import Agency, AgencyKind, Area, Level


class Command(BaseCommand):
    help = "Load the programmes. Running it again adds what is missing and changes nothing that was edited."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        nation = Area.objects.filter(level=Level.NATION).first()
        if nation is None:
            raise CommandError("There are no areas yet. Run: python manage.py load_areas")
        load_agency_kinds()
        issuer = _prime_minister(nation)
        for entry in PROGRAMMES:
            _load(entry, issuer, nation)
        self.stdout.write(f"{len(PROGRAMMES)} programmes.")


def _prime_minister(nation: Area) -> Agency:
    kind, _made = AgencyKind.objects.get_or_create(
        code="government",
        defaults={"name": "Chính phủ", "name_en": "Government", "order": 5, "valid_from": SINCE},
    )
    issuer, _made = Agency.objects.get_or_create(
        code="VN-government",
        valid_from=SINCE,
        defaults={"kind": kind, "area": nation, "name": "Thủ tướng Chính phủ", "symbol": "TTg"},
    )
    found: Agency = issuer
    return found


def _load(entry: ProgrammeEntry, issuer: Agency, nation: Area) -> None:
    basis, _made = Document.objects.unscoped("loads the programmes").get_or_create(
        issuer=issuer,
        number=entry.basis.number,
        year=entry.basis.issued_on.year,
        defaults={
            "kind": DocumentKind.DECISION,
            "issued_on": entry.basis.issued_on,
            "area": nation,
            "subject": entry.basis.subject,
        },
    )
    programme, is_new = Programme.objects.get_or_create(
        code=entry.code,
        defaults={
            "name": entry.name,
            "starts_on": entry.starts_on,
            "ends_on": entry.ends_on,
            "looks_ahead_to": entry.looks_ahead_to,
            "legal_basis": basis,
        },
    )
    if not is_new:
        _name_indicators(entry, programme)
        return
    for each in entry.projects:
        project = Project.objects.create(programme=programme, number=each.number, name=each.name)
        project.leads.set(AgencyKind.objects.filter(code__in=each.leads))
    for order, aim in enumerate(entry.targets, start=1):
        Target.objects.create(
            programme=programme,
            order=order,
            text=aim.text,
            indicator=aim.indicator,
            out_of=aim.out_of,
            comparison=aim.comparison,
            value=aim.value,
        )


def _name_indicators(entry: ProgrammeEntry, programme: Programme) -> None:
    """Give targets that were loaded before anything counted them the indicator that does now."""
    for aim in entry.targets:
        untouched = Target.objects.filter(programme=programme, text=aim.text, indicator="", out_of="")
        if aim.indicator:
            untouched.update(indicator=aim.indicator, out_of=aim.out_of)
