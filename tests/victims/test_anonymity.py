"""No row of an anonymous file is like fewer than eleven, whatever the records are; and what that cost is told."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from victims.standards import htcds, ictip
from victims.standards.anonymity import K, anonymous
from victims.standards.column import WITHHELD, Column
from victims.standards.packing import as_rows, loss_for_recipient, loss_of
from victims.standards.records import PersonRecord
from victims.standards.words import AGE_BANDS, REGION_OF
from victims.value_lists import (
    Act,
    Answer,
    Channel,
    Control,
    Country,
    Education,
    Means,
    Purpose,
    RecruiterRelation,
    ServiceKind,
    Sex,
    Status,
)


def several(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


PEOPLE = st.builds(
    PersonRecord,
    status=st.sampled_from([Status.CONFIRMED, Status.SUSPECTED, Status.BEING_IDENTIFIED]),
    sex=st.sampled_from(Sex.values),
    age_band=st.sampled_from(["", *(name for _first, name in AGE_BANDS)]),
    minority=st.sampled_from(["", Answer.YES, Answer.NO]),
    nationality=st.sampled_from(Country.values),
    education=st.sampled_from(Education.values),
    acts=several(Act.values),
    means=several(Means.values),
    purposes=several(Purpose.values),
    controls=several(Control.values),
    relation=st.sampled_from(RecruiterRelation.values),
    channel=st.sampled_from(Channel.values),
    province=st.sampled_from(sorted(REGION_OF)),
    year=st.integers(2004, 2025).map(str),
    destination=st.sampled_from(["", *Country.values]),
    case_state=st.sampled_from(["", "open", "closure_asked", "closed", "closed_referred"]),
    services=several(ServiceKind.values),
    agency_kind=st.sampled_from(
        ["labour", "provincial_police", "border_guard", "womens_union", "unheard_of"]
    ),
)
#: Many who are much alike beside some who are not, as records are.
CROWDS = st.lists(st.tuples(PEOPLE, st.integers(1, 40)), max_size=12).map(
    lambda groups: [each for each, times in groups for _time in range(times)]
)


@pytest.mark.parametrize("columns", [htcds.COLUMNS, ictip.COLUMNS], ids=["HTCDS", "IC-TIP"])
@settings(max_examples=60, deadline=None)
@given(people=CROWDS)
def test_every_group_of_equal_rows_is_large_enough(
    columns: tuple[Column, ...], people: list[PersonRecord]
) -> None:
    rows = [tuple(column.value_of(each) for column in columns) for each in people]
    found = anonymous(rows, columns)

    assert all(size >= K for size in Counter(found.rows).values())
    assert found.rows == sorted(found.rows)
    assert found.considered == len(people)
    assert (found.left_out == len(people)) == (len(people) < K)
    assert found == anonymous(list(reversed(rows)), columns)


@pytest.mark.parametrize("columns", [htcds.COLUMNS, ictip.COLUMNS], ids=["HTCDS", "IC-TIP"])
def test_every_value_of_ours_can_be_made_coarser_to_the_end(columns: tuple[Column, ...]) -> None:
    for column in columns:
        values = set((column.words or {}).values()) | {
            "",
            ";".join(sorted((column.words or {"x": "x"}).values())),
        }
        if column.reads == "year":
            values = {"2004", "2025"}
        for value in values:
            coarser = value
            for step in column.ladder:
                coarser = step.coarser(coarser)
            assert coarser == WITHHELD


def test_every_word_of_our_lists_has_one_of_the_standard_or_is_left_out_on_purpose() -> None:
    listed = {
        "sex": Sex,
        "education": Education,
        "acts": Act,
        "means": Means,
        "purposes": Purpose,
        "controls": Control,
        "relation": RecruiterRelation,
        "channel": Channel,
        "services": ServiceKind,
    }
    left_out = {"unknown"}
    for columns in (htcds.COLUMNS, ictip.COLUMNS):
        for column in columns:
            if column.reads in listed and column.words is not None:
                assert set(listed[column.reads].values) - set(column.words) <= left_out, column.name


def crowd(**changed: str) -> PersonRecord:
    fields = {
        "status": "confirmed",
        "sex": "female",
        "age_band": "18--20",
        "minority": "yes",
        "nationality": "VN",
        "education": "primary",
        "acts": ("recruited",),
        "means": ("deceit",),
        "purposes": ("forced_marriage",),
        "controls": (),
        "relation": "acquainted",
        "channel": "friends",
        "province": "10",
        "year": "2023",
        "destination": "CN",
        "case_state": "open",
        "services": ("medical",),
        "agency_kind": "labour",
    }
    return PersonRecord(**{**fields, **changed})


def test_who_is_unlike_all_others_is_left_out_and_the_others_stay_as_they_are() -> None:
    people = [crowd()] * 40 + [crowd(sex="male", province="62", destination="KH")]
    columns = htcds.COLUMNS
    found = anonymous([tuple(c.value_of(each) for c in columns) for each in people], columns)

    assert (len(found.rows), found.left_out) == (40, 1)
    assert set(found.rows) == {tuple(c.value_of(crowd()) for c in columns)}
    assert all((loss.step, loss.changed) == ("", 0) for loss in found.columns)


def test_the_column_that_tells_people_apart_is_made_coarser_and_its_loss_told() -> None:
    people = [crowd(province=province) for province in ("10", "02", "04", "06") for _person in range(6)]
    columns = htcds.COLUMNS
    found = anonymous([tuple(c.value_of(each) for c in columns) for each in people], columns)

    at = [column.name for column in columns].index("org_ShippingState")
    assert {row[at] for row in found.rows} == {"NorthernMidlandsAndMountains"}
    assert (found.left_out, found.columns[at].step, found.columns[at].changed) == (
        0,
        "region instead of province",
        24,
    )


def test_where_all_who_look_alike_share_what_was_done_to_them_the_file_says_so() -> None:
    same = [crowd()] * 22
    mixed = [crowd(destination=country) for country in ("CN", "KH") for _person in range(11)]
    for people, fewest in ((same, 1), (mixed, 2)):
        rows = [tuple(c.value_of(each) for c in htcds.COLUMNS) for each in people]
        assert anonymous(rows, htcds.COLUMNS).diversity["hte_Country"] == fewest


def test_a_recipient_is_told_no_number_that_is_not_rounded() -> None:
    people = [crowd()] * 44 + [crowd(sex="male"), crowd(sex="other")]
    rows = [tuple(c.value_of(each) for c in ictip.COLUMNS) for each in people]
    found = anonymous(rows, ictip.COLUMNS)
    header, counted = as_rows(found, ictip.COLUMNS, is_counted=True)
    inside, outside = loss_of(found), loss_for_recipient(loss_of(found))

    assert (header[-1], [row[-1] for row in counted]) == ("victims", [40])
    assert (inside["considered"], inside["published"], inside["left_out"]) == (46, 44, 2)
    assert [each["diversity"] for each in inside["columns"]] == [
        1 if column.is_sensitive else None for column in ictip.COLUMNS
    ]
    assert (outside["considered"], outside["published"], outside["left_out"]) == (50, 40, 0)
