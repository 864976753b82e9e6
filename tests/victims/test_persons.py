"""Persons of a case who did something to a victim: linked and seen by who may see the case, and by nobody else."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import Role, User
from accounts.row_scope import row_scope
from incidents.models import Case, PersonInCase
from incidents.services.case import seal_case
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.incidents.records import case, make_investigators, suspect
from tests.victims.conftest import AsPortal
from tests.victims.files import file_of
from tests.victims.test_flows import page, settle, step
from victims.models import Victim, VictimPerson
from victims.services.victim import link_person


@pytest.fixture
def both(cast: Cast) -> User:
    """Keeps files and investigates, for the provincial police."""
    make_investigators(cast)
    police = cast.agencies.lao_cai_police
    return person("ca.hai@example.vn", (Role.CASE_WORKER, police), (Role.INVESTIGATOR, police))


@pytest.fixture
def linked(both: User, cast: Cast) -> tuple[Victim, Case, PersonInCase]:
    police = cast.agencies.lao_cai_police
    one = case(both, police, police.area)
    someone = suspect(one, both)
    victim = file_of(both, case=one)
    with row_scope(both):
        link_person(actor=both, victim=victim, person=someone, part="recruiter")
    return victim, one, someone


def test_a_person_is_linked_by_the_page_and_taken_away_again(
    both: User, cast: Cast, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    police = cast.agencies.lao_cai_police
    one = case(both, police, police.area)
    someone, victim = suspect(one, both), file_of(both, case=one)
    browser = signed_in(both)
    with as_portal():
        assert step(browser, victim, "person", person=str(someone.pk), part="recruiter").status_code == 302
        shown = page(browser, victim)
        with row_scope(both):
            link = victim.persons.get()
        settle(browser, victim, "person-unlinked", link.pk)
        with row_scope(both):
            assert not victim.persons.exists()
    assert f"{someone.label} · recruiter" in shown


def test_a_person_of_another_case_is_refused(
    both: User, cast: Cast, linked: tuple[Victim, Case, PersonInCase], signed_in: SignedIn
) -> None:
    victim, _case, _someone = linked
    other = suspect(case(both, cast.agencies.lao_cai_police, cast.map.bat_xat), both)
    with row_scope(both), pytest.raises(ValidationError, match="in no case of this victim"):
        link_person(actor=both, victim=victim, person=other, part="broker")
    assert step(signed_in(both), victim, "person", person=str(other.pk), part="broker").status_code == 422


def test_who_may_not_see_the_case_is_shown_no_person_by_page_or_database(
    both: User,
    cast: Cast,
    linked: tuple[Victim, Case, PersonInCase],
    signed_in: SignedIn,
    as_portal: AsPortal,
) -> None:
    victim, one, someone = linked
    police = cast.agencies.lao_cai_police
    colleague = person("mot.ben@example.vn", (Role.CASE_WORKER, police))
    seal_case(case=one, actor=both, readers=[])
    head = person("lanh.dao.dieu.tra@example.vn", (Role.HEAD_OF_UNIT, police))
    for other in (colleague, head):
        assert f"{someone.label} ·" not in page(signed_in(other), victim)
        with as_portal(), row_scope(other):
            assert not VictimPerson.objects.exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM victims_victimpersonevent")
                assert cursor.fetchone() == (0,)
    with as_portal(), row_scope(both):
        assert VictimPerson.objects.count() == 1


def test_a_link_offered_to_nobody_else_changes_nothing(
    linked: tuple[Victim, Case, PersonInCase], worker: User, signed_in: SignedIn
) -> None:
    victim, _case, _someone = linked
    link = victim.persons.get()
    address = reverse("victim_settle", args=[victim.code, "person-unlinked", link.pk])
    assert signed_in(worker).post(address).status_code == 404
    assert victim.persons.exists()
