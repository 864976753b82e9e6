"""Every look at a victim leaves a row, and those entitled are shown the log of a record and of a person."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import ReadEvent, Role, User
from accounts.row_scope import row_scope
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.incidents.records import Investigators, case, make_investigators, sealed
from tests.victims.files import file_of
from victims.models import Victim
from victims.services.keeping import answer_data_request, receive_data_request
from victims.services.support import open_support, plan_follow_up
from victims.services.transfer import ask_transfer


def reads(user: User, victim: Victim) -> int:
    return ReadEvent.objects.filter(user=user, record=f"victims.victim:{victim.pk}").count()


def test_a_transfer_shown_to_the_receiver_is_a_read_of_the_victim(
    worker: User, far_worker: User, signed_in: SignedIn
) -> None:
    victim = file_of(worker)
    with row_scope(worker):
        transfer = ask_transfer(
            actor=worker,
            victim=victim,
            to_agency=far_worker.memberships.get().agency,
            reason="Về gần nhà",
            urgent_reason="Đang bị đe dọa",
        )
    browser = signed_in(far_worker)
    browser.get(reverse("transfer_list"))
    assert reads(far_worker, victim) == 1
    browser.get(reverse("transfer_detail", args=[transfer.key]))
    assert reads(far_worker, victim) == 2


def test_a_request_and_a_calendar_that_name_a_victim_are_reads(worker: User, signed_in: SignedIn) -> None:
    victim = file_of(worker)
    with row_scope(worker):
        open_support(actor=worker, victim=victim, needs=[])
        plan_follow_up(actor=worker, victim=victim, kind="visit", due_on=dt.date(2024, 4, 1))
        asked = receive_data_request(
            actor=worker,
            agency=victim.agency,
            area=victim.area,
            kind="access",
            received_on=victim.arrived_on,
            victim=victim,
        )
    browser = signed_in(worker)
    for number, address in enumerate(
        (
            reverse("data_request_list"),
            reverse("data_request_answer", args=[asked.pk]),
            reverse("victim_caseload"),
        ),
        start=1,
    ):
        assert browser.get(address).status_code == 200
        assert reads(worker, victim) == number


def test_of_two_requests_the_next_one_due_stands_first_and_an_answered_one_last(
    worker: User, signed_in: SignedIn
) -> None:
    unit = worker.memberships.select_related("agency", "area").get()
    with row_scope(worker):
        made = [
            receive_data_request(
                actor=worker, agency=unit.agency, area=unit.area, kind=kind, received_on=dt.date(2024, 3, day)
            )
            for kind, day in (("access", 11), ("correct", 4), ("delete", 5))
        ]
        answer_data_request(actor=worker, request=made[2], state="done", answer="Đã xóa")
    page = signed_in(worker).get(reverse("data_request_list")).content.decode()

    first, second, last = (
        page.index(word) for word in ("Correct the data", "See the data", "Delete the data")
    )
    assert first < second < last


def test_a_head_sees_what_own_people_were_shown_and_no_sealed_case(cast: Cast, signed_in: SignedIn) -> None:
    who: Investigators = make_investigators(cast)
    police, here = cast.agencies.lao_cai_police, cast.map.bat_xat
    plain, secret = case(who.own, police, here), sealed(who.own, police, here)
    investigator = signed_in(who.own)
    for one in (plain, secret):
        assert investigator.get(reverse("case_detail", args=[one.pk])).status_code == 200

    own = investigator.get(reverse("own_reads")).content.decode()
    browser = signed_in(who.head)
    people = browser.get(reverse("own_reads")).content.decode()
    told = browser.get(reverse("reads_of_person", args=[who.own.pk])).content.decode()

    assert plain.code in own and secret.code in own, "a reader of the sealed case sees it"
    assert reverse("reads_of_person", args=[who.own.pk]) in people
    assert plain.code in told
    assert secret.code not in told, "the log gives no sealed case away"
    assert signed_in(who.own).get(reverse("reads_of_person", args=[who.head.pk])).status_code == 404


def test_the_log_of_a_case_names_who_was_shown_it(cast: Cast, signed_in: SignedIn) -> None:
    who = make_investigators(cast)
    who.second.full_name = "Đỗ Thị Hải"
    who.second.save()
    one = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    signed_in(who.second).get(reverse("case_detail", args=[one.pk]))

    page = signed_in(who.own).get(reverse("case_log", args=[one.pk]))

    assert page.status_code == 200
    assert "Đỗ Thị Hải" in page.content.decode()
    assert ReadEvent.objects.filter(record=f"incidents.case:{one.pk}", how="history").count() == 1


def test_a_case_named_on_a_victims_file_is_read_with_it(cast: Cast, signed_in: SignedIn) -> None:
    make_investigators(cast)
    police = cast.agencies.lao_cai_police
    both = person("ca.hai@example.vn", (Role.CASE_WORKER, police), (Role.INVESTIGATOR, police))
    one = case(both, police, police.area)
    victim = file_of(both, case=one)
    signed_in(both).get(reverse("victim_detail", args=[victim.code]))

    assert ReadEvent.objects.filter(user=both, record=f"incidents.case:{one.pk}").count() == 1


def test_the_log_of_a_person_takes_its_number_of_statements_however_long_it_is(
    worker: User, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(worker)
    for _round in range(2):
        for _number in range(3):
            browser.get(reverse("victim_detail", args=[file_of(worker).code]))
        with django_assert_num_queries(10):
            assert browser.get(reverse("own_reads")).status_code == 200
