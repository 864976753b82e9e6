"""What is measured over HTTP: who asks for what, the floor of it, the goal, and how both answers are compared."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from accounts.models import Membership, Role
from benchmarks.forms import form_of
from benchmarks.portal import Answer, Browser
from incidents.models import Case
from programs.models import Activity
from reporting.models import FormKind, Obligation, Submission, SubmissionVersion
from reporting.search import seal_query
from territory.models import Agency, Area, Level
from territory.period import due_date, parse_period
from tests.signing_in import session_of

_WHY = "the benchmark looks for what to ask"
PERIODS = ("2023-H1", "2024-H1")
#: What opens a submission needs one that nobody has begun, each time.
_ANNUAL_YEARS = range(2017, 2026)

Ask = Callable[[], Answer]
Cells = Callable[[Answer], Any]


@dataclass(frozen=True)
class Path:
    """One path. ``ask`` asks the portal and ``floor`` the bare view; ``cells`` and ``floor_cells`` read their answers.

    Without ``cells`` the answers are not compared. ``goal`` is in floors of the list of records, or with
    ``goal_of_own`` in floors of its own; ``most`` is the goal of statements. ``times`` are requests a run.
    """

    name: str
    ask: Ask
    floor: Ask | None = None
    cells: Cells | None = None
    floor_cells: Cells | None = None
    goal: float | None = None
    most: int | None = None
    times: int = 10
    warm_up: int = 4


def _rows(answer: Answer) -> list[Any]:
    return list(json.loads(answer.body)["rows"])


def _ids(answer: Answer) -> list[int]:
    """The activities that a list shows, in order."""
    return list(dict.fromkeys(int(pk) for pk in re.findall(r'href="/activities/(\d+)/"', answer.text)))


def _first_column(answer: Answer) -> list[Any]:
    return [row[0] for row in _rows(answer)]


def _record(one: dict[str, Any]) -> list[Any]:
    figures = [f"{each['measure']} {int(each['low'])}" for each in one["quantities"]]
    names = [one["agency"]["name"], one["area"]["name"]]
    return [one["id"], one["title"], one["ended_on"], *names, one["kind"], figures]


@dataclass
class World:
    """Who asks and what for, in the province of Kon Tum with its ten districts."""

    port: int
    passwords: dict[str, str]
    province: Area = field(init=False)
    district: Area = field(init=False)

    def __post_init__(self) -> None:
        self.province = Area.objects.find("62", dt.date(2020, 1, 1), Level.PROVINCE)
        self.district = self.province.children.order_by("pk")[0]
        self.browsers: dict[str, Browser] = {}

    def browser(self, role: Role, of: str = "62") -> Browser:
        """The signed-in browser of who holds the role there."""
        email = self.email(role, of)
        if email not in self.browsers:
            self.browsers[email] = Browser(self.port)
            session = session_of(self.membership(role, of).user)
            self.browsers[email].cookies[settings.SESSION_COOKIE_NAME] = session
        return self.browsers[email]

    def membership(self, role: Role, of: str = "62") -> Membership:
        held: Membership = (
            Membership.objects.select_related("user", "agency")
            .filter(role=role, area__code=of)
            .order_by("valid_from")[0]
        )
        return held

    def email(self, role: Role, of: str = "62") -> str:
        return str(self.membership(role, of).user.email)

    def paths(self) -> list[Path]:
        return [
            *self._records(),
            *self._writes(),
            *self._pages(),
            *self._submissions(),
        ]

    # --- what is asked

    def _get(self, browser: Browser, address: str, **asked: Any) -> Ask:
        query = f"?{urlencode(asked, doseq=True)}" if asked else ""

        def ask() -> Answer:
            answer = browser.get(address + query, **{"X-Statements": "1"})
            assert answer.status == 200, (address, query, answer.status)
            return answer

        return ask

    def bare_list(self) -> Ask:
        """The floor that goals are told in."""
        return self._get(self.browser(Role.COORDINATOR), "/floor/list/", province=self.province.pk)

    def _floor(self, name: str, **asked: Any) -> Ask:
        asked = {"province": self.province.pk, **asked}
        return self._get(self.browser(Role.COORDINATOR), f"/floor/{name}/", **asked)

    @property
    def _half(self) -> dict[str, Any]:
        period = parse_period(PERIODS[1])
        return {"district": self.district.pk, "first": period.start, "last": period.end}

    @property
    def _filtered(self) -> dict[str, Any]:
        period = parse_period(PERIODS[1])
        return {"area": self.district.pk, "ended_from": period.start, "ended_to": period.end}

    def _records(self) -> list[Path]:
        reader = self.browser(Role.COORDINATOR)
        one = (
            Activity.objects.unscoped(_WHY)
            .filter(province=self.province, state="approved")
            .order_by("-pk")[0]
        )

        def listed(answer: Answer) -> Any:
            return [_record(each) for each in json.loads(answer.body)["results"]]

        def single(answer: Answer) -> Any:
            return [_record(json.loads(answer.body))]

        return [
            Path(
                "record list API, 50 rows",
                self._get(reader, "/api/v1/activities/"),
                self._floor("records"),
                listed,
                _rows,
                goal=2.0,
                most=4,
            ),
            Path(
                "record list API, district and half-year",
                self._get(reader, "/api/v1/activities/", **self._filtered),
                self._floor("records-filtered", **self._half),
                listed,
                _rows,
                goal=2.2,
                most=4,
            ),
            Path(
                "record detail API",
                self._get(reader, f"/api/v1/activities/{one.pk}/"),
                self._floor("record", id=one.pk),
                single,
                _rows,
                goal=1.5,
                most=4,
            ),
        ]

    def _writes(self) -> list[Path]:
        writer = self.browser(Role.FILING_OFFICER)
        agency = self.membership(Role.FILING_OFFICER).agency
        sent = {
            "kind": "communication",
            "title": "Tuyên truyền đo tốc độ",
            "agency": agency.pk,
            "area": self.province.pk,
            "started_on": "2025-01-05",
            "ended_on": "2025-01-06",
            "quantities": [{"measure": "attendances", "as_reported": "45", "women": 20}],
        }

        def post() -> Answer:
            answer = writer.send("/api/v1/activities/", json.dumps(sent), writer.cookies["csrf"])
            assert answer.status == 201, (answer.status, answer.text[:300])
            return answer

        form = dict(form_of(writer.get("/activities/new/").text, field="submission_key"))
        form |= {"kind": "communication", "title": "Tuyên truyền đo tốc độ", "agency": str(agency.pk)}
        form |= {"started_on": "05/01/2025", "ended_on": "06/01/2025", "state": "submitted"}
        form |= {"narrative": "Tổ chức tại chợ phiên."}

        def save() -> Answer:
            fields = form | {"submission_key": str(uuid.uuid4()), "area": str(self.province.pk)}
            answer = writer.post("/activities/new/", list(fields.items()), **{"X-Statements": "1"})
            assert answer.status == 302, (
                answer.status,
                re.findall(r"field-error[^>]*>([^<]+)", answer.text),
            )
            return answer

        return [
            Path("POST of an activity, API", post, goal=2.0, most=9),
            Path("activity form, save", save),
        ]

    def _pages(self) -> list[Path]:
        reader = self.browser(Role.COORDINATOR)
        officer = self.browser(Role.FILING_OFFICER)
        one = (
            Activity.objects.unscoped(_WHY)
            .filter(province=self.province, state="approved")
            .order_by("-pk")[0]
        )
        agency = self.membership(Role.INVESTIGATOR).agency
        case = Case.objects.unscoped(_WHY).filter(agency=agency).order_by("-pk")[0]
        email = self.email(Role.COORDINATOR)
        visitor = Browser(self.port)

        def sign_in() -> Answer:
            visitor.cookies.clear()
            return visitor.sign_in(email, self.passwords[email])

        def checked() -> Answer:
            return visitor.post("/floor/sign-in/", [("login", email), ("password", self.passwords[email])])

        searched = seal_query("tuan tra bien gioi 777", user=self.membership(Role.COORDINATOR).user)
        return [
            Path("sign-in", sign_in, checked, times=5, warm_up=2),
            Path("home", self._get(officer, "/")),
            Path(
                "activity list, first page",
                self._get(reader, "/activities/"),
                self._floor("page"),
                _ids,
                _first_column,
                goal=4.0,
                most=6,
            ),
            Path(
                "activity list, district and half-year",
                self._get(reader, "/activities/", **self._filtered),
                self._floor("page-filtered", **self._half),
                _ids,
                _first_column,
                goal=4.0,
                most=6,
            ),
            Path(
                "activity list, search",
                self._get(reader, "/activities/", q="tuan tra 777"),
                self._floor("page-searched"),
                _ids,
                _first_column,
                goal=4.0,
                most=6,
            ),
            Path(
                "activity list, totals",
                self._get(reader, "/activities/totals/", **self._filtered),
                self._floor("totals", **self._half),
            ),
            Path("activity page", self._get(reader, f"/activities/{one.pk}/"), goal=3.0, most=8),
            Path(
                "case page",
                self._get(self.browser(Role.INVESTIGATOR), f"/incidents/cases/{case.pk}/"),
                self._floor("case", id=case.pk),
                lambda answer: re.findall(case.code, answer.text)[:1],
                _first_column,
                goal=3.0,
                most=8,
            ),
            Path("search, one row in a thousand", self._get(reader, "/search/", s=searched)),
        ]

    def _submissions(self) -> list[Path]:
        """A submission from the first opening to the sending; each run works on another obligation."""
        held = self.membership(Role.FILING_OFFICER)
        writer, head = self.browser(Role.FILING_OFFICER), self.browser(Role.HEAD_OF_UNIT)
        owed = self._owed(held.agency)
        fresh = {name: iter(owed) for name in ("open", "save", "submit")}

        def step(browser: Browser, name: str, step: str) -> Answer:
            address = f"/obligations/{next(fresh[name])}/submission/"
            page = browser.get(address).text
            fields = form_of(page, field="csrfmiddlewaretoken" if name == "open" else "text:situation")
            told = [
                (key, value or ("Đã rà soát." if key.startswith(("text:", "word:")) else ""))
                for key, value in fields
            ]
            answer = browser.post(address, [*told, ("step", step)], **{"X-Statements": "1"})
            assert answer.status == 302, (
                name,
                answer.status,
                re.findall(r'role="alert".{0,300}', answer.text, re.S),
            )
            return answer

        return [
            Path("submission, open", lambda: step(writer, "open", "open"), times=1, warm_up=2),
            Path("submission, save", lambda: step(writer, "save", "save"), times=1, warm_up=2),
            Path("submission, submit", lambda: step(head, "submit", "submit"), times=1, warm_up=2),
        ]

    def _owed(self, agency: Agency) -> list[int]:
        """Annual obligations that nobody has answered; those of an earlier run are made anew."""
        of_agency = Obligation.objects.unscoped(_WHY).filter(agency=agency, form_id=FormKind.ANNUAL.value)
        said = Submission.objects.filter(obligation__in=of_agency)
        SubmissionVersion.objects.filter(submission__in=said).delete()
        said.delete()
        of_agency.delete()
        made = []
        for year in _ANNUAL_YEARS:
            period = parse_period(str(year))
            row = Obligation.objects.create(
                form_id=FormKind.ANNUAL.value,
                agency=agency,
                area=self.province,
                period_code=period.code,
                period_start=period.start,
                period_end=period.end,
                period_rule=period.rule.value,
                due_on=due_date(period, 5),
                is_demo=True,
            )
            made.append(row.pk)
        return made
