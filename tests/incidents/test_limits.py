"""Time limits are data that an administrator changes on a page."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from incidents.models import DeadlineRule, DeadlineStep
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import Investigators, tip

NEW = {
    "step": "first",
    "valid_from": "01/03/2021",
    "days": "30",
    "counted_from": "receipt",
    "legal_basis": "Điều 147 (sửa đổi)",
}


def test_an_administrator_writes_a_new_limit_and_tips_follow_it_from_its_day_on(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.administrator)
    assert browser.post(reverse("limit_rule_new"), NEW).status_code == 302

    of, here = cast.agencies.lao_cai_police, cast.map.bat_xat
    before = tip(who.own, of, here, on=dt.date(2021, 2, 28))
    after = tip(who.own, of, here, on=dt.date(2021, 3, 1))
    assert (before.due_on, after.due_on) == (dt.date(2021, 3, 22), dt.date(2021, 3, 31))
    ended = DeadlineRule.objects.filter(step=DeadlineStep.FIRST, valid_to=dt.date(2021, 2, 28))
    assert ended.count() == 1
    assert "Điều 147 (sửa đổi)" in browser.get(reverse("limit_rules")).content.decode()


def test_a_limit_in_days_and_months_or_before_the_last_one_is_refused(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.administrator)
    rules = DeadlineRule.objects.count()
    both = browser.post(reverse("limit_rule_new"), {**NEW, "months": "2"})
    early = browser.post(reverse("limit_rule_new"), {**NEW, "valid_from": "01/01/2018"})

    assert (both.status_code, early.status_code) == (422, 422)
    assert "Give the limit in days or in months." in both.content.decode()
    assert "holds since 01/01/2018" in early.content.decode()
    assert DeadlineRule.objects.count() == rules
