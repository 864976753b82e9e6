"""Short lists that are read in one statement are what their own queries give."""

from __future__ import annotations

import pytest
from django.db.models import Count
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership
from accounts.scoping import UnscopedQuery
from accounts.together import Statement, read_together
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


def test_a_protected_list_that_nobody_scoped_is_refused(cast: Cast) -> None:
    with pytest.raises(UnscopedQuery):
        read_together(Membership.objects.all(), Obligation.objects.filter(area=cast.map.bat_xat))
