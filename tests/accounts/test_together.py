"""Short lists that are read in one statement are what their own queries give."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Count, QuerySet
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from accounts.scoping import UnscopedQuery
from accounts.together import (
    Kept,
    KeptFor,
    Relations,
    Shared,
    Statement,
    keep_each,
    prefetch_together,
    read_together,
)
from reporting.models import Indicator, Obligation
from territory.models import Agency, Area
from tests.cast import Cast
from tests.reporting.records import load_catalogue, obligation, submission

pytestmark = pytest.mark.django_db


def test_lists_read_together_are_those_of_their_own_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_catalogue()
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    submission(owed, says={"victims_received": 2})
    every = Obligation.objects.unscoped("a test looks at all")
    areas = Area.objects.defer("search_text").order_by("sort_key", "code")
    stands = every.with_state().order_by("pk")
    rows = stands.values_list(
        "pk", "due_on", "opened_at", "stands", "is_late", "submission__is_nil", "area__name"
    )
    kinds = Agency.objects.values_list("kind").annotate(Count("pk")).order_by("kind")
    indicators = Indicator.objects.order_by("code", "valid_from")

    with django_assert_num_queries(1):
        found = read_together(
            areas, rows, kinds, indicators, areas.none(), Statement("SELECT %s + 1 AS sum, NULL AS no", [1])
        )

    assert found[0] == list(areas)
    assert [(area.latitude, area.valid_to, area.path) for area in found[0]] == [
        (area.latitude, area.valid_to, area.path) for area in areas
    ]
    assert found[1] == list(rows)
    assert found[2] == list(kinds)
    assert [(each.code, each.rule, each.breakdowns) for each in found[3]] == [
        (each.code, each.rule, each.breakdowns) for each in indicators
    ]
    assert found[4:] == [[], [(2, None)]]


def test_records_come_with_those_they_point_to_and_with_what_is_annotated(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    own = Membership.objects.filter(user=cast.people.filing_officer).select_related("agency__kind", "area")

    with django_assert_num_queries(1):
        (found,) = read_together(own.annotate(number=Count("user__memberships")))
        told = [(each.number, each.agency.kind.code, each.area.name, each.valid_to) for each in found]

    assert told == [(1, each.agency.kind.code, each.area.name, each.valid_to) for each in own]


def test_relations_of_a_record_are_read_as_prefetching_does(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer, sister = cast.people.filing_officer, cast.people.stranger
    held = Membership.objects.select_related("agency")

    with django_assert_num_queries(1):
        ((place,),) = prefetch_together(
            officer, {"memberships": held}, Area.objects.filter(pk=cast.map.bat_xat.pk)
        )
        keep_each([sister], "memberships", [])
        assert [each.user is officer for each in officer.memberships.all()] == [True]
        assert list(sister.memberships.all()) == []
    assert place == cast.map.bat_xat


def test_lists_that_are_certain_to_be_empty_are_not_asked_for(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert read_together(Area.objects.none(), Agency.objects.filter(pk__in=[])) == [[], []]


def test_a_protected_list_that_nobody_scoped_is_refused(cast: Cast) -> None:
    with pytest.raises(UnscopedQuery):
        read_together(Membership.objects.all(), Obligation.objects.filter(area=cast.map.bat_xat))


def test_a_kept_list_is_that_of_the_values_it_is_asked_for(cast: Cast) -> None:
    places = [cast.map.bat_xat, cast.map.si_ma_cai, cast.map.lao_cai]
    days = [dt.date(2020, 1, 1), dt.date(1990, 1, 1)]

    def named(day: dt.date, codes: tuple[str, ...], *, column: str) -> QuerySet[Area]:
        return Area.objects.valid_on(day).filter(**{f"{column}__in": codes}).order_by("-sort_key")

    kept = Kept(named)
    for day in days:
        for asked in ([], places[:1], places[1:2], places[:2], places[1:], [places[0], places[0]]):
            keys, codes = tuple(area.pk for area in asked), tuple(area.code for area in asked)
            found = read_together(kept(day, keys, column="pk"), kept(day, codes, column="code"))

            assert found == [list(named(day, keys, column="pk")), list(named(day, codes, column="code"))]


def test_a_list_whose_values_decide_about_more_than_its_conditions_is_not_kept(cast: Cast) -> None:
    beginning = Kept(lambda path: Area.objects.filter(path__startswith=path))

    with pytest.raises(ValueError, match="conditions"):
        beginning(cast.map.lao_cai.path)


def test_lists_are_made_once_for_each_key_and_read_each_time(cast: Cast) -> None:
    made: list[str] = []
    lists = KeptFor(most=2)

    def below(area: Area) -> list[Area]:
        def make() -> list[QuerySet[Area]]:
            made.append(area.code)
            return [Area.objects.within(area, itself=False).order_by("pk")]

        (found,) = read_together(*lists((area.pk, area.path), make))
        return found

    for area in (cast.map.lao_cai, cast.map.lao_cai, cast.map.kon_tum, cast.map.kon_tum):
        assert below(area) == list(Area.objects.within(area, itself=False).order_by("pk"))
    assert made == [cast.map.lao_cai.code, cast.map.kon_tum.code]

    below(cast.map.nation)
    below(cast.map.kon_tum)
    below(cast.map.lao_cai)
    assert made[2:] == [cast.map.nation.code, cast.map.lao_cai.code], "of two keys the latest are kept"


def test_what_comes_as_json_is_what_a_query_of_its_own_gives(cast: Cast) -> None:
    Area.objects.filter(pk=cast.map.lao_cai.pk).update(latitude="22.5", longitude="103.9")
    columns = ("pk", "code", "level", "latitude", "valid_from", "valid_to", "parent", "sort_key")

    (told,) = read_together(Area.objects.order_by("pk").values_list(*columns))

    assert told == list(Area.objects.order_by("pk").values_list(*columns))


def test_relations_whose_statements_are_kept_are_those_of_each_record(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    relations = Relations(User, memberships=Membership.objects.select_related("agency"))

    for person in (cast.people.filing_officer, cast.people.stranger):
        own = list(person.memberships.all())
        with django_assert_num_queries(1):
            prefetch_together(person, relations)
            assert own == list(person.memberships.all()) != []
        assert person.memberships.filter(agency=own[0].agency_id).count() == len(own)


def test_shared_records_are_the_same_while_the_database_tells_them_in_the_same_words(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_catalogue()
    shared = Shared(lambda: Indicator.objects.order_by("code", "valid_from"))
    areas = Area.objects.order_by("pk")

    with django_assert_num_queries(1):
        first, listed, alone = read_together(shared, areas[:1], shared)
    (again,) = read_together(shared)

    assert first is again is alone
    assert [each.rule for each in first] == [each.rule for each in Indicator.objects.order_by("code")]
    assert listed == list(areas[:1])

    changed = first[0]
    Indicator.objects.filter(pk=changed.pk).update(name="Số vụ")
    (renamed,) = read_together(shared)
    assert renamed[0].name == "Số vụ" != changed.name

    Indicator.objects.all().delete()
    assert read_together(shared, areas.none()) == [[], []]
