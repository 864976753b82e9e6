"""What else people and workers do goes through the policies too: as the role that owns nothing."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.row_scope import row_scope
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.conftest import AsPortal
from tests.victims.files import ACCOUNT
from tests.victims.test_field_keys import _key
from tests.victims.test_flows import made_by, page, step, typed_identity
from victims.models import DataRequest, Facility, VictimIdentity


def test_a_file_a_narrative_a_request_and_a_facility_pass_the_policies(
    worker: User, cast: Cast, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    browser = signed_in(worker)
    place = Facility.objects.create(
        name="Cơ sở Thử",
        agency=cast.agencies.lao_cai_labour,
        area=cast.map.lao_cai,
        valid_from=dt.date(2020, 1, 1),
    )
    unit = f"{cast.agencies.lao_cai_labour.pk}-{cast.map.lao_cai.pk}"
    with as_portal():
        with row_scope(worker):  # only so that the test itself sees what the page made
            victim = made_by(browser, worker)
        for text, version in ((ACCOUNT, "0"), (f"{ACCOUNT} Hết.", "1")):
            written = step(browser, victim, "account", text=text, version=version, no_secrets="on")
            assert written.status_code == 302
        assert "Tưởng Tượng" in page(browser, victim)
        assert step(browser, victim, "status", status="suspected", decided_on="01/06/2024").status_code == 302
        typed = {"unit": unit, "kind": "correct", "received_on": "05/03/2024", "code": victim.code}
        assert browser.post(reverse("data_request_new"), typed).status_code == 302
        with row_scope(worker):
            asked = DataRequest.objects.visible_to(worker).get()
        answer = browser.post(
            reverse("data_request_answer", args=[asked.pk]), {"state": "done", "answer": "Đã sửa"}
        )
        assert answer.status_code == 302
        assert browser.post(reverse("facility_edit", args=[place.pk]), {"capacity": "12"}).status_code == 302
        for name in ("victim_list", "facility_list", "data_request_list", "transfer_list", "victim_caseload"):
            assert browser.get(reverse(name)).status_code == 200
        assert worker.full_name in page(browser, victim, "victim_log")


def test_keys_rotate_as_the_portals_role(
    worker: User, signed_in: SignedIn, as_portal: AsPortal, settings: Settings
) -> None:
    browser = signed_in(worker)
    with as_portal():
        with row_scope(worker):
            victim = made_by(browser, worker)
        browser.post(reverse("victim_identity_edit", args=[victim.code]), typed_identity())
        settings.FIELD_KEYS = f"{_key('k2')},{settings.FIELD_KEYS}"
        call_command("rotate_field_keys", verbosity=0)
    assert VictimIdentity.objects.get().key_id == "k2"
