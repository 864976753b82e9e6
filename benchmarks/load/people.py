"""Who files on the last day: one officer for each of many district units, with what the unit owes for a half-year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from accounts.factors.sealed import give_app
from accounts.models import Membership, Role, User
from reporting.demo.cast import DAY, SINCE, load_agencies
from reporting.models import FormKind, Obligation
from territory.models import Agency, Area, Level
from territory.period import Period, parse_period

DOMAIN = "load.example"
WHY = "the load test looks at everybody's"


@dataclass(frozen=True)
class Someone:
    """A person who signs in, with the password and the seed of the app for codes, and what the unit owes."""

    email: str
    password: str
    seed: str
    agency: int
    area: int
    obligation: int | None = None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def prepare() -> None:
    call_command("migrate", verbosity=0)
    if not Area.objects.exists():
        call_command("load_areas", verbosity=0)
    call_command("load_catalogue", verbosity=0)


def officers(number: int, password: str) -> tuple[Period, list[Someone]]:
    """So many officers, each of another unit that owes a report of a half-year nobody has begun, due today."""
    units = _units(number)
    period = _unused_period()
    Obligation.objects.bulk_create(
        Obligation(
            form_id=FormKind.SIX_MONTH.value,
            agency=unit,
            area=unit.area,
            period_code=period.code,
            period_start=period.start,
            period_end=period.end,
            period_rule=period.rule.value,
            due_on=timezone.localdate(),
        )
        for unit in units
    )
    owed = dict(Obligation.objects.unscoped(WHY).filter(period_code=period.code).values_list("agency", "pk"))
    return period, [
        _someone(f"can-bo.{unit.code}", Role.FILING_OFFICER, unit, password, owed[unit.pk]) for unit in units
    ]


def readers(number: int, password: str) -> list[Someone]:
    """Coordinators of provinces, who look at figures and have reports made."""
    agencies = Agency.objects.filter(kind__code="provincial_police", valid_from=SINCE).order_by("code")
    return [
        _someone(f"dieu-phoi.{agency.code}", Role.COORDINATOR, agency, password)
        for agency in agencies.select_related("area")[:number]
    ]


def _units(number: int) -> Sequence[Agency]:
    """Police of districts, province by province, until there are enough."""
    found = Agency.objects.filter(kind__code="district_police", valid_from=SINCE).order_by("code")
    for province in Area.objects.valid_on(DAY).level(Level.PROVINCE).order_by("code"):
        if found.count() >= number:
            break
        load_agencies(province.code)
    return list(found.select_related("area")[:number])


def _unused_period() -> Period:
    """A half-year that no run before this one took. Raises LookupError when all are used up."""
    used = set(Obligation.objects.unscoped(WHY).values_list("period_code", flat=True))
    for year in range(2012, 2025):
        for half in ("H1", "H2"):
            if f"{year}-{half}" not in used:
                return parse_period(f"{year}-{half}")
    raise LookupError("every half-year was filed by a run before; make load ARGS=--replace")


def _someone(name: str, role: Role, agency: Agency, password: str, obligation: int | None = None) -> Someone:
    email = f"{name}@{DOMAIN}"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, full_name=name)
    user.password = make_password(password)
    user.save(update_fields=["password"])
    Membership.objects.get_or_create(
        user=user, agency=agency, role=role, area=agency.area, defaults={"valid_from": dt.date(2004, 1, 1)}
    )
    seed = generate_totp_secret()
    give_app(user=user, seed=seed)
    return Someone(email, password, seed, agency.pk, agency.area_id, obligation)
