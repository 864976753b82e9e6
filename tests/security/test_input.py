"""Whatever is sent: no page breaks, nothing typed becomes part of a page, a file or a command."""

from __future__ import annotations

import io
import re
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import FormDraft, User
from programs.models import Activity
from reporting.building import build_snapshot
from reporting.models import Report, ReportKind
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.security.conftest import FileActivity

SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}{% load x %}",
    "</textarea><svg onload=alert(1)>",
    "<a href=javascript:alert(1)>bấm</a>",
]
URLENCODED = "application/x-www-form-urlencoded"
FORMULAS = ['=HYPERLINK("http://evil.example","x")', "+1+1", "-1+1", "@SUM(1)"]

#: What a query parameter may hold when nobody means well, as it stands in the address.
HOSTILE = [
    "%00",
    "a%00b",
    "%1b%5b31m",
    "%ff%fe",
    "%ed%a0%80",
    "%e2%80%ae",
    "%0d%0aSet-Cookie:x=1",
    "29127671324490655072256",
    "-1",
    "1e309",
    "NaN",
    "%d9%a3",
    "0x10",
    "[]",
    "../../etc/passwd",
    "'%3b--",
    "%25%28x%29s",
    "%7b%7d",
    "x" * 8000,
]
PARAMETERS = (
    *("q", "kind", "agency", "area", "ended_from", "ended_to", "is_integrated", "state"),
    *("sort", "page", "per_page"),
)


def _with_scripts(filed: FileActivity) -> list[Activity]:
    return [filed(f"Hoạt động {text}", f"Kể lại: {text}\n{text}", other_partners=text) for text in SCRIPTS]


def _must_be_text(page: str, where: str) -> None:
    for text in SCRIPTS:
        if "<" in text:
            assert text not in page, where
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page, where
    assert not re.search(r"<(img|svg|a)\b[^>]*(onerror|onload|javascript:)", page), where
    assert "{{ 7*7 }}" in page, where


def test_what_was_typed_is_text_on_every_page(filed: FileActivity, cast: Cast, signed_in: SignedIn) -> None:
    activities = _with_scripts(filed)
    reader = signed_in(cast.people.standing_officer)
    for address in (reverse("home"), reverse("activity_list")):
        _must_be_text(reader.get(address).content.decode(), address)
    for text, activity in zip(SCRIPTS, activities, strict=True):
        for name in ("activity_detail", "activity_edit"):
            page = reader.get(reverse(name, args=[activity.pk])).content.decode()
            assert "<" not in text or text not in page.replace("{{ 7*7 }}", ""), (name, text)


def test_what_was_typed_is_text_in_the_report(filed: FileActivity, cast: Cast, signed_in: SignedIn) -> None:
    call_command("load_catalogue", verbosity=0)
    _with_scripts(filed)
    period = parse_period("2020-H1")
    snapshot = build_snapshot(kind=ReportKind.SIX_MONTH, area=cast.map.kon_tum, period=period)
    report = Report.objects.create(
        kind=ReportKind.SIX_MONTH,
        area=cast.map.kon_tum,
        period_code=period.code,
        period_start=period.start,
        period_end=period.end,
        title="Báo cáo",
        snapshot=snapshot,
        file=ContentFile(b"%PDF-1.7", name="r.pdf"),
        sha256="0" * 64,
        size=8,
        pages=1,
    )

    page = signed_in(cast.people.standing_officer).get(reverse("report_detail", args=[report.key]))

    _must_be_text(page.content.decode(), "report")


def test_what_was_searched_for_is_text(cast: Cast, signed_in: SignedIn) -> None:
    reader = signed_in(cast.people.standing_officer)
    for text in SCRIPTS:
        page = reader.get(reverse("activity_list"), {"q": text, "kind": text, "sort": text}).content.decode()
        assert "<" not in text or text not in page


