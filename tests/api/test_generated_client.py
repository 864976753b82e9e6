"""A client that openapi-python-client makes of the description of the API, as a consumer would, works."""

from __future__ import annotations

import datetime as dt
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.keys import make_key, show_secret
from accounts.models import KeyScope, Role, User
from reporting.services.releases import release_statistics
from territory.models import Area
from tests.cast import make_cast, person
from tests.reporting.records import case, load_catalogue

pytestmark = pytest.mark.django_db(transaction=True)
#: Files come as they are: the generator knows one type for all of them.
CONFIG = """
http_timeout: 60
content_type_overrides:
  application/pdf: application/octet-stream
  application/vnd.openxmlformats-officedocument.wordprocessingml.document: application/octet-stream
"""


def generated(schema_url: str, folder: Path) -> None:
    """Make the package ``portal_client`` in the folder. Whatever the generator complains of fails the test."""
    config = folder / "client.yaml"
    config.write_text(CONFIG)
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--url", schema_url]
        + ["--config", str(config), "--meta", "none", "--output-path", str(folder / "portal_client")],
        capture_output=True,
        text=True,
        timeout=240,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder)},
    )
    told = made.stdout + made.stderr
    assert made.returncode == 0, told
    assert "WARNING" not in told.upper(), told


def secret(administrator: User, area: Area | None = None) -> str:
    key = make_key(
        actor=administrator,
        consumer="Sở Thông tin và Truyền thông",
        scopes=[KeyScope.STATISTICS],
        expires_on=dt.date.today() + dt.timedelta(days=30),
        area=area,
    )
    return show_secret(key=key, actor=administrator)


def test_a_generated_client_reads_a_figure_of_its_province_and_the_marker_of_what_is_withheld(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    load_catalogue()
    case(cast.agencies.kon_tum_police, cast.map.kon_tum, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=dt.date(2021, 5, 5))
    of_kon_tum = person("a.dieu@example.vn", (Role.ADMINISTRATOR, cast.agencies.kon_tum_police))
    generated(f"{live_server.url}/api/v1/schema/?format=json", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("portal_client")
    statistics = importlib.import_module("portal_client.api.statistics.statistics")

    def figure(key: str, period: str) -> Any:
        asking = client.AuthenticatedClient(base_url=live_server.url, token=key, prefix="Api-Key")
        answer = statistics.sync(client=asking, indicator="cases_prosecuted", area="62", period=period)
        (row,) = answer.data
        return row

    own = figure(secret(of_kon_tum, cast.map.kon_tum), "2020-H1")
    withheld = figure(secret(cast.people.administrator), "2020")

    assert (own.value, own.status.value, own.area.name) == (1.0, "reported", "Tỉnh Kon Tum")
    assert (withheld.value, withheld.status.value, withheld.disclosure.value) == (
        None,
        "suppressed",
        "withheld",
    )
