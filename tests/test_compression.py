"""Pages are sent small to browsers that ask for it; what the API gives is sent as it is."""

from __future__ import annotations

import gzip

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

ASKS = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_sent_compressed_to_who_asks_for_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.filing_officer)

    small = browser.get(reverse("home"), headers=ASKS)
    plain = browser.get(reverse("home"))

    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) * 2 < len(gzip.decompress(small.content))
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in small["Vary"]


def test_the_api_is_not_compressed_so_that_its_etag_stays_strong(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.people.filing_officer).get("/api/v1/areas/", headers=ASKS)

    assert "Content-Encoding" not in answer.headers
    assert not answer.get("ETag", "").startswith("W/")