def test_a_draft_is_text_when_the_form_is_opened_again(cast: Cast, signed_in: SignedIn) -> None:
    reader = signed_in(cast.people.standing_officer)
    typed = {"title": SCRIPTS[1], "narrative": SCRIPTS[4], "quantities-TOTAL_FORMS": SCRIPTS[0]}
    reader.post(reverse("activity_draft", args=["activity:new"]), typed)

    for address in (reverse("activity_new"), reverse("home")):
        page = reader.get(address).content.decode()
        assert not re.search(r"<(img|svg)\b[^>]*(onerror|onload)", page)


def test_what_was_typed_is_text_in_the_excel_file(
    filed: FileActivity, cast: Cast, signed_in: SignedIn
) -> None:
    for text in (*SCRIPTS, *FORMULAS):
        filed(text)

    answer = signed_in(cast.people.standing_officer).get(reverse("activity_export"))

    sheet = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]  # type: ignore[arg-type]
    titles = {row[2].value: row[2].data_type for row in sheet.iter_rows(min_row=2)}
    assert set(titles.values()) == {"s"}
    assert set(SCRIPTS[:1]) <= set(titles)
    assert not [title for title in titles if str(title).startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: text[:24])
def test_no_parameter_breaks_a_list(
    hostile: str, filed: FileActivity, cast: Cast, signed_in: SignedIn
) -> None:
    filed("Một hoạt động")
    reader = signed_in(cast.people.standing_officer)
    got = {}
    for name in PARAMETERS:
        got[f"list {name}"] = reader.get(f"{reverse('activity_list')}?{name}={hostile}").status_code
        if name in ("q", "area", "ended_from", "sort"):
            got[f"export {name}"] = reader.get(f"{reverse('activity_export')}?{name}={hostile}").status_code
    got["reports"] = reader.get(f"{reverse('report_list')}?page={hostile}").status_code
    got["new"] = reader.get(
        f"{reverse('report_new')}?kind={hostile}&area={hostile}&period={hostile}"
    ).status_code
    got["next"] = reader.get(f"{reverse('account_login')}?next={hostile}").status_code

    assert {name: status for name, status in got.items() if status not in (200, 302, 400)} == {}


def test_a_nul_in_what_a_page_asks_the_database_with_is_a_bad_request(
    cast: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.people.administrator).get(f"{reverse('form_new')}?from=annual%00")
    assert answer.status_code == 400


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: text[:24])
def test_no_path_breaks_the_portal(hostile: str, cast: Cast, signed_in: SignedIn) -> None:
    reader = signed_in(cast.people.standing_officer)
    paths = [
        "/{}",
        "/activities/{}/",
        "/activities/{}/edit/",
        "/attachments/{}/",
        "/reports/{}/",
        "/reports/jobs/{}/",
    ]
    paths += ["/accounts/password/reset/key/{}-x/", "/accounts/confirm-email/{}/", "/static/{}"]
    got = {path: reader.get(path.format(hostile)).status_code for path in paths}
    for form in ("activity:{}", "{}"):
        got[form] = reader.post(f"/activities/drafts/{form.format(hostile)}/", {"title": "x"}).status_code

    assert {path: status for path, status in got.items() if status not in (200, 302, 400, 404)} == {}


@pytest.mark.parametrize("hostile", ["\x00", "a\x00b", "\x1b[31m", "\ud800", "\u202e", "x" * 100_000])
def test_no_typed_text_breaks_a_form(hostile: str, cast: Cast, signed_in: SignedIn) -> None:
    reader = signed_in(cast.people.standing_officer)
    body = hostile.encode("utf-8", "surrogatepass")
    got = {}
    for address, names in {
        reverse("activity_new"): (
            "title",
            "narrative",
            "area",
            "started_on",
            "quantities-0-figure",
            "submission_key",
        ),
        reverse("activity_draft", args=["activity:new"]): ("title", "quantities-TOTAL_FORMS"),
        reverse("report_new"): ("kind", "area", "period", "rule", "request_key"),
        reverse("preferences"): ("text_size", "next"),
        reverse("set_language"): ("language", "next"),
    }.items():
        for name in names:
            sent = (
                b"quantities-TOTAL_FORMS=1&quantities-INITIAL_FORMS=0&"
                + name.encode()
                + b"="
                + quote(body).encode()
            )
            response = reader.post(address, sent, content_type=URLENCODED)
            got[address, name] = response.status_code
    for name in ("login", "password"):
        response = Client().post(
            reverse("account_login"),
            f"{name}={quote(body)}",
            content_type=URLENCODED,
        )
        got["sign-in", name] = response.status_code

    assert {at: status for at, status in got.items() if status >= 500} == {}


