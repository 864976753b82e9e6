"""People and their roles: who may give what, which roles take two, and what happens with a closed account."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent, Membership, Notification, Role, RoleRequest, User
from accounts.people import services
from accounts.people.rights import people_seen_by, takes_two
from accounts.people.services import Wanted
from accounts.scoping import Scope
from territory.agencies import load_agency_kinds
from territory.models import Agency
from tests.cast import Cast, person
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

TODAY = dt.date.today()


def wanted(cast: Cast, role: Role = Role.FILING_OFFICER, **given: Any) -> Wanted:
    agency = given.pop("agency", cast.agencies.bat_xat_police)
    return Wanted(role, agency, given.pop("area", agency.area), given.pop("valid_from", TODAY), **given)


@pytest.fixture
def second(cast: Cast) -> User:
    """Another administrator of the province."""
    return person("second@example.vn", (Role.ADMINISTRATOR, cast.agencies.lao_cai_police))


def invite(cast: Cast, role: Role = Role.FILING_OFFICER, **given: Any) -> User:
    return services.invite_person(
        actor=cast.people.administrator,
        email=given.pop("email", "Giang.Thi.Sua@example.vn"),
        full_name="Giàng Thị Súa",
        wanted=wanted(cast, role, **given),
    )


def test_a_person_is_invited_sets_a_password_and_signs_in(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = invite(cast)

    (letter,) = mail.outbox
    assert letter.to == ["giang.thi.sua@example.vn"]
    assert made.full_name not in letter.body
    assert not made.has_usable_password()
    link = re.search(r"http\S+(/accounts/password/reset/key/\S+)", letter.body)
    assert link is not None
    browser = Client()
    page = browser.get(link[1], follow=True)
    assert page.status_code == 200
    chosen = "Mua-Xuan-Y-Ty-2026"
    browser.post(page.redirect_chain[-1][0], {"password1": chosen, "password2": chosen})
    made.refresh_from_db()
    assert made.check_password(chosen)
    assert Client().get(link[1], follow=True).context.get("token_fail")
    assert [each.role for each in made.memberships.all()] == [Role.FILING_OFFICER]
    kinds = (
        AuditEvent.objects.filter(about=f"accounts.user:{made.pk}")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == ["person_invited", "role_given", "password_changed"]


def test_who_has_an_account_gets_the_role_beside_the_others(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stranger = cast.people.stranger
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(cast, email=stranger.email.upper()) == stranger

    assert stranger.memberships.count() == 2
    assert stranger.full_name != "Giàng Thị Súa"
    assert mail.outbox == []


def test_roles_that_reach_names_or_hand_out_roles_take_two() -> None:
    two = {role for role in Role.values if takes_two(role)}
    assert two == {Role.HEAD_OF_UNIT, Role.CASE_WORKER, Role.INVESTIGATOR, Role.ADMINISTRATOR}


def test_the_second_administrator_gives_the_role_and_the_first_cannot(cast: Cast, second: User) -> None:
    made = invite(cast, Role.CASE_WORKER, agency=cast.agencies.lao_cai_labour, reason="Thay người nghỉ hưu")
    asked = RoleRequest.objects.get(user=made)
    assert Scope(made).grants == []
    assert Notification.objects.filter(user=second, kind="role_asked").count() == 1
    assert not Notification.objects.filter(user=cast.people.administrator, kind="role_asked").exists()

    with pytest.raises(PermissionDenied):
        services.decide_role(actor=cast.people.administrator, request=asked, agrees=True)
    services.decide_role(actor=second, request=asked, agrees=True)

    assert Scope(User.objects.get(pk=made.pk)).may("identity.open")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.membership) == ("agreed", second, made.memberships.get())
    with pytest.raises(ValidationError, match="decided meanwhile"):
        services.decide_role(actor=second, request=asked, agrees=False, answer="không")


def test_the_database_itself_refuses_one_person_for_both(cast: Cast, second: User) -> None:
    made = invite(cast, Role.CASE_WORKER, agency=cast.agencies.lao_cai_labour, reason="Thay người nghỉ hưu")
    rows = RoleRequest.objects.filter(user=made)
    for wrong in (
        {"state": "agreed", "decided_by": cast.people.administrator},
        {"user": cast.people.administrator},
        {"state": "agreed", "decided_by": made},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_a_refusal_needs_a_reason_and_gives_nothing(cast: Cast, second: User) -> None:
    made = invite(cast, Role.INVESTIGATOR, agency=cast.agencies.lao_cai_police, reason="Tăng cường")
    asked = RoleRequest.objects.get(user=made)
    with pytest.raises(ValidationError) as refused:
        services.decide_role(actor=second, request=asked, agrees=False)
    assert "answer" in refused.value.error_dict

    services.decide_role(actor=second, request=asked, agrees=False, answer="Chưa có quyết định phân công")

    assert made.memberships.count() == 0
    assert Notification.objects.filter(user=cast.people.administrator, kind="role_decided").count() == 1


def test_a_grave_role_without_a_reason_is_refused_and_makes_no_account(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        invite(cast, Role.CASE_WORKER, agency=cast.agencies.lao_cai_labour)
    assert "reason" in refused.value.error_dict
    assert not User.objects.filter(email="giang.thi.sua@example.vn").exists()


def test_nobody_gives_a_role_to_themself(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        services.give_role(
            actor=cast.people.administrator, person=cast.people.administrator, wanted=wanted(cast)
        )
    with pytest.raises(PermissionDenied):
        invite(cast, email=cast.people.administrator.email)


def test_no_role_is_given_outside_the_own_areas(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    for elsewhere in (
        wanted(cast, agency=of.dak_ha_police),
        wanted(cast, agency=of.bat_xat_police, area=here.kon_tum),
        wanted(cast, agency=of.dak_ha_police, area=here.bat_xat),
        wanted(cast, agency=of.lao_cai_police, area=here.nation),
    ):
        with pytest.raises(PermissionDenied):
            services.give_role(
                actor=cast.people.administrator, person=cast.people.filing_officer, wanted=elsewhere
            )
    with pytest.raises(PermissionDenied):
        services.give_role(
            actor=cast.people.coordinator, person=cast.people.filing_officer, wanted=wanted(cast)
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"valid_to": TODAY - dt.timedelta(days=1)}, "valid_to"),
        ({"valid_from": dt.date(1990, 1, 1)}, "agency"),
        ({"role": "emperor"}, "role"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast: Cast, given: dict[str, Any], field: str) -> None:
    role = given.pop("role", Role.FILING_OFFICER)
    with pytest.raises(ValidationError) as refused:
        services.give_role(
            actor=cast.people.administrator,
            person=cast.people.case_worker,
            wanted=wanted(cast, role, **given),
        )
    assert field in refused.value.error_dict


def test_the_same_role_is_not_held_twice_at_a_time(cast: Cast) -> None:
    held = cast.people.filing_officer.memberships.get()
    with pytest.raises(ValidationError) as refused:
        services.give_role(
            actor=cast.people.administrator,
            person=cast.people.filing_officer,
            wanted=Wanted(held.role, held.agency, held.area, TODAY),
        )
    assert "role" in refused.value.error_dict


def test_a_role_ends_at_once_and_stays_in_the_record(cast: Cast) -> None:
    officer = cast.people.filing_officer
    held = officer.memberships.get()
    with pytest.raises(ValidationError):
        services.end_role(
            actor=cast.people.administrator, membership=held, last_day=TODAY - dt.timedelta(days=2)
        )

    services.end_role(actor=cast.people.administrator, membership=held, last_day=TODAY - dt.timedelta(days=1))

    assert Scope(officer).grants == []
    assert Membership.objects.filter(user=officer).count() == 1
    with pytest.raises(ValidationError, match="ended already"):
        services.end_role(actor=cast.people.administrator, membership=held, last_day=TODAY)
    with pytest.raises(PermissionDenied):
        services.end_role(
            actor=cast.people.administrator, membership=cast.people.stranger.memberships.get(), last_day=TODAY
        )


def test_a_closed_account_is_signed_out_at_once(cast: Cast, signed_in: SignedIn) -> None:
    officer = cast.people.filing_officer
    browser = signed_in(officer)
    assert browser.get(reverse("home")).status_code == 200

    services.close_account(actor=cast.people.administrator, person=officer)

    assert browser.get(reverse("home")).status_code == 302
    services.open_account(actor=cast.people.administrator, person=officer)
    officer.refresh_from_db()
    assert officer.is_active


def test_a_role_that_takes_two_does_not_come_back_with_an_account_that_one_opens(cast: Cast) -> None:
    agency = cast.agencies.bat_xat_police
    worker = person("worker@example.vn", (Role.CASE_WORKER, agency), (Role.FILING_OFFICER, agency))
    administrator = cast.people.administrator
    services.close_account(actor=administrator, person=worker)

    services.open_account(actor=administrator, person=worker)

    assert [each.role for each in Membership.objects.current().filter(user=worker)] == [Role.FILING_OFFICER]
    ended = AuditEvent.objects.get(kind=AuditEvent.Kind.ROLE_ENDED)
    assert (ended.user, ended.detail["role"]) == (administrator, Role.CASE_WORKER)


def test_an_account_stays_closed_while_such_a_role_is_yet_to_begin(cast: Cast) -> None:
    worker = person("worker@example.vn", (Role.CASE_WORKER, cast.agencies.bat_xat_police))
    worker.memberships.update(valid_from=TODAY)
    services.close_account(actor=cast.people.administrator, person=worker)

    with pytest.raises(ValidationError, match="begins today or later"):
        services.open_account(actor=cast.people.administrator, person=worker)

    worker.refresh_from_db()
    assert not worker.is_active


def test_an_account_with_a_role_elsewhere_is_not_closed_from_here(cast: Cast) -> None:
    shared = person(
        "shared@example.vn",
        (Role.FILING_OFFICER, cast.agencies.bat_xat_police),
        (Role.FILING_OFFICER, cast.agencies.dak_ha_police),
    )
    for other in (shared, cast.people.stranger, cast.people.administrator):
        with pytest.raises(PermissionDenied):
            services.close_account(actor=cast.people.administrator, person=other)


def test_an_administrator_knows_the_people_of_the_own_areas(cast: Cast) -> None:
    seen = set(people_seen_by(cast.people.administrator))
    assert cast.people.filing_officer in seen
    assert cast.people.stranger not in seen
    assert not people_seen_by(cast.people.coordinator).exists()


def test_the_list_finds_names_without_their_marks_in_few_statements(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    invite(cast)
    browser = signed_in(cast.people.administrator)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("people"), {"q": "giang sua"})
    assert [each.full_name for each in page.context["page_obj"]] == ["Giàng Thị Súa"]
    assert list(browser.get(reverse("people"), {"q": "%_'"}).context["page_obj"]) == []
    roles = browser.get(reverse("people"), {"role": "case_worker"}).context["page_obj"]
    assert list(roles) == [cast.people.case_worker]


def test_what_a_role_would_see_is_told_in_numbers_before_it_is_given(cast: Cast, signed_in: SignedIn) -> None:
    from tests.incidents.world import make_incidents

    make_incidents(cast)
    asked = {
        "person": cast.people.filing_officer.pk,
        "role": Role.INVESTIGATOR,
        "agency": cast.agencies.lao_cai_police.pk,
        "area": cast.map.lao_cai.pk,
        "valid_from": TODAY.isoformat(),
    }
    page = signed_in(cast.people.administrator).get(reverse("role_reach"), asked)

    rows = {str(row.name): (row.before, row.after) for row in page.context["rows"]}
    assert rows["Cases"][0] == 0
    assert rows["Cases"][1] > 0
    assert rows["Victims"][0] == 0
    assert page.context["takes_two"]
    far = {**asked, "person": cast.people.stranger.pk}
    assert signed_in(cast.people.administrator).get(reverse("role_reach"), far).status_code == 404


def test_the_pages_carry_a_role_from_the_question_to_the_agreement(
    cast: Cast, second: User, signed_in: SignedIn
) -> None:
    first = signed_in(cast.people.administrator)
    officer = cast.people.filing_officer
    sent = {
        "role": "head_of_unit",
        "agency": str(cast.agencies.bat_xat_police.pk),
        "area": "",
        "valid_from": TODAY.isoformat(),
        "valid_to": "",
        "reason": "Được bổ nhiệm",
    }
    answer = first.post(reverse("role_new", args=[officer.pk]), sent)
    assert answer.status_code == 302
    asked = RoleRequest.objects.get(user=officer)
    address = reverse("role_request", args=[asked.pk])
    assert first.post(address, {"action": "agree"}).status_code == 403
    assert signed_in(second).post(address, {"action": "refuse", "answer": ""}).status_code == 422
    assert signed_in(second).post(address, {"action": "agree"}).status_code == 302
    assert officer.memberships.filter(role="head_of_unit", area=cast.agencies.bat_xat_police.area).exists()


def test_the_first_administrator_is_made_by_a_command(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    given = {
        "email": "Moi@example.vn",
        "name": "Lò Văn Mới",
        "area": "62",
        "agency": cast.agencies.kon_tum_police.code,
    }
    call_command("add_administrator", **given)

    made = User.objects.get(email="moi@example.vn")
    assert Scope(made).may("people.manage")
    assert "/accounts/password/reset/key/" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no agency"):
        call_command("add_administrator", **{**given, "agency": "none"})
    with pytest.raises(CommandError, match="no area"):
        call_command("add_administrator", **{**given, "area": "999"})


def test_the_first_administrator_of_an_empty_installation_brings_the_agency(cast: Cast) -> None:
    load_agency_kinds()
    given = {"email": "moi@example.vn", "name": "Lò Văn Mới", "area": cast.map.nation.code}
    named = {"agency_kind": "steering_committee", "agency_name": "Ban Chỉ đạo Thử"}

    with pytest.raises(CommandError, match="steering_committee"):
        call_command("add_administrator", **given)
    call_command("add_administrator", **given, **named)
    call_command("add_administrator", **{**given, "email": "hai@example.vn"}, **named)

    founded = Agency.objects.get(area=cast.map.nation, name=named["agency_name"])
    assert User.objects.filter(memberships__agency=founded).count() == 2


def test_a_forgotten_password_is_set_by_a_link_and_an_unknown_address_learns_no_more(cast: Cast) -> None:
    officer = cast.people.filing_officer
    officer.set_password("Mua-Xuan-Y-Ty-2025")
    officer.save()
    for address in (officer.email, "khong.co@example.vn"):
        page = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        assert page.redirect_chain[-1][0] == reverse("account_reset_password_done")

    known, unknown = mail.outbox
    assert known.subject == unknown.subject
    assert "/accounts/password/reset/key/" in known.body
    assert officer.full_name not in known.body
    assert "http" not in unknown.body
