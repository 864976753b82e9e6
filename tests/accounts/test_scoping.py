"""Who may see which rows, and that a query nobody scoped does not run at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from accounts.scoping import STANDING_VERBS, VERBS, Scope, UnscopedQuery, scope_of
from incidents.models import Case
from programs.models import Activity
from reporting.models import Obligation, Report, ReportJob
from tests.cast import Cast, agency, member, person
from tests.reporting.records import H1, activity, case, obligation

pytestmark = pytest.mark.django_db

PROTECTED = [Activity, Case, Obligation, Report, ReportJob]
YESTERDAY = dt.date.today() - dt.timedelta(days=1)
TOMORROW = dt.date.today() + dt.timedelta(days=1)


@dataclass(frozen=True)
class World:
    """One row of each kind for each of some agencies, by a short name."""

    activities: dict[str, Activity]
    cases: dict[str, Case]
    obligations: dict[str, Obligation]
    reports: dict[str, Report]


#: What an issued report has besides.
ISSUED: dict[str, Any] = {"number": 1, "issued_on": H1.end}


def report(cast: Cast, area: Any, state: str = Report.State.DRAFT) -> Report:
    made: Report = Report.objects.create(
        kind="six_month",
        area=area,
        period_code=H1.code,
        period_start=H1.start,
        period_end=H1.end,
        title="Báo cáo",
        state=state,
        snapshot={},
        file="reports/none.pdf",
        sha256="0" * 64,
        size=1,
        pages=1,
        **({} if state == Report.State.DRAFT else {**ISSUED, "code": f"{area.code}-ISSUED"}),
    )
    return made


@pytest.fixture
def world(cast: Cast) -> World:
    """What there is to see. The women's union works in Bát Xát too; a draft is nobody else's business."""
    of, places = cast.agencies, cast.map
    return World(
        activities={
            "bat_xat": activity(of.bat_xat_police, places.y_ty),
            "bat_xat_draft": activity(of.bat_xat_police, places.bat_xat, state=Activity.State.DRAFT),
            "women_in_bat_xat": activity(of.lao_cai_women, places.trinh_tuong),
            "si_ma_cai": activity(of.si_ma_cai_police, places.si_ma_cai),
            "lao_cai": activity(of.lao_cai_police, places.lao_cai),
            "labour": activity(of.lao_cai_labour, places.lao_cai),
            "bat_xat_police_elsewhere": activity(of.bat_xat_police, places.si_ma_cai),
            "dak_ha": activity(of.dak_ha_police, places.dak_ha),
            "kon_tum": activity(of.kon_tum_police, places.kon_tum),
        },
        cases={
            "bat_xat": case(of.bat_xat_police, places.bat_xat),
            "lao_cai": case(of.lao_cai_police, places.lao_cai),
            "lao_cai_in_y_ty": case(of.lao_cai_police, places.y_ty),
            "kon_tum": case(of.kon_tum_police, places.kon_tum),
        },
        obligations={
            "bat_xat": obligation(of.bat_xat_police, places.bat_xat),
            "si_ma_cai": obligation(of.si_ma_cai_police, places.si_ma_cai),
            "lao_cai": obligation(of.lao_cai_police, places.lao_cai),
            "dak_ha": obligation(of.dak_ha_police, places.dak_ha),
            "kon_tum": obligation(of.kon_tum_police, places.kon_tum),
        },
        reports={
            "lao_cai": report(cast, places.lao_cai),
            "lao_cai_issued": report(cast, places.lao_cai, Report.State.ISSUED),
            "bat_xat": report(cast, places.bat_xat),
            "kon_tum": report(cast, places.kon_tum),
            "kon_tum_issued": report(cast, places.kon_tum, Report.State.ISSUED),
        },
    )


def seen_by(user: User | AnonymousUser, world: World) -> dict[str, set[str]]:
    """The short names of the rows this person sees."""

    def names(rows: dict[str, Any]) -> set[str]:
        model = type(next(iter(rows.values())))
        visible = set(model._default_manager.visible_to(user))
        assert visible <= set(rows.values())
        return {name for name, row in rows.items() if row in visible}

    every = {
        "activities": names(world.activities),
        "cases": names(world.cases),
        "obligations": names(world.obligations),
        "reports": names(world.reports),
    }
    return {what: found for what, found in every.items() if found}


SEEN: dict[str, dict[str, set[str]]] = {
    "filing_officer": {"activities": {"bat_xat", "bat_xat_draft"}, "obligations": {"bat_xat"}},
    "head_of_unit": {
        "activities": {"bat_xat", "bat_xat_draft"},
        "obligations": {"bat_xat"},
        "cases": {"bat_xat"},
    },
    "case_worker": {"activities": {"labour"}},
    "investigator": {"activities": {"lao_cai"}, "cases": {"lao_cai", "lao_cai_in_y_ty"}},
    "coordinator": {
        "activities": {
            "bat_xat",
            "women_in_bat_xat",
            "si_ma_cai",
            "lao_cai",
            "labour",
            "bat_xat_police_elsewhere",
        },
        "obligations": {"bat_xat", "si_ma_cai", "lao_cai"},
        "reports": {"lao_cai", "lao_cai_issued", "bat_xat"},
    },
    "steering_member": {"reports": {"lao_cai_issued"}},
    "administrator": {},
    "stranger": {"activities": {"dak_ha"}, "obligations": {"dak_ha"}},
    "standing_officer": {
        "activities": {"kon_tum"},
        "obligations": {"kon_tum", "dak_ha"},
        "reports": {"kon_tum", "kon_tum_issued"},
    },
}


@pytest.mark.parametrize("who", SEEN)
def test_each_role_sees_its_rows_and_no_others(who: str, cast: Cast, world: World) -> None:
    assert seen_by(getattr(cast.people, who), world) == SEEN[who]


def test_every_role_of_the_portal_is_in_the_table(cast: Cast) -> None:
    assert {m.role for who in SEEN for m in getattr(cast.people, who).memberships.all()} == set(Role)
    assert set(VERBS) == set(Role)


def test_nobody_signed_in_sees_nothing(world: World) -> None:
    assert seen_by(AnonymousUser(), world) == {}


def test_a_person_without_a_role_sees_nothing(world: World) -> None:
    assert seen_by(person("new@example.vn"), world) == {}


@pytest.mark.parametrize("who", SEEN)
def test_an_inactive_person_sees_nothing(who: str, cast: Cast, world: World) -> None:
    user = getattr(cast.people, who)
    user.is_active = False
    user.save()

    assert seen_by(user, world) == {}


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [
        (dt.date(2020, 1, 1), YESTERDAY, False),
        (TOMORROW, None, False),
        (dt.date(2020, 1, 1), dt.date.today(), True),
        (dt.date.today(), None, True),
    ],
)
def test_a_role_holds_from_its_first_to_its_last_day(
    since: dt.date, until: dt.date | None, sees: bool, cast: Cast, world: World
) -> None:
    user = person("for.a.while@example.vn")
    member(user, Role.COORDINATOR, cast.agencies.lao_cai_police, since=since, until=until)

    assert bool(seen_by(user, world)) is sees


def test_several_roles_add_up(cast: Cast, world: World) -> None:
    user = person(
        "two.hats@example.vn",
        (Role.FILING_OFFICER, cast.agencies.si_ma_cai_police),
        (Role.STEERING_MEMBER, agency("steering_committee", "62")),
    )

    assert seen_by(user, world) == {
        "activities": {"si_ma_cai"},
        "obligations": {"si_ma_cai"},
        "reports": {"kon_tum_issued"},
    }


def test_a_role_may_be_narrower_than_its_agency(cast: Cast, world: World) -> None:
    user = person("only.y.ty@example.vn")
    member(user, Role.FILING_OFFICER, cast.agencies.bat_xat_police, within=cast.map.y_ty)

    assert seen_by(user, world) == {"activities": {"bat_xat"}}


def test_an_area_whose_key_begins_alike_is_another_area(cast: Cast) -> None:
    """A path ends with a slash, so that area 1 does not hold what belongs to area 12."""
    for area in (cast.map.lao_cai, cast.map.bat_xat, cast.map.y_ty):
        assert area.path.endswith(f"/{area.pk}/")


# --- scopes


def test_only_the_standing_agency_lends_its_officers_the_right_to_draft(cast: Cast) -> None:
    standing, other = cast.people.standing_officer, cast.people.stranger

    assert all(scope_of(standing).may(verb) for verb in STANDING_VERBS)
    assert not any(scope_of(other).may(verb) for verb in STANDING_VERBS)
    assert scope_of(standing).may_in("report.make", cast.map.dak_ha)
    assert not scope_of(standing).may_in("report.make", cast.map.nation)
    assert not scope_of(standing).may_in("report.make", cast.map.lao_cai)


def test_a_case_worker_of_the_standing_agency_does_not_draft(cast: Cast) -> None:
    user = person("case.worker@example.vn", (Role.CASE_WORKER, cast.agencies.kon_tum_police))

    assert not scope_of(user).may("report.make")


def test_a_scope_is_read_once_in_one_query_for_any_number_of_roles(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    of = cast.agencies
    user = person(
        "many.hats@example.vn", *[(Role.FILING_OFFICER, a) for a in (of.kon_tum_police, of.dak_ha_police)]
    )
    member(user, Role.COORDINATOR, of.lao_cai_police)
    fresh = User.objects.get(pk=user.pk)

    # The memberships with the duty of their agencies; then only the rows themselves.
    with django_assert_num_queries(1):
        assert scope_of(fresh).may("report.make")
    with django_assert_num_queries(2):
        list(Activity.objects.visible_to(fresh))
        list(Obligation.objects.visible_to(fresh))


def test_a_person_without_rights_costs_no_query_for_rows(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fresh = User.objects.get(pk=cast.people.administrator.pk)
    with django_assert_num_queries(1):
        Scope(fresh)
    scope_of(fresh)

    with django_assert_num_queries(0):
        assert list(Case.objects.visible_to(fresh)) == []


# --- queries nobody scoped


WAYS: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "bool": bool,
    "len": len,
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model(pk=1)),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "slice": lambda rows: list(rows[:5]),
    "index": lambda rows: rows[0],
    "update": lambda rows: rows.update(area=1),
    "delete": lambda rows: rows.delete(),
    "filter": lambda rows: list(rows.filter(pk=1).exclude(pk=2).order_by("pk").distinct()),
    "get_or_create": lambda rows: rows.get_or_create(pk=1),
}


@pytest.mark.parametrize("model", PROTECTED, ids=lambda model: str(model.__name__))
@pytest.mark.parametrize("way", WAYS)
def test_a_query_nobody_scoped_does_not_run(way: str, model: Any) -> None:
    with pytest.raises(UnscopedQuery, match=model.__name__):
        WAYS[way](model.objects.all())


def test_rows_reached_through_another_are_protected_too(cast: Cast) -> None:
    with pytest.raises(UnscopedQuery):
        list(cast.agencies.bat_xat_police.activities.all())
    with pytest.raises(UnscopedQuery):
        cast.agencies.bat_xat_police.cases.count()


def test_a_scoped_query_may_not_be_widened_by_one_that_is_not(cast: Cast, world: World) -> None:
    mine = Activity.objects.visible_to(cast.people.filing_officer)

    for widened in (
        lambda: list(mine | Activity.objects.all()),
        lambda: list(Activity.objects.all() | mine),
        lambda: list(mine.union(Activity.objects.all())),
        lambda: list(mine ^ Activity.objects.all()),
    ):
        with pytest.raises(UnscopedQuery):
            widened()
    assert len(mine | Activity.objects.visible_to(cast.people.stranger)) == 3
    assert len(mine.union(Activity.objects.visible_to(cast.people.stranger))) == 3
    assert len(mine & Activity.objects.all()) == 2


def test_whoever_sees_everything_says_why(world: World) -> None:
    with pytest.raises(UnscopedQuery, match="say why"):
        Activity.objects.unscoped("")

    assert Activity.objects.unscoped("the test counts them").count() == len(world.activities)
