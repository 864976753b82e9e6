"""People at their browsers, through the proxy and TLS."""

from __future__ import annotations

import http.client
import re
import ssl
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from benchmarks.forms import form_of

OFFICER, PASSWORD = "officer@example.vn", "Mot-mat-khau-dai-9"
CERTIFICATE = "/etc/portal/tls/fullchain.pem"
AGENCY = "51-provincial_police"
REPORT_WITHIN = 120.0


def make_officer() -> str:
    """A line for the shell that makes a person who may file and ask for reports, as an invitation does."""
    code = (
        "from accounts.models import Membership, Role, User; from territory.models import Agency; "
        "from django.utils import timezone; "
        f"agency = Agency.objects.get(code='{AGENCY}'); "
        f"person = User.objects.create_user('{OFFICER}', full_name='Cán bộ thử', password='{PASSWORD}'); "
        "[Membership.objects.create(user=person, role=role, agency=agency, area=agency.area, "
        "valid_from=timezone.localdate()) for role in (Role.FILING_OFFICER, Role.COORDINATOR)]"
    )
    return f'runuser -u portal -- .venv/bin/python manage.py shell --command "{code}"'


class Office:
    """One person's browser. It trusts the certificate of the guide, and no other."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._trusted = ssl.create_default_context(cafile=CERTIFICATE)
        self._cookies: dict[str, str] = {}

    def set_first_password(self, link: str) -> None:
        """Open the link of the first administrator and set a password there."""
        page = self._get(urlsplit(link).path)
        where, _text = self._post(
            page.path, dict(form_of(page.text, field="password1")), password1=PASSWORD, password2=PASSWORD
        )
        _expect("/accounts/" in where or where == "/", f"the first password led to {where!r}")

    def sign_in(self, email: str, password: str) -> None:
        page = self._get("/accounts/login/")
        fields = dict(form_of(page.text, "/accounts/login/"))
        where, _text = self._post("/accounts/login/", fields, login=email, password=password)
        _expect(bool(where) and "login" not in where, f"{email} was led to {where!r}")

    def file_activity(self) -> None:
        page = self._get("/activities/new/")
        fields = dict(form_of(page.text, field="submission_key"))
        figures = {"quantities-TOTAL_FORMS": "1", "quantities-INITIAL_FORMS": "0"}
        figures |= {"quantities-0-measure": "attendances", "quantities-0-figure": "40"}
        today = time.strftime("%Y-%m-%d")
        where, text = self._post(
            "/activities/new/",
            {name: value for name, value in fields.items() if name != "discard"} | figures,
            kind="communication",
            title="Tuyên truyền tại bản",
            started_on=today,
            ended_on=today,
            state="submitted",
        )
        _expect(bool(where), f"the activity was refused: {_errors(text)}")

    def make_report(self) -> int:
        """Ask for a report and wait until it can be opened. Returns how many bytes its PDF has."""
        fields = dict(form_of(self._get("/reports/new/").text, field="request_key"))
        where, text = self._post(
            "/reports/new/", fields, kind="six_month", period=f"{time.strftime('%Y')}-H1"
        )
        _expect("/reports/" in where, f"the report was refused: {_errors(text)}")
        end = time.monotonic() + REPORT_WITHIN
        while True:
            found = re.findall(r"/reports/[0-9a-f-]{36}/report\.pdf", self._get(where).text)
            if found:
                break
            _expect(time.monotonic() < end, f"no report came in {REPORT_WITHIN:.0f} s")
            time.sleep(1)
        file = self._get(found[0])
        _expect(file.body.startswith(b"%PDF"), "the report is no PDF")
        return len(file.body)

    def _get(self, path: str) -> _Page:
        for _ in range(5):
            page = self._ask("GET", path, None)
            if not page.location:
                _expect(page.status == 200, f"{path}: {page.status}")
                return page
            path = urlsplit(page.location).path
        raise LookupError(f"{path} leads on and on")

    def _post(self, path: str, fields: dict[str, str], **typed: str) -> tuple[str, str]:
        """Send a form. Returns where it leads (nothing, where it is shown again) and the page."""
        page = self._ask("POST", path, urlencode(fields | typed).encode())
        return urlsplit(page.location).path, page.text

    def _ask(self, method: str, path: str, body: bytes | None) -> _Page:
        line = http.client.HTTPSConnection(self._host, timeout=60, context=self._trusted)
        headers = {"Referer": f"https://{self._host}{path}", "Accept-Language": "en"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        page = _Page(path, answer.status, answer.headers["Location"] or "", answer.read())
        for cookie in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                _expect(bool(morsel["secure"]), f"the cookie {name} would go over HTTP")
                self._cookies[name] = morsel.value
        line.close()
        return page


class _Page:
    def __init__(self, path: str, status: int, location: str, body: bytes) -> None:
        self.path, self.status, self.location, self.body = path, status, location, body

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def _errors(text: str) -> list[str]:
    return re.findall(r'class="(?:field-error|error-summary|message)[^>]*>(.{0,300})', text, re.DOTALL)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise LookupError(otherwise)