@pytest.mark.parametrize("cookie", ["session", "csrf", "django_language", "reading"])
@pytest.mark.parametrize(
    "value", ["x" * 32 + "\\000", "x" * 32 + "\\033", "é" * 40, "x" * 4000, "' OR 1=1--"]
)
def test_no_cookie_breaks_a_page(cookie: str, value: str, db: None) -> None:
    browser = Client()
    header = f'{cookie}="{value}"'.encode().decode("latin-1")
    assert browser.get(reverse("home"), headers={"cookie": header}).status_code == 302
    assert browser.get(reverse("account_login"), headers={"cookie": header}).status_code == 200


def test_a_control_character_in_a_stored_title_does_not_break_the_excel_file(
    filed: FileActivity, cast: Cast, signed_in: SignedIn
) -> None:
    activity = filed("Tiêu đề")
    Activity.objects.unscoped("what an older version may have let in").filter(pk=activity.pk).update(
        title="A\x0bB\x1fC"
    )

    answer = signed_in(cast.people.standing_officer).get(reverse("activity_export"))

    sheet = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]  # type: ignore[arg-type]
    assert sheet["C2"].value == "ABC"


def test_a_draft_of_a_hundred_thousand_fields_is_refused(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    body = "&".join(f"f{number}=x" for number in range(100_000))

    response = browser.post(
        reverse("activity_draft", args=["activity:new"]),
        body,
        content_type=URLENCODED,
    )

    assert 400 <= response.status_code < 500
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("kilobytes", [300, 5000])
def test_a_draft_that_is_too_large_is_refused_and_the_older_one_stays(kilobytes: int, officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    address = reverse("activity_draft", args=["activity:new"])
    assert browser.post(address, {"title": "Cũ"}).status_code == 200

    sent = f"title={'x' * kilobytes * 1024}"
    response = browser.post(address, sent, content_type=URLENCODED)

    assert 400 <= response.status_code < 500
    assert FormDraft.objects.get().fields["title"] == ["Cũ"]


def test_nested_json_is_no_form(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    address = reverse("activity_draft", args=["activity:new"])

    response = browser.post(address, "[" * 100_000, content_type="application/json")

    assert response.status_code < 500


def test_a_host_that_is_not_ours_is_refused(db: None) -> None:
    assert Client().get(reverse("account_login"), headers={"host": "evil.example"}).status_code == 400


def test_a_title_that_is_markup_is_printed_and_nothing_is_fetched(
    filed: FileActivity, cast: Cast, tmp_path: Path
) -> None:
    call_command("load_catalogue", verbosity=0)
    secret = tmp_path / "secret.txt"
    secret.write_text(marker := f"bi-mat-{uuid.uuid4().hex}")
    filed(
        f"Xem <img src=file://{secret}> và <link rel=attachment href=file:///etc/passwd>",
        "<style>@import url(http://127.0.0.1:1/x)</style>",
    )
    out = tmp_path / "report.pdf"

    call_command("make_report", area="62", period="2020-H1", kind="six_month", out=out, verbosity=0)

    text, attached = _read(out)
    assert "<img src=file://" in re.sub(r"\s+", " ", text)
    assert attached == ["snapshot.json"]
    assert marker.encode() not in out.read_bytes()
    assert b"root:x:0" not in out.read_bytes()


def _read(pdf: Path) -> tuple[str, list[str]]:
    reader = PdfReader(pdf)
    return "\n".join(page.extract_text() for page in reader.pages), list(reader.attachments)
