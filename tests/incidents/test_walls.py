"""Who learns what: by the querysets, by the pages, and by the database itself when the querysets are forgotten."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from accounts.models import ReadEvent, User
from accounts.row_scope import row_scope, system_scope
from incidents.models import Case, CaseReader, PersonInCase, Stage, StageKind, Tip
from incidents.reminders import warn_of_limits
from incidents.services.campaign import open_campaign
from incidents.services.case import NewCase, make_case, seal_case, unseal_case
from incidents.services.person import want_person
from incidents.services.tip import assign_tip, open_case, take_tip
from reporting.rollup import recompute_marked
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import DAY, Investigators, article, case, sealed, suspect, tip
from tests.portal_role import portal_role

pytestmark = pytest.mark.django_db

#: Every protected table of the app, with the tables of its history.
PARENTS = ["case", "tip", "campaign", "group"]
PARTS = [
    *("caseoffence", "stage", "caseextension", "caseplace", "casereader", "seizeditem", "personincase"),
    *("personstanding", "verdict", "wantedperson", "tipact"),
]
TABLES = [f"incidents_{name}" for name in (*PARENTS, *PARTS)]
EVENTS = [f"{table}event" for table in TABLES]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _fill(cast: Cast, who: Investigators) -> tuple[Case, Tip]:
    one = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    someone = suspect(one, who.own)
    want_person(person=someone, actor=who.own, level="ordinary", since=DAY, document_number="1/LTN")
    open_campaign(
        actor=who.own,
        agency=one.agency,
        area=one.area,
        submission_key=uuid.uuid4(),
        name="Cao điểm",
        starts_on=DAY,
    )
    told = tip(who.own, one.agency, one.area)
    assign_tip(tip=told, actor=who.own, to=who.own, on=DAY)
    return one, told


def test_every_table_of_the_app_has_its_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'incidents\\_%' AND NOT relrowsecurity"
        )
        open_tables = {row[0] for row in cursor.fetchall()}

    lists = {"incidents_offence", "incidents_deadlinerule", "incidents_codecounter"}
    assert open_tables == lists | {"incidents_offenceevent", "incidents_deadlineruleevent"}


@pytest.mark.parametrize(
    "whose", ["nobody", "far", "sister", "coordinator", "administrator", "filing_officer"]
)
def test_the_database_shows_nothing_to_a_transaction_without_the_right_scope(
    whose: str, cast: Cast, who: Investigators
) -> None:
    _fill(cast, who)
    reader: User | None = getattr(who, whose, None) or getattr(cast.people, whose, None)

    def seen() -> dict[str, int]:
        with portal_role():
            return {table: _count(table) for table in [*TABLES, *EVENTS, "incidents_campaign_areas"]}

    if reader is None:
        got = seen()
    else:
        with row_scope(reader):
            got = seen()
    assert {table: number for table, number in got.items() if number} == {}


def test_a_forgotten_filter_returns_nothing_to_another_province(cast: Cast, who: Investigators) -> None:
    _fill(cast, who)
    with row_scope(who.far), portal_role():
        assert list(Case.objects.unscoped("somebody forgot to filter")) == []
        assert list(Tip.objects.unscoped("somebody forgot to filter")) == []
        assert list(Stage.objects.all()) == []
        assert list(PersonInCase.objects.all()) == []


def test_the_agency_sees_and_writes_its_rows_through_the_same_wall(cast: Cast, who: Investigators) -> None:
    of, area = cast.agencies.lao_cai_police, cast.map.bat_xat
    with row_scope(who.own), portal_role():
        told = take_tip(
            actor=who.own,
            submission_key=uuid.uuid4(),
            kind="report",
            channel="letter",
            received_on=DAY,
            agency=of,
            area=area,
            text="Đơn thư",
        )
        made = open_case(tip=told, actor=who.own, on=DAY, document_number="1/QĐ", offences=[article()])
        someone = suspect(made, who.own)
        want_person(person=someone, actor=who.own, level="ordinary", since=DAY, document_number="1/LTN")
        seal_case(case=made, actor=who.own, readers=[who.second])
        unseal_case(case=made, actor=who.own)
    with row_scope(who.head), portal_role():
        assert Case.objects.visible_to(who.head).get() == made
        assert Case.objects.visible_to(who.head).update(summary="Lãnh đạo sửa") == 0
    with system_scope("the portal sums up"):
        assert recompute_marked().marks > 0


def test_the_database_refuses_a_row_for_another_agency(cast: Cast, who: Investigators) -> None:
    with (
        row_scope(who.own),
        portal_role(),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Case.objects.create(code="X", agency=cast.agencies.kon_tum_police, area=cast.map.kon_tum)


def test_nobody_removes_a_case_or_rewrites_its_history(cast: Cast, who: Investigators) -> None:
    one, _told = _fill(cast, who)
    with row_scope(who.own), portal_role(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_case WHERE id = %s", [one.pk])
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE incidents_caseevent SET summary = 'khác'")


def test_work_that_answers_to_nobody_sees_all_through_the_wall(cast: Cast, who: Investigators) -> None:
    _fill(cast, who)
    with portal_role():
        assert warn_of_limits(DAY) == 0
        with system_scope("counts everything"):
            assert _count("incidents_case") == 1


# --- sealed


def test_a_sealed_case_is_for_its_readers_alone(cast: Cast, who: Investigators, signed_in: SignedIn) -> None:
    of, area = cast.agencies.lao_cai_police, cast.map.bat_xat
    told = tip(who.own, of, area)
    secret = open_case(tip=told, actor=who.own, on=DAY, document_number="1/QĐ", offences=[article()])
    someone = suspect(secret, who.own)
    want_person(person=someone, actor=who.own, level="ordinary", since=DAY, document_number="1/LTN")
    plain = case(who.own, of, area)
    seal_case(case=secret, actor=who.own, readers=[who.second])

    for outsider in (who.head, who.far):
        browser = signed_in(outsider)
        for name in ("case_list", "wanted_list", "incident_limits", "tip_list", "incident_pipeline"):
            page = browser.get(reverse(name)).content.decode()
            assert secret.code not in page
            assert told.code not in page
        assert browser.get(reverse("case_detail", args=[secret.pk])).status_code == 404
        assert browser.get(reverse("tip_detail", args=[told.pk])).status_code == 404
        assert secret.code not in browser.post(reverse("case_list"), {"words": "VA"}).content.decode()
    assert list(Case.objects.visible_to(who.head)) == [plain]
    for reader in (who.own, who.second):
        assert Case.objects.visible_to(reader).count() == 2
        assert signed_in(reader).get(reverse("case_detail", args=[secret.pk])).status_code == 200


def test_the_database_keeps_a_sealed_case_from_the_head_of_the_unit(cast: Cast, who: Investigators) -> None:
    sealed(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat, who.second)
    with row_scope(who.head), portal_role():
        assert [_count(f"incidents_{table}") for table in ("case", "stage", "casereader", "caseevent")] == [
            0
        ] * 4
    with row_scope(who.second), portal_role():
        assert [_count(f"incidents_{table}") for table in ("case", "stage", "casereader")] == [1, 2, 2]


def test_a_reader_without_a_right_to_the_agency_is_refused(cast: Cast, who: Investigators) -> None:
    one = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    for stranger in (who.far, cast.people.coordinator):
        with pytest.raises(ValidationError, match="no right"):
            seal_case(case=one, actor=who.own, readers=[stranger])
    assert not CaseReader.objects.exists()


def test_nobody_but_a_reader_takes_the_seal_off(cast: Cast, who: Investigators) -> None:
    secret = sealed(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    for actor in (who.second, who.head, who.far):
        with pytest.raises(PermissionDenied):
            unseal_case(case=secret, actor=actor)
    unseal_case(case=secret, actor=who.own)
    assert Case.objects.visible_to(who.head).get() == secret


def test_a_sealed_case_still_counts_in_the_statistics(cast: Cast, who: Investigators) -> None:
    sealed(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(low) FROM reporting_measure WHERE part = '' AND measure = %s",
            ["case.prosecuted.count"],
        )
        assert cursor.fetchone()[0] == 1


def test_a_warning_of_a_sealed_case_goes_to_its_readers_only(cast: Cast, who: Investigators) -> None:
    secret = make_case(
        actor=who.own,
        new=NewCase(
            agency=cast.agencies.lao_cai_police,
            area=cast.map.lao_cai,
            detected_on=DAY,
            prosecuted_on=DAY,
            offences=[article()],
        ),
    )
    seal_case(case=secret, actor=who.own, readers=[])
    assert secret.due_on is not None
    assert warn_of_limits(secret.due_on) == 1
    assert who.own.notifications.count() == 1


# --- the read log


def test_a_page_that_is_refused_leaves_no_read(cast: Cast, who: Investigators, signed_in: SignedIn) -> None:
    one, told = _fill(cast, who)
    browser = signed_in(who.far)
    assert browser.get(reverse("case_detail", args=[one.pk])).status_code == 404
    assert browser.get(reverse("tip_detail", args=[told.pk])).status_code == 404
    assert not ReadEvent.objects.filter(user=who.far).exists()


def test_a_case_page_logs_the_case_and_the_tips_it_shows(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    told = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    made = open_case(tip=told, actor=who.own, on=DAY, document_number="1/QĐ", offences=[article()])
    signed_in(who.head).get(reverse("case_detail", args=[made.pk]))

    logged = set(ReadEvent.objects.filter(user=who.head).values_list("record", "how"))
    assert logged == {(f"incidents.case:{made.pk}", "page"), (f"incidents.tip:{told.pk}", "page")}
    assert made.stages.filter(kind=StageKind.PROSECUTED).exists()
