"""The first administrator of an installation. Those after are made on the pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Role, User
from accounts.people.invitation import link_for
from territory.agencies import SuccessionRefused, found_agency
from territory.models import Agency, AgencyKind, Area
from territory.text import normalise


class Command(BaseCommand):
    help = "Make an administrator of an area and print the link to set the password. For the first one of an area."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="full name")
        parser.add_argument("--area", required=True, help="code of the area, such as 62")
        parser.add_argument("--agency", help="code of an agency of that area; or else both of these:")
        parser.add_argument("--agency-kind", help="code of a kind of agency, such as provincial_police")
        parser.add_argument(
            "--agency-name", help="its name; it is founded where the area has none of this kind and name"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        today = timezone.localdate()
        try:
            validate_email(given["email"])
        except ValidationError as error:
            raise CommandError(f"{given['email']} is no e-mail address.") from error
        area = Area.objects.filter(code=given["area"]).order_by("-valid_from").first()
        if area is None:
            raise CommandError(f"There is no area with the code {given['area']}.")
        held = Membership.objects.current().filter(role=Role.ADMINISTRATOR, area=area, user__is_active=True)
        if held.count() > 1:
            raise CommandError(
                f"{area} has two administrators already; they make others on the page of people."
            )
        with transaction.atomic():
            agency = _agency_of(area, given)
            person = User.objects.filter(email=given["email"].lower()).first()
            if person is None:
                person = User.objects.create_user(given["email"], full_name=given["name"])
            Membership.objects.get_or_create(
                user=person,
                role=Role.ADMINISTRATOR,
                agency=agency,
                area=area,
                valid_to=None,
                defaults={"valid_from": today},
            )
            detail = {"role": Role.ADMINISTRATOR.value, "by": "command"}
            AuditEvent.objects.create(
                kind=AuditEvent.Kind.ROLE_GIVEN, about=f"accounts.user:{person.pk}", detail=detail
            )
        self.stdout.write(
            f"{person.full_name} is administrator of {area}. To set a password, open:\n{link_for(person)}"
        )


def _agency_of(area: Area, given: dict[str, Any]) -> Agency:
    """The agency that is named by its code, or by kind and name: an empty installation has none yet."""
    if given["agency"]:
        named: Agency | None = Agency.objects.filter(
            code=given["agency"], area__path__startswith=area.path
        ).first()
        if named is None:
            raise CommandError(f"{area} has no agency with the code {given['agency']}.")
        return named
    kind = AgencyKind.objects.filter(code=given["agency_kind"]).first()
    if kind is None or not given["agency_name"]:
        codes = ", ".join(AgencyKind.objects.values_list("code", flat=True))
        raise CommandError(f"Say --agency, or --agency-name with --agency-kind, which is one of: {codes}.")
    today, name = timezone.localdate(), normalise(given["agency_name"]).strip()
    standing: Agency | None = Agency.objects.valid_on(today).filter(area=area, kind=kind, name=name).first()
    try:
        return standing or found_agency(kind=kind, area=area, name=name, symbol="", on=today)
    except SuccessionRefused as refused:
        raise CommandError(str(refused)) from refused
