"""The four victims of Bắc Kạn in the demonstration: supported, and nowhere in the report but as a figure."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import ReadEvent, User
from accounts.row_scope import row_scope
from tests.conftest import SignedIn
from victims.models import CaseExport, SupportService, Victim

pytestmark = [pytest.mark.django_db]


def test_four_are_supported_in_bac_kan_and_loading_again_doubles_nobody(
    demo: None, signed_in: SignedIn
) -> None:
    call_command("load_demo", verbosity=0)
    everybody = Victim.objects.unscoped("a test").filter(agency__code="06-labour")

    assert everybody.count() == 4
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


def test_one_export_is_made_and_one_waits_and_loading_again_doubles_neither(
    demo: None, signed_in: SignedIn
) -> None:
    call_command("load_demo", verbosity=0)
    exports = CaseExport.objects.unscoped("a test").order_by("standard")

    assert list(exports.values_list("standard", "state")) == [("htcds", "ready"), ("ic_tip", "asked")]
    made = exports[0]
    assert made.loss["considered"] == 30 and made.file.stored
    assert ReadEvent.objects.filter(how="export", record__startswith="victims.victim:").count() == 30
    head = signed_in(User.objects.get(email="lanh-dao.laocai-moi@demo.example"))
    waiting = head.get(reverse("case_export_detail", args=[exports[1].key]))
    assert waiting.context["is_answerer"]
    coordinator = signed_in(User.objects.get(email="dieu-phoi.laocai-moi@demo.example"))
    assert coordinator.get(reverse("case_export_file", args=[made.key])).status_code == 200
