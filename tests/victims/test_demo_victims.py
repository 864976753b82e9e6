"""The four victims of Bắc Kạn in the demonstration: supported, and nowhere in the report but as a figure."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from accounts.row_scope import row_scope
from tests.conftest import SignedIn
from victims.models import SupportService, Victim

pytestmark = [pytest.mark.django_db]


def test_four_are_supported_in_bac_kan_and_loading_again_doubles_nobody(
    demo: None, signed_in: SignedIn
) -> None:
    call_command("load_demo", verbosity=0)
    everybody = Victim.objects.unscoped("a test")

    assert everybody.count() == 4
    assert {victim.agency.code for victim in everybody.select_related("agency")} == {"06-labour"}
    assert sorted(everybody.values_list("support__state", flat=True)) == [
        "closed",
        "closed",
        "closed",
        "open",
    ]
    assert SupportService.objects.count() == 10
    worker = User.objects.get(email="ho-tro.backan@demo.example")
    browser = signed_in(worker)
    shown = browser.get(reverse("victim_list")).content.decode()
    assert shown.count("NN-") == 8, "each code once as a link, once as its words"
    assert "Thử Nghiệm Một" not in shown
    with row_scope(User.objects.get(email="ho-tro.kontum@demo.example")) as scope:
        assert not Victim.objects.visible_to(scope.user).exists()
