"""What is true of every page: SQL counts, headers, weight, and links that lead somewhere."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Role, User
from programs.models import Activity, ActivityKind, ActivityUpload, Measure, UploadRow
from programs.selectors.quantity import Quantity
from programs.services import change_activity, file_activity
from programs.services.training import Places, keep_register
from reporting.models import PastUpload, Report, ReportJob, ReportKind
from territory.figure import parse_figure
from territory.loading import LoadSummary
from territory.models import Agency, Area
from tests.cast import Cast, agency, member, person
from tests.conftest import SignedIn
from tests.reporting.past_upload_rows import make_past_upload
from tests.reporting.snapshots import kon_tum
from tests.statements.stating import club, stated

#: SQL statements a page takes, session and reader included. More rows may not take more statements.
STATEMENTS = {
    "home": 5,
    "activity_list": 6,
    "activity_detail": 8,
    "activity_new": 6,
    "activity_edit": 14,
    "activity_copy": 11,
    "activity_queue": 6,
    "preferences": 2,
    "training_register": 6,
    "training_register_edit": 6,
    "report_list": 5,
    "report_new": 6,
    "report_detail": 3,
    "report_job": 3,
    "report_job_status": 3,
    "statement_list": 8,
    "statement_detail": 6,
    "statement_new": 5,
    "statement_edit": 5,
    "statement_period": 7,
    "model_list": 6,
    "model_detail": 7,
    "model_new": 5,
    "model_replicate": 7,
    "dashboard": 6,  # one of them keeps the lists that nothing waits for
    "compare": 4,
    "explore": 6,
    "question_list": 3,
    "upload_new": 3,
    "upload_detail": 5,
    "past_upload_new": 5,
    "past_upload_detail": 5,
    "notice_choices": 5,
    "sitemap": 2,
    "help_for": 2,
    "style_page": 2,
}

#: Bytes of a page with its style sheets, scripts and pictures.
HEAVIEST = 150_000

Address = Callable[["Shown"], str]


@dataclass(frozen=True)
class Shown:
    """Records of Lào Cai for the pages to show."""

    cast: Cast
    activity: Activity
    report: Report
    job: ReportJob
    difficulty: Any
    model: Any
    upload: ActivityUpload
    past_upload: PastUpload

    def fill(self, *, activities: int = 0, reports: int = 0) -> None:
        """Put in more rows, so that there are as many as asked for in all."""
        for number in range(activities - 1):
            _file(self.cast, title=f"Tuyên truyền lần {number}")
        for _number in range(reports - 1):
            _report(self.cast.map.lao_cai, self.cast.people.coordinator)


ADDRESSES: dict[str, Address] = {
    "home": lambda shown: reverse("home"),
    "activity_list": lambda shown: reverse("activity_list"),
    "activity_detail": lambda shown: reverse("activity_detail", args=[shown.activity.pk]),
    "activity_new": lambda shown: reverse("activity_new"),
    "activity_edit": lambda shown: reverse("activity_edit", args=[shown.activity.pk]),
    "activity_copy": lambda shown: reverse("activity_copy", args=[shown.activity.pk]),
    "activity_queue": lambda shown: reverse("activity_queue"),
    "training_register": lambda shown: reverse("training_register", args=[_training(shown).pk]),
    "training_register_edit": lambda shown: reverse("training_register_edit", args=[_training(shown).pk]),
    "preferences": lambda shown: reverse("preferences"),
    "report_list": lambda shown: reverse("report_list"),
    "report_new": lambda shown: reverse("report_new"),
    "report_detail": lambda shown: reverse("report_detail", args=[shown.report.key]),
    "report_job": lambda shown: reverse("report_job", args=[shown.job.key]),
    "report_job_status": lambda shown: reverse("report_job_status", args=[shown.job.key]),
    "statement_list": lambda shown: reverse("statement_list"),
    "statement_detail": lambda shown: reverse("statement_detail", args=["difficulty", shown.difficulty.pk]),
    "statement_new": lambda shown: reverse("statement_new", args=["recommendation"]),
    "statement_edit": lambda shown: reverse("statement_edit", args=["difficulty", shown.difficulty.pk]),
    "statement_period": lambda shown: reverse("statement_period") + "?period=2020-H1",
    "model_list": lambda shown: reverse("model_list"),
    "model_detail": lambda shown: reverse("model_detail", args=[shown.model.pk]),
    "model_new": lambda shown: reverse("model_new"),
    "model_replicate": lambda shown: reverse("model_replicate", args=[shown.model.pk]),
    "dashboard": lambda shown: reverse("dashboard") + "?period=2020-H1",
    "compare": lambda shown: reverse("compare") + "?period=2020-H1",
    "explore": lambda shown: reverse("explore"),
    "question_list": lambda shown: reverse("question_list"),
    "upload_new": lambda shown: reverse("upload_new"),
    "upload_detail": lambda shown: reverse("upload_detail", args=[shown.upload.key]),
    "past_upload_new": lambda shown: reverse("past_upload_new"),
    "past_upload_detail": lambda shown: reverse("past_upload_detail", args=[shown.past_upload.key]),
    "notice_choices": lambda shown: reverse("notice_choices"),
    "sitemap": lambda shown: reverse("sitemap"),
    "help_for": lambda shown: reverse("help_for", args=["coordinator"]),
    "style_page": lambda shown: reverse("style_page"),
}


def _training(shown: Shown) -> Activity:
    """A training of Bát Xát whose register has two agencies."""
    cast = shown.cast
    activity = _file(cast, title="Tập huấn tại Bát Xát", kind=ActivityKind.TRAINING)
    police = cast.agencies.bat_xat_police
    places = [Places(police, "", 30, 32, 12, 28, 12), Places(None, "Đồn biên phòng Y Tý", 15)]
    keep_register(
        actor=cast.people.filing_officer, activity=activity, version=0, places=places, topic="Nhận biết"
    )
    return activity


def _file(cast: Cast, *, title: str, kind: ActivityKind = ActivityKind.COMMUNICATION) -> Activity:
    day = dt.date(2020, 3, 5)
    return file_activity(
        actor=cast.people.filing_officer,
        submission_key=uuid.uuid4(),
        kind=kind,
        title=title,
        agency=cast.agencies.bat_xat_police,
        area=cast.map.y_ty,
        started_on=day,
        ended_on=day,
        narrative="Tổ chức tại chợ phiên.",
        partner_agencies=[cast.agencies.lao_cai_women],
        quantities=[
            Quantity(Measure.ATTENDANCES, parse_figure("trên 45"), women=20),
            Quantity(Measure.SESSIONS, parse_figure("02")),
        ],
    )


def _change(activity: Activity, *, actor: User, title: str) -> None:
    current = Activity.objects.unscoped("the version to change").get(pk=activity.pk)
    change_activity(
        activity=current,
        actor=actor,
        version=current.version,
        quantities=[Quantity(measure, parse_figure("trên 45")) for measure in Measure],
        kind=current.kind,
        title=title,
        agency=current.agency,
        area=current.area,
        started_on=current.started_on,
        ended_on=current.ended_on,
    )


def _report(area: Area, made_by: User, job: ReportJob | None = None) -> Report:
    made: Report = Report.objects.create(
        job=job,
        kind=ReportKind.SIX_MONTH,
        area=area,
        period_code="2020-H1",
        period_start=dt.date(2019, 12, 15),
        period_end=dt.date(2020, 6, 14),
        title="Báo cáo sáu tháng",
        snapshot=kon_tum(),
        file=ContentFile(b"%PDF-1.7", name="report.pdf"),
        sha256="0" * 64,
        size=8,
        pages=5,
        made_by=made_by,
    )
    return made


def _upload(by: User) -> ActivityUpload:
    made: ActivityUpload = ActivityUpload.objects.create(
        by=by, language="vi", name="a.xlsx", sha256="0" * 64, size=8, state="checked", rows=60, bad=60
    )
    fault = {"key": "ended_on", "cell": "H3", "message": "Ngày không đúng."}
    UploadRow.objects.bulk_create(
        UploadRow(upload=made, number=n, values={"ended_on": "31/02"}, errors=[fault], is_good=False)
        for n in range(3, 63)
    )
    return made


@pytest.fixture
def shown(cast: Cast) -> Shown:
    coordinator, area = cast.people.coordinator, cast.map.lao_cai
    asked = {"kind": ReportKind.SIX_MONTH, "period_code": "2020-H1", "period_rule": "ND09/2019"}
    job = ReportJob.objects.create(area=area, asked_by=coordinator, **asked)
    # One person who sees all there is: an officer's forms and a coordinator's lists.
    member(coordinator, Role.FILING_OFFICER, cast.agencies.bat_xat_police)
    member(coordinator, Role.HEAD_OF_UNIT, cast.agencies.bat_xat_police)
    activity, report = _file(cast, title="Tuyên truyền tại Y Tý"), _report(area, coordinator)
    return Shown(
        cast,
        activity,
        report,
        job,
        stated(cast),
        club(cast),
        _upload(coordinator),
        make_past_upload(coordinator, 60),
    )


@pytest.fixture
def reader(shown: Shown, signed_in: SignedIn) -> Client:
    return signed_in(shown.cast.people.coordinator)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_takes_its_number_of_statements(
    name: str, shown: Shown, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = ADDRESSES[name](shown)

    with django_assert_num_queries(STATEMENTS[name]):
        assert reader.get(address).status_code == 200


@pytest.mark.parametrize("name", ["home", "activity_list", "activity_queue", "report_list"])
def test_more_rows_take_no_more_statements(
    name: str, shown: Shown, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown.fill(activities=3, reports=3)
    with django_assert_num_queries(STATEMENTS[name]):
        reader.get(ADDRESSES[name](shown))
    shown.fill(activities=28, reports=10)

    with django_assert_num_queries(STATEMENTS[name]):
        page = reader.get(ADDRESSES[name](shown)).content.decode()

    if name != "home":
        assert max(page.count("<tr"), page.count('class="work-item"')) >= 12


def test_more_figures_and_changes_take_no_more_statements(
    shown: Shown, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        _change(shown.activity, actor=shown.cast.people.filing_officer, title=f"Đổi tên lần {number}")

    with django_assert_num_queries(STATEMENTS["activity_detail"]):
        assert "Đổi tên lần 3" in reader.get(ADDRESSES["activity_detail"](shown)).content.decode()


@pytest.mark.parametrize("name", [*ADDRESSES, "account_login", "missing", "forbidden"])
def test_every_page_carries_the_headers_that_protect_it(name: str, shown: Shown, reader: Client) -> None:
    if name == "account_login":
        response = Client().get(reverse(name))
    elif name == "missing":
        response = reader.get("/activities/999999999/")
    elif name == "forbidden":
        response = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    else:
        response = reader.get(ADDRESSES[name](shown))

    policy = response["Content-Security-Policy"]
    assert "unsafe-" not in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    if name != "forbidden":  # which tells nobody's data: the reader is not known
        assert {"no-store", "private"} <= set(re.split(r",\s*", response.get("Cache-Control", "")))


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_holds_no_script_or_style_that_its_policy_refuses(
    name: str, shown: Shown, reader: Client
) -> None:
    page = reader.get(ADDRESSES[name](shown)).content.decode()

    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=[\"']", page)
    assert not re.search(r"\shx-on|\sjs:", page)
    assert "javascript:" not in page


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_names_no_other_host(name: str, shown: Shown, reader: Client) -> None:
    page = reader.get(ADDRESSES[name](shown)).content.decode()

    links = re.findall(r"\s(?:href|src|action|hx-get|hx-post|data-[\w-]*url)=\"([^\"]*)\"", page)
    assert links or name == "report_job_status"
    assert [link for link in links if urlsplit(link).netloc or urlsplit(link).scheme] == []


def test_session_and_token_cookies_are_out_of_reach_of_script(shown: Shown) -> None:
    user = shown.cast.people.coordinator
    user.set_password("Mot-mat-khau-dai-9")
    user.save()
    browser = Client()
    browser.get(reverse("account_login"))
    browser.post(reverse("account_login"), {"login": user.email, "password": "Mot-mat-khau-dai-9"})

    for name in ("session", "csrf"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"


# --- weight ---------------------------------------------------------------------------------------------------


@pytest.fixture
def thanh_hoa(all_areas: LoadSummary) -> User:
    """Files and coordinates in the province with the most communes, of the old map and of the new."""
    call_command("load_catalogue", verbosity=0)
    police: Agency = agency("provincial_police", "38")
    user = person("thanh.hoa@example.vn", (Role.COORDINATOR, police), (Role.FILING_OFFICER, police))
    province = police.area
    day = dt.date(2020, 3, 5)
    for number in range(30):
        file_activity(
            actor=user,
            submission_key=uuid.uuid4(),
            kind=ActivityKind.COMMUNICATION,
            title=f"Tuyên truyền phòng, chống mua bán người cho phụ nữ vùng biên, đợt {number}",
            agency=police,
            area=province,
            started_on=day,
            ended_on=day,
            quantities=[Quantity(measure, parse_figure("trên 6.770")) for measure in list(Measure)[:5]],
        )
    return user


@pytest.mark.parametrize(
    "name",
    [
        *("home", "activity_list", "activity_new", "activity_edit", "activity_copy"),
        *("report_list", "report_new"),
        *("statement_list", "model_list", "model_new"),
    ],
)
def test_a_page_of_the_largest_province_is_light(
    name: str, thanh_hoa: User, signed_in: SignedIn, record_property: Callable[[str, object], None]
) -> None:
    args = (
        [Activity.objects.visible_to(thanh_hoa)[0].pk] if name in ("activity_edit", "activity_copy") else []
    )
    page = signed_in(thanh_hoa).get(reverse(name, args=args)).content.decode()

    record_property("bytes", _weight(page))
    assert _weight(page) < HEAVIEST, f"{name}: {_weight(page)}"


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name != "report_job_status"])
def test_a_page_is_light_even_where_no_proxy_compresses_it(name: str, shown: Shown, reader: Client) -> None:
    page = reader.get(ADDRESSES[name](shown)).content.decode()

    assert _weight(page) < HEAVIEST


def _weight(page: str) -> int:
    """Bytes of a page with all it loads; style sheets and scripts go out compressed, pages do not.

    Pictures of the help are loaded when somebody opens them.
    """
    page_at_first = re.sub(r'<img [^>]*loading="lazy"[^>]*>', "", page)
    parts = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page_at_first))
    assert parts
    weight = len(page.encode())
    for part in parts:
        path = finders.find(part)
        assert isinstance(path, str), part
        weight += len(gzip.compress(Path(path).read_bytes()))
    return weight


# --- every role -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*Role.values, "nobody"])
def test_every_link_a_role_is_shown_leads_somewhere(role: str, shown: Shown, signed_in: SignedIn) -> None:
    user = User.objects.create_user("ai.do@example.vn", full_name="Ai Đó")
    user.password = "argon2$never$checked"  # whoever has none is sent to choose one
    user.save()
    if role != "nobody":
        of = shown.cast.agencies
        where: Any = (
            of.bat_xat_police if role in (Role.FILING_OFFICER, Role.HEAD_OF_UNIT) else of.lao_cai_police
        )
        Membership.objects.create(
            user=user, role=role, agency=where, area=where.area, valid_from=dt.date(2004, 1, 1)
        )
    shown.fill(activities=30, reports=2)
    reader = signed_in(user)
    seen: dict[str, int] = {}
    waiting = [reverse("home")]
    while waiting and len(seen) < 80:
        address = waiting.pop(0)
        if address in seen:
            continue
        response = reader.get(address)
        seen[address] = response.status_code
        if response.headers.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'<a [^>]*href="([^"#]+)"', response.content.decode())
            path = urlsplit(address).path
            waiting += [
                (path + link if link.startswith("?") else link).replace("&amp;", "&")
                for link in links
                if not link.startswith("/static/")
            ]

    # Who is signed in is led on from the page of signing in.
    led_on = {address for address in seen if address.startswith(reverse("account_login"))}
    assert {seen[address] for address in led_on} <= {302}
    assert {
        address: status for address, status in seen.items() if status != 200 and address not in led_on
    } == {}
