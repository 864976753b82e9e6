"""Figures of many units and past periods come from one workbook, checked row by row, stored when a person says so."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEvent, Membership, User
from programs.workbook import leases, uploads
from programs.workbook.checking import taken_file
from reporting.models import (
    Form,
    FormIndicator,
    FormKind,
    FormSection,
    Obligation,
    PastUpload,
    PastUploadRow,
    ReportedFigure,
    Submission,
    SubmissionState,
)
from reporting.past_workbook import writing
from reporting.past_workbook.layout import COLUMNS
from reporting.past_workbook.storing import PAST_FIGURES
from reporting.past_workbook.units import Units
from reporting.past_workbook.writing import Wanted
from reporting.services.submissions import Typed, accept_submission, save_submission, submit_submission
from reporting.services.submissions.opening import begun
from reporting.services.submissions.past import open_past_period, units_of_past
from territory.figure import Figure, parse_figure
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.programs import workbooks
from tests.reporting.records import form_of, load_catalogue

pytestmark = pytest.mark.django_db

State = PastUpload.State
TRAFFICKED, CASES, TALKS = "victims_confirmed", "cases_prosecuted", "communication_attendances"
H1, H2 = parse_period("2016-H1"), parse_period("2016-H2")
WHY = "the test looks at all"


@pytest.fixture(autouse=True)
def asked_form(db: None, settings: Any) -> Form:
    """The six-month form with three indicators; the lease outlasts the test, whose rows its thread does not see."""
    settings.UPLOAD_LEASE_SECONDS = 600
    load_catalogue()
    form = form_of(FormKind.SIX_MONTH)
    form.indicators.all().delete()
    form.sections.all().delete()
    for order, code in enumerate((TRAFFICKED, CASES, TALKS)):
        parts = ["sex"] if code == TRAFFICKED else []
        FormIndicator.objects.create(form=form, indicator=code, order=order, breakdowns=parts)
    FormSection.objects.create(form=form, section="situation", order=1)
    return form


@pytest.fixture
def coordinator(cast: Cast) -> User:
    return cast.people.coordinator


def template(actor: User, *codes: str, parts: bool = False) -> bytes:
    """The template for the units the person may enter, for these periods."""
    agencies = list(units_of_past(actor))
    periods = [parse_period(code) for code in codes or ("2016-H1",)]
    wanted = Wanted(form_of(FormKind.SIX_MONTH), agencies, periods, parts)
    with writing.template(wanted, Units(agencies)) as file:
        return file.read()


def filled(content: bytes, *said: Mapping[str, str]) -> bytes:
    """The template with texts in the rows whose unit, period and key they name; rows not there are added."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    letters = {str(cell.value): cell.column_letter for cell in sheet[1]}
    letters["form"] = "B"
    rows = {
        tuple(str(sheet[f"{letters[key]}{number}"].value) for key in ("unit", "period", "key")): number
        for number in range(3, sheet.max_row + 1)
    }
    for each in said:
        number = rows.setdefault((each["unit"], each["period"], each["key"]), sheet.max_row + 1)
        for key, text in {"form": "six_month", **each}.items():
            cell = sheet[f"{letters[key]}{number}"]
            cell.value, cell.number_format = text, "@"
            cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def says(
    key: str, figure: str, unit: str = "082-district_police", period: str = "2016-H1", **more: str
) -> Any:
    return {"unit": unit, "period": period, "key": key, "figure": figure, **more}


def upload(actor: User, content: bytes) -> PastUpload:
    file = taken_file(SimpleUploadedFile("số liệu cũ.xlsx", content))
    made: PastUpload = uploads.upload_workbook(actor=actor, file=file, key=uuid.uuid4(), kind=PAST_FIGURES)
    return made


def worked(made: PastUpload) -> PastUpload:
    lease = leases.take(str(made.key), PastUpload)
    assert lease is not None
    uploads.work_on(lease, PAST_FIGURES)
    found: PastUpload = PastUpload.objects.unscoped(WHY).get(pk=made.pk)
    return found


def checked(
    actor: User, *said: Mapping[str, str], codes: tuple[str, ...] = ("2016-H1", "2016-H2")
) -> PastUpload:
    return worked(upload(actor, filled(template(actor, *codes), *said)))


def stored(made: PastUpload, *, submits: bool = False) -> PastUpload:
    return worked(uploads.store_upload(upload=made, actor=made.by, kind=PAST_FIGURES, submits=submits))


def faults(made: PastUpload) -> dict[str, str]:
    return {error["cell"]: error["message"] for row in made.upload_rows.all() for error in row.errors}


