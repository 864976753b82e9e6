"""Keys of the API: shown once, kept as a digest, good for what they open, from where, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.keys import make_key, revoke_key, show_secret
from accounts.models import ApiKey, ApiUse, AuditEvent, KeyScope
from reporting.services.releases import release_statistics
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.register import make_register
from tests.reporting.records import case, load_catalogue

pytestmark = pytest.mark.django_db

STATISTICS = "/api/v1/statistics/?indicator=cases_prosecuted&area=62&period=2020"
DOCUMENTS = "/api/v1/documents/"


def until(days: int = 30) -> dt.date:
    return dt.date.today() + dt.timedelta(days=days)


def made(cast: Cast, *scopes: KeyScope, **given: Any) -> ApiKey:
    fields = {"consumer": "Trang dữ liệu mở", "scopes": scopes, "expires_on": until(), **given}
    return make_key(actor=cast.people.administrator, **fields)


def taken(cast: Cast, *scopes: KeyScope, **given: Any) -> str:
    """A new key, and its secret as the one who may see it sees it."""
    key = made(cast, *scopes, **given)
    holder = key.membership.user if key.membership else cast.people.administrator
    return show_secret(key=key, actor=holder)


def ask(secret: str, address: str = STATISTICS, **more: Any) -> Any:
    return Client().get(address, headers={"Authorization": f"Api-Key {secret}"}, **more)


def of_officer(cast: Cast) -> Any:
    return cast.people.filing_officer.memberships.get()


def test_a_key_of_the_province_reads_true_figures_and_an_open_one_the_marker(cast: Cast) -> None:
    load_catalogue()
    for _case in range(3):
        case(cast.agencies.kon_tum_police, cast.map.kon_tum, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=dt.date(2021, 5, 5))
    key = ApiKey.objects.create(
        consumer="Kon Tum",
        prefix="kontum22",
        scopes=["statistics"],
        area=cast.map.kon_tum,
        expires_on=until(),
        made_by=cast.people.administrator,
    )
    own = ask(show_secret(key=key, actor=cast.people.administrator)).json()["data"][0]
    open_one = ask(taken(cast, KeyScope.STATISTICS)).json()["data"][0]

    assert (own["value"], own["status"], own["disclosure"]) == (3, "reported", None)
    assert (open_one["value"], open_one["status"], open_one["disclosure"]) == (None, "suppressed", "withheld")


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(cast: Cast, signed_in: SignedIn) -> None:
    key = made(cast, KeyScope.STATISTICS)
    browser = signed_in(cast.people.administrator)
    page = browser.post(reverse("api_key_secret", args=[key.key]))
    secret = page.context["secret"]
    again = browser.post(reverse("api_key_secret", args=[key.key]), follow=True)

    assert secret.startswith(f"pcmbn_{key.prefix}_")
    assert "no-store" in page["Cache-Control"]
    assert secret not in again.content.decode()
    key.refresh_from_db()
    assert secret not in str(ApiKey.objects.values().get()) and len(key.digest) == 64
    told = list(AuditEvent.objects.filter(about=f"accounts.apikey:{key.pk}").values_list("kind", flat=True))
    assert sorted(told) == ["key_made", "key_shown"]


def test_a_key_that_is_unknown_revoked_or_ended_opens_nothing(cast: Cast) -> None:
    load_catalogue()
    secret = taken(cast, KeyScope.STATISTICS)
    assert ask(secret).status_code == 200
    for wrong in ("", "pcmbn_", secret[:-1], secret[:-1] + ("a" if secret[-1] != "a" else "b"), "x" * 5000):
        refused = ask(wrong)
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Api-Key")

    key = ApiKey.objects.get()
    ApiKey.objects.update(expires_on=dt.date.today() - dt.timedelta(days=1))
    assert ask(secret).status_code == 401
    ApiKey.objects.update(expires_on=until())
    revoke_key(key=key, actor=cast.people.administrator)
    assert ask(secret).status_code == 401


def test_a_key_opens_only_what_it_was_made_for(cast: Cast) -> None:
    load_catalogue()
    statistics = taken(cast, KeyScope.STATISTICS)
    reports = taken(cast, KeyScope.REPORTS, area=cast.map.lao_cai)
    records = taken(cast, KeyScope.RECORDS_READ, membership=of_officer(cast))

    assert [ask(each, STATISTICS).status_code for each in (statistics, reports, records)] == [200, 403, 403]
    assert [ask(each, "/api/v1/reports/").status_code for each in (statistics, reports, records)] == [
        403,
        200,
        403,
    ]
    assert [ask(each, DOCUMENTS).status_code for each in (statistics, reports, records)] == [403, 403, 200]


def test_a_key_for_records_does_what_its_membership_may_and_no_more(cast: Cast) -> None:
    register = make_register(cast)
    secret = taken(cast, KeyScope.RECORDS_READ, membership=of_officer(cast))
    listed = {row["id"] for row in ask(secret, DOCUMENTS).json()["results"]}
    written = Client().post(
        DOCUMENTS, {}, content_type="application/json", headers={"Authorization": f"Api-Key {secret}"}
    )

    assert listed == {register["plan"], register["own_plan"], register["letter"]}
    assert written.status_code == 403
    of_officer(cast)
    cast.people.filing_officer.memberships.update(valid_to=dt.date.today() - dt.timedelta(days=1))
    assert ask(secret, DOCUMENTS).status_code == 401


def test_the_secret_of_a_key_for_records_is_its_holders_and_not_the_administrators(cast: Cast) -> None:
    key = made(cast, KeyScope.RECORDS_READ, membership=of_officer(cast))

    with pytest.raises(PermissionDenied):
        show_secret(key=key, actor=cast.people.administrator)
    assert show_secret(key=key, actor=cast.people.filing_officer)


def test_a_key_is_good_from_its_networks_only(cast: Cast, settings: Any) -> None:
    load_catalogue()
    secret = taken(cast, KeyScope.STATISTICS, networks=["203.0.113.0/24", "2001:db8::/32"])

    assert ask(secret, REMOTE_ADDR="203.0.113.7").status_code == 200
    assert ask(secret, REMOTE_ADDR="198.51.100.7").status_code == 401
    assert ask(secret, HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 401
    settings.TRUSTED_PROXIES = 1
    assert ask(secret, HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.7").status_code == 200
    assert ask(secret, HTTP_X_FORWARDED_FOR="203.0.113.7, 198.51.100.7").status_code == 401


def test_a_key_is_slowed_by_itself_and_told_what_is_left(cast: Cast) -> None:
    load_catalogue()
    secret = taken(cast, KeyScope.STATISTICS, per_minute=2)
    other = taken(cast, KeyScope.STATISTICS)
    answers = [ask(secret) for _request in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    assert answers[0]["RateLimit-Limit"] == "2"
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert ask(other).status_code == 200
    use = ApiUse.objects.get(key__per_minute=2)
    assert (use.requests, use.refused) == (3, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["records_read"]}, "membership"),
        ({"expires_on": dt.date(2020, 1, 1)}, "expires_on"),
        ({"expires_on": dt.date.today() + dt.timedelta(days=400)}, "expires_on"),
        ({"per_minute": 0}, "per_minute"),
        ({"networks": ["everywhere"]}, "networks"),
        ({"networks": ["10.0.0.0/8"] * 21}, "networks"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_field(cast: Cast, given: dict[str, Any], field: str) -> None:
    fields = {"consumer": "Ai đó", "scopes": ["statistics"], "expires_on": until(), **given}
    with pytest.raises(ValidationError) as refused:
        make_key(actor=cast.people.administrator, **fields)

    assert list(refused.value.error_dict) == [field]


def test_an_administrator_makes_no_key_for_another_province(cast: Cast) -> None:
    far = cast.people.stranger.memberships.get()
    with pytest.raises(PermissionDenied):
        made(cast, KeyScope.STATISTICS, area=cast.map.kon_tum)
    with pytest.raises(PermissionDenied):
        made(cast, KeyScope.RECORDS_READ, membership=far)
    with pytest.raises(PermissionDenied):
        make_key(
            actor=cast.people.coordinator,
            consumer="Ai đó",
            scopes=[KeyScope.STATISTICS],
            expires_on=until(),
        )


def test_an_administrator_makes_a_key_on_a_page(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.administrator)
    typed = {
        "consumer": "Cổng dữ liệu mở của tỉnh",
        "scopes": ["statistics", "reports"],
        "area": cast.map.lao_cai.pk,
        "expires_on": until(90).isoformat(),
        "networks": "203.0.113.0/24\n2001:db8::1",
        "per_minute": "60",
    }
    answer = browser.post(reverse("api_key_new"), typed)
    key = ApiKey.objects.get()

    assert answer["Location"] == reverse("api_key", args=[key.key])
    assert (key.scopes, key.area, key.networks) == (
        ["statistics", "reports"],
        cast.map.lao_cai,
        ["203.0.113.0/24", "2001:db8::1/128"],
    )
    refused = browser.post(reverse("api_key_new"), {**typed, "area": cast.map.kon_tum.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["area"])


def test_the_list_of_keys_asks_the_database_as_often_for_one_as_for_twenty(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.people.administrator)
    for number in range(20):
        if number in (1, 19):
            with django_assert_num_queries(4):
                browser.get(reverse("api_keys"))
        made(cast, KeyScope.STATISTICS)
