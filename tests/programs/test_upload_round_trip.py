"""What the portal writes into a workbook is what it reads out of one: nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from programs.models import Activity, ActivityKind, Audience, Funding, Measure
from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.quantity import PARTS, Quantity
from programs.services import file_activity
from programs.services.activity import content_of
from programs.workbook import writing
from programs.workbook.cells import Workbook, read_back, written
from territory.figure import Figure
from territory.figure.value import VOCABULARY
from tests.programs import workbooks
from tests.programs.cast import Cast, filed, quantity
from tests.programs.workbooks import checked, faults, row, stored


@pytest.fixture(autouse=True)
def patient_lease(settings: Any) -> None:
    """The thread that renews a lease has a connection of its own, which does not see what a test has not committed."""
    settings.UPLOAD_LEASE_SECONDS = 600


WHY = "the test compares all"

#: What an officer may have typed: Vietnamese, quotes, formula signs, escapes of Excel, marks beyond the first plane.
_LETTERS = st.text(
    st.one_of(
        st.sampled_from("aăâđêôơưẦẵọ ỹ'\"=+-@;,_x0041_\n\t<>&|[]0123456789"),
        st.characters(exclude_categories=("Cc", "Cs")),
    ),
    max_size=60,
)
_STARTS = st.sampled_from(["", "=", "'", "'=", "''", "-", "+", "@", "_x000D_", "=cmd|' /C calc'!A0", "'a"])


def _text(limit: int) -> st.SearchStrategy[str]:
    return st.builds(lambda start, rest: (start + rest)[:limit], _STARTS, _LETTERS)


_NUMBER = st.one_of(
    st.integers(0, 10**12).map(Decimal),
    st.integers(0, 10**9).map(lambda thousandths: Decimal(thousandths).scaleb(-3)),
)
_FIGURE = st.one_of(
    _NUMBER.map(Figure.exact),
    st.builds(Figure.over, _NUMBER, st.sampled_from(["hơn", "trên"])),
    _NUMBER.map(Figure.nearly),
    _NUMBER.map(Figure.about),
    st.tuples(_NUMBER, _NUMBER)
    .map(sorted)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Figure.between(*pair)),
    st.sampled_from([words for word in VOCABULARY for words in (word, word.capitalize())]).map(
        Figure.in_words
    ),
)


@st.composite
def _quantity(draw: Any, measure: Measure) -> Quantity:
    figure = draw(_FIGURE)
    parts: dict[str, int | None] = {}
    if measure in MEASURES_OF_PERSONS:
        bound = figure.low if figure.high is None else figure.high
        most = 2**31 - 1 if bound is None else min(int(bound), 2**31 - 1)
        parts = {part: draw(st.none() | st.integers(0, most)) for part in PARTS}
    return Quantity(measure.value, figure, **parts)


@st.composite
def _activity(draw: Any, cast: Cast) -> dict[str, Any]:
    ended_on = draw(st.dates(dt.date(2004, 1, 10), dt.date(2025, 6, 30)))
    length = draw(st.sampled_from([0, 1, 150, 900]))
    started_on = max(dt.date(2000, 1, 1), ended_on - dt.timedelta(days=length))
    is_integrated = draw(st.booleans())
    measures = draw(st.lists(st.sampled_from(list(Measure)), unique=True, max_size=4))
    quantities = [draw(_quantity(measure)) for measure in measures]
    sources = draw(st.lists(st.sampled_from(list(Funding)), unique=True))
    return {
        "kind": draw(st.sampled_from(ActivityKind.values)),
        "title": "x" + draw(_text(299))
        if draw(st.booleans())
        else draw(_text(300)).strip() or "Tuyên truyền",
        "agency": cast.kon_tum_police,
        "area": draw(st.sampled_from([cast.kon_tum, cast.dak_glei, cast.dak_mon, cast.bo_y])),
        "started_on": started_on,
        "ended_on": ended_on,
        "is_cumulative": length > 184 or draw(st.booleans()),
        "is_integrated": is_integrated,
        "integrated_with": draw(_text(200)) if is_integrated else "",
        "audience": draw(st.lists(st.sampled_from(Audience.values), unique=True)),
        "partner_agencies": draw(
            st.lists(st.sampled_from([cast.kon_tum_women, cast.dak_glei_police]), unique=True)
        ),
        "other_partners": draw(_text(300)),
        "narrative": "Có " + draw(_text(1000)),
        "quantities": quantities,
        "costs": {source.value: Decimal(draw(st.integers(0, 10**15 - 1))) for source in sources},
    }


def _compared(activity: Activity) -> tuple[Any, ...]:
    content = content_of(activity)
    return content.columns, content.partners, content.quantities, content.costs


@given(_LETTERS.map(lambda rest: rest), _STARTS)
def test_a_cell_gives_back_the_text_that_was_put_in(rest: str, start: str) -> None:
    text = start + rest
    shown = written(text)

    assert read_back(shown) == text
    assert not shown.startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("language", ["vi", "en"])
@settings(
    max_examples=5,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(drawn=st.data())
def test_exported_and_uploaded_again_every_activity_is_the_same(
    language: str, drawn: st.DataObject, cast: Cast, signed_in: Any
) -> None:
    Activity.objects.unscoped("the examples before").delete()
    wanted = drawn.draw(st.lists(_activity(cast), min_size=1, max_size=3))
    originals = [
        file_activity(actor=cast.officer, submission_key=uuid.uuid4(), **dict(fields)) for fields in wanted
    ]
    reader: Client = signed_in(cast.officer)
    reader.cookies["django_language"] = language
    content = b"".join(reader.get(reverse("activity_export_full"), {"sort": "date"}))

    done = workbooks.work(workbooks.upload(cast.officer, content))
    assert faults(done) == {}
    assert done.warned == len(originals)
    stored(done)

    again = Activity.objects.unscoped(WHY).exclude(pk__in=[each.pk for each in originals])
    key = repr
    assert sorted(map(_compared, again), key=key) == sorted(map(_compared, originals), key=key)


def test_the_longest_texts_survive(cast: Cast, signed_in: Any) -> None:
    long = {"title": "Đ" * 300, "narrative": "=ắ\n" * 6666, "other_partners": "'" * 300}
    filed(cast, **long)
    content = b"".join(signed_in(cast.officer).get(reverse("activity_export_full")))

    stored(workbooks.work(workbooks.upload(cast.officer, content)))

    made = Activity.objects.unscoped(WHY).latest("pk")
    assert {name: getattr(made, name) for name in long} == {**long, "narrative": long["narrative"].strip()}


def test_the_export_follows_the_filters_and_leaves_a_row_in_the_trail(cast: Cast, signed_in: Any) -> None:
    filed(cast, title="Có mặt")
    filed(cast, title="Vắng mặt")
    reader: Client = signed_in(cast.officer)

    content = b"".join(reader.get(reverse("activity_export_full"), {"q": "co mat"}))

    assert [each["title"] for each in workbooks.read_rows(content)] == ["Có mặt"]
    noted = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).get()
    assert noted.detail == {"rows": 1, "filters": ["q"], "form": "workbook"}


def test_more_activities_than_can_be_uploaded_are_not_exported(
    cast: Cast, signed_in: Any, settings: Any
) -> None:
    settings.UPLOAD_MAX_ROWS = 1
    filed(cast, title="Một")
    filed(cast, title="Hai")

    assert signed_in(cast.officer).get(reverse("activity_export_full")).status_code == 302
    assert not AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).exists()


def test_more_activities_take_no_more_statements(
    cast: Cast, signed_in: Any, django_assert_num_queries: Any
) -> None:
    reader: Client = signed_in(cast.officer)
    filed(cast, quantity("people", "5"), partner_agencies=[cast.kon_tum_women])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        reader.get(reverse("activity_export_full"))
    for number in range(5):
        filed(cast, quantity("people", "5"), title=f"{number}", partner_agencies=[cast.kon_tum_women])
    with django_assert_num_queries(len(before)):
        reader.get(reverse("activity_export_full"))


def test_the_csv_has_its_mark_and_no_formulas(cast: Cast, signed_in: Any) -> None:
    filed(cast, quantity("people", "trên 45"), title="=HYPERLINK(1), “dấu phẩy”")

    answer = signed_in(cast.officer).get(reverse("activity_export_csv"))
    content = b"".join(answer.streaming_content)

    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert '"\'=HYPERLINK(1), “dấu phẩy”"' in lines[1]
    assert "over 45" in lines[1]
    noted = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).get()
    assert noted.detail == {"rows": 1, "filters": [], "form": "csv"}


def test_a_note_stands_at_each_fault_of_the_rows_given_back(cast: Cast) -> None:
    from programs.workbook.exporting import rest_of

    with translation.override("en"):
        done = checked(cast.officer, row(ended_on="31/02/2020", figure__people="nhiều lắm"))
        with rest_of(done) as file:
            content = file.read()

    sheet = workbooks.sheet_of(content)
    assert sheet["B2"].value == "Fault"
    assert "Type the date" in sheet["I3"].comment.text
    noted = [cell for cell in sheet[3] if cell.comment]
    assert len(noted) == 2
    with Workbook(io.BytesIO(content)) as opened:
        assert len(opened.sheet_names) == 3


def test_notes_end_where_a_workbook_would_no_longer_open_well(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(writing, "_MOST_NOTES", 1)
    from programs.workbook.exporting import rest_of

    with rest_of(checked(cast.officer, row(title=""), row(title=""))) as file:
        sheet = workbooks.sheet_of(file.read())

    assert [bool(sheet[f"D{number}"].comment) for number in (3, 4)] == [True, False]