def letter(key: str) -> str:
    return "ABCDEFGHIJK"[[column.key for column in COLUMNS].index(key)]


def submission_of(cast: Cast, period: Any = H1) -> Submission:
    return Submission.objects.get(
        obligation__agency=cast.agencies.bat_xat_police, obligation__period_start=period.start
    )


def test_the_template_has_a_row_for_each_unit_period_and_figure(coordinator: User) -> None:
    sheet = load_workbook(io.BytesIO(template(coordinator, "2016-H1", "2017-H2", parts=True))).worksheets[0]
    keys = [cell.value for cell in sheet[1]]
    rows = [dict(zip(keys, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]

    of_bat_xat = [row for row in rows if row["unit"] == "082-district_police" and row["period"] == "2016-H1"]
    named = [row["key"] for row in of_bat_xat]
    assert named[:2] == ["nil", TRAFFICKED] and {CASES, TALKS} <= set(named)
    assert any(key.startswith(f"{TRAFFICKED}/") for key in named)
    assert {row["period"] for row in rows} == {"2016-H1", "2017-H2"}
    assert not any(str(row["unit"]).startswith("615") for row in rows)


def test_figures_of_several_units_and_periods_are_stored_as_drafts(cast: Cast, coordinator: User) -> None:
    said = [
        says(TALKS, "trên 6.770", note="Gồm cả trường học", taken_from="Báo cáo 12/BC-CAH"),
        says(TRAFFICKED, "hàng trăm"),
        says(CASES, "0", period="2016-H2"),
        says(CASES, "3", unit="084-district_police"),
    ]

    done = stored(checked(coordinator, *said))

    assert (done.state, done.stored, done.bad) == (State.STORED, 4, 0)
    assert Submission.objects.count() == 3
    assert not Submission.objects.exclude(state=SubmissionState.DRAFT).exists()
    talks = submission_of(cast).figures.get(indicator__code=TALKS)
    assert talks.figure == parse_figure("trên 6.770")
    assert (talks.note, talks.taken_from) == ("Gồm cả trường học", "Báo cáo 12/BC-CAH")
    assert submission_of(cast).figures.get(indicator__code=TRAFFICKED).figure == parse_figure("hàng trăm")
    zero = submission_of(cast, H2).figures.get()
    assert (zero.low, zero.submission.is_nil) == (0, False)
    obligations = Obligation.objects.unscoped(WHY)
    assert obligations.filter(is_historical=True, opened_by=coordinator).count() == 3


def test_a_nil_is_confirmed_by_name_and_is_no_zero(cast: Cast, coordinator: User) -> None:
    stored(checked(coordinator, says("nil", "x")))

    made = submission_of(cast)
    assert (made.is_nil, made.nil_confirmed_by, made.figures.count()) == (True, coordinator, 0)


def test_what_is_complete_is_submitted_when_asked_and_the_rest_stays_a_draft(
    cast: Cast, coordinator: User, asked_form: Form
) -> None:
    said = (says(CASES, "3"), says(TALKS, "5", period="2016-H2"))
    open_past = open_past_period(
        actor=coordinator, form=asked_form, agency=cast.agencies.bat_xat_police, period=H2
    )
    draft = begun(open_past, coordinator)
    asked_form.sections.update(is_narrative_required=True)
    save_submission(
        submission=draft, actor=coordinator, version=1, typed=Typed(narratives={"situation": "Ổn định."})
    )

    done = stored(checked(coordinator, *said), submits=True)

    assert done.submits
    assert submission_of(cast, H2).state == SubmissionState.SUBMITTED
    assert submission_of(cast, H2).versions.count() == 1
    assert submission_of(cast, H1).state == SubmissionState.DRAFT


def test_each_fault_stands_beside_its_cell(coordinator: User) -> None:
    said = [
        says(TALKS, "nhiều lắm lắm"),
        says(CASES, "-4"),
        says("no_such_figure", "4"),
        says(TRAFFICKED, "4", unit="615-district_police"),
        says(TRAFFICKED, "4", period="2016-H3"),
        says(TRAFFICKED, "4", period="2099-H1"),
        says(TRAFFICKED, "", note="Chưa rõ"),
        says("nil", "không biết", period="2016-H2"),
        says(TALKS, "4", period="2016-H2", note="a" * 301),
        {**says(CASES, "4", period="2017-H1"), "form": "no_form"},
    ]

    done = checked(coordinator, *said)

    columns = sorted({cell[0] for cell in faults(done)})
    assert (done.good, done.bad) == (0, len(said))
    assert columns == sorted({letter(key) for key in ("form", "unit", "period", "key", "figure", "note")})
    assert not Submission.objects.exists()


def test_what_was_accepted_or_waits_is_not_overwritten(
    cast: Cast, coordinator: User, asked_form: Form
) -> None:
    officer = cast.people.filing_officer
    for period in (H1, H2):
        of = open_past_period(
            actor=officer, form=asked_form, agency=cast.agencies.bat_xat_police, period=period
        )
        draft = save_submission(
            submission=begun(of, officer),
            actor=officer,
            version=1,
            typed=Typed(figures={CASES: Figure.exact(7)}),
        )
        sent = submit_submission(submission=draft, actor=cast.people.head_of_unit, version=draft.version)
        if period == H1:
            accept_submission(submission=sent, actor=coordinator, version=sent.version)

    done = checked(
        coordinator,
        says(CASES, "9"),
        says(CASES, "9", period="2016-H2"),
        says(TALKS, "1", period="2015-H1"),
        codes=("2016-H1", "2016-H2", "2015-H1"),
    )

    told = list(faults(done).values())
    assert (done.good, done.bad) == (1, 2)
    assert told[0].startswith("accepted and locked on") and told[1].startswith("It is submitted")
    stored(done)
    assert set(ReportedFigure.objects.filter(indicator__code=CASES).values_list("low", flat=True)) == {7}


def test_a_report_that_was_accepted_meanwhile_stores_nothing_and_says_so(
    cast: Cast, coordinator: User, asked_form: Form
) -> None:
    done = checked(coordinator, says(CASES, "9"), says(CASES, "4", unit="084-district_police"))
    of = open_past_period(actor=coordinator, form=asked_form, agency=cast.agencies.bat_xat_police, period=H1)
    draft = begun(of, coordinator)
    submit_submission(submission=draft, actor=coordinator, version=draft.version)

    again = stored(done)

    assert (again.state, again.failure, again.good, again.bad) == (State.CHECKED, "changed", 1, 1)
    assert not ReportedFigure.objects.exists()
    assert stored(again).stored == 1


def test_a_draft_that_says_something_else_is_warned_of(cast: Cast, coordinator: User) -> None:
    stored(checked(coordinator, says(CASES, "9")))

    done = checked(coordinator, says(CASES, "10"), says(TALKS, "4"))

    assert (done.good, done.warned) == (2, 1)
    stored(done)
    assert submission_of(cast).figures.get(indicator__code=CASES).low == 10


def test_a_nil_beside_a_figure_about_people_is_refused(coordinator: User) -> None:
    done = checked(coordinator, says("nil", "x"), says(TRAFFICKED, "2"), says(TALKS, "5"))

    assert (done.good, done.bad) == (2, 1)
    assert "says that there was nothing" in next(iter(faults(done).values()))


def test_a_figure_that_is_there_twice_is_refused(coordinator: User) -> None:
    content = filled(template(coordinator), says(CASES, "1"))
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    source = next(row for row in sheet.iter_rows(min_row=3) if row[8].value == "1")
    for cell in source:
        sheet.cell(row=sheet.max_row + (cell.column == 1), column=cell.column, value=cell.value)
    file = io.BytesIO()
    book.save(file)

    done = worked(upload(coordinator, file.getvalue()))

    assert (done.good, done.bad) == (1, 1)
    assert "holds this figure already" in next(iter(faults(done).values()))


def test_an_officer_enters_for_the_own_unit_only(cast: Cast) -> None:
    officer = cast.people.filing_officer

    done = checked(officer, says(CASES, "1"), says(CASES, "1", unit="084-district_police"))

    assert (done.good, done.bad) == (1, 1)
    assert stored(done).stored == 1
    assert submission_of(cast).opened_by == officer


def test_the_regular_report_of_a_unit_is_left_to_it(cast: Cast, coordinator: User, asked_form: Form) -> None:
    agency = cast.agencies.bat_xat_police
    of = open_past_period(actor=coordinator, form=asked_form, agency=agency, period=H1)
    Obligation.objects.unscoped(WHY).filter(pk=of.pk).update(is_historical=False)

    done = checked(coordinator, says(CASES, "1"))

    assert list(faults(done).values()) == ["The unit enters this report itself."]


def test_who_enters_no_past_periods_uploads_none(cast: Cast, coordinator: User) -> None:
    content = filled(template(coordinator), says(CASES, "1"))

    with pytest.raises(PermissionDenied):
        upload(cast.people.steering_member, content)


def test_a_role_that_ended_meanwhile_stores_nothing(cast: Cast, coordinator: User) -> None:
    done = checked(coordinator, says(CASES, "1"))
    uploads.store_upload(upload=done, actor=coordinator, kind=PAST_FIGURES)
    Membership.objects.filter(user=coordinator).delete()

    again = worked(done)

    assert (again.state, again.failure) == (State.CHECKED, "changed")
    assert not Submission.objects.exists()


def test_a_formula_is_refused_and_a_text_that_looks_like_one_comes_back_as_text(coordinator: User) -> None:
    def with_formula(content: bytes) -> bytes:
        book = load_workbook(io.BytesIO(content))
        book.worksheets[0]["I3"] = "=1+1"
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    refused = worked(upload(coordinator, with_formula(template(coordinator))))
    assert (refused.state, refused.failure) == (State.FAILED, "formulas")

    done = checked(coordinator, says(CASES, "1", note="'=HYPERLINK(1)", unit="615-district_police"))
    with writing.rest_of(done) as file:
        sheet = load_workbook(io.BytesIO(file.read())).worksheets[0]
    note = next(cell for cell in sheet[3] if cell.value and "HYPERLINK" in str(cell.value))
    assert (note.data_type, note.value[0]) == ("s", "'")
    assert done.upload_rows.get().values["note"] == "=HYPERLINK(1)"


def test_the_rows_given_back_can_be_corrected_and_uploaded(cast: Cast, coordinator: User) -> None:
    done = stored(checked(coordinator, says(CASES, "6.77"), says(TALKS, "5", taken_from="Sổ theo dõi")))
    with writing.rest_of(done) as file:
        content = file.read()
    keys = [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][1]]
    assert "faults" in keys

    corrected = filled(content, says(CASES, "6.770"))

    assert stored(worked(upload(coordinator, corrected))).stored == 1
    assert submission_of(cast).figures.get(indicator__code=CASES).low == 6770
    assert submission_of(cast).figures.get(indicator__code=TALKS).taken_from == "Sổ theo dõi"


def test_a_template_of_activities_is_refused(coordinator: User) -> None:
    done = worked(upload(coordinator, workbooks.empty_template(coordinator)))

    assert (done.state, done.failure) == (State.FAILED, "not_the_template")


def test_the_coordinator_takes_the_template_uploads_stores_and_sees_the_reports(
    cast: Cast, coordinator: User, signed_in: SignedIn
) -> None:
    browser = signed_in(coordinator)
    asked = {"form": "six_month", "units": [cast.agencies.bat_xat_police.pk], "periods": "2016-H1, 2016-H2"}
    content = b"".join(browser.get(reverse("past_upload_template"), asked))
    file = SimpleUploadedFile("cũ.xlsx", filled(content, says(CASES, "12"), says(TALKS, "?")))

    sent = browser.post(reverse("past_upload_new"), {"workbook": file, "submission_key": str(uuid.uuid4())})
    made = PastUpload.objects.unscoped(WHY).get()
    worked(made)
    page = browser.get(sent["Location"]).content.decode()
    assert "This is not a figure" in page and "<q>?</q>" in page
    browser.post(reverse("past_upload_store", args=[made.key]), {"submits": "1"})
    worked(made)
    page = browser.get(sent["Location"]).content.decode()

    report = Obligation.objects.unscoped(WHY).get()
    assert reverse("submission_edit", args=[report.pk]) in page
    assert b"".join(browser.get(reverse("past_upload_rest", args=[made.key])))
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.UPLOADED, user=coordinator).count() == 1


def test_a_template_that_cannot_be_made_says_why(cast: Cast, coordinator: User, signed_in: SignedIn) -> None:
    browser = signed_in(coordinator)
    unit = [cast.agencies.bat_xat_police.pk]

    def answer(**asked: Any) -> Callable[[str], bool]:
        given = {"form": "six_month", "units": unit, "periods": "2016-H1", **asked}
        response = browser.get(reverse("past_upload_template"), given)
        assert response.status_code == 422
        text = response.content.decode()
        return lambda words: words in text

    assert answer(periods="2016-H3")("This is not a period")
    assert answer(periods="2099-H1")("has not ended")
    assert answer(periods=", ".join(str(year) for year in range(2000, 2022)))("at most 20")
    assert answer(units=[cast.agencies.dak_ha_police.pk])("error-summary")


def test_another_persons_upload_is_not_there(cast: Cast, coordinator: User, signed_in: SignedIn) -> None:
    done = checked(coordinator, says(CASES, "1"))
    other = signed_in(cast.people.filing_officer)

    for name in ("detail", "status", "rest"):
        assert other.get(reverse(f"past_upload_{name}", args=[done.key])).status_code == 404
    assert PastUploadRow.objects.count() == 1
