"""The demonstration's recommendations and models: addressed, one answered, what is invented says so."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from programs.models import ModelAssessment, PreventionModel, Recommendation
from tests.conftest import SignedIn
from tests.reporting.records import _Silent
from tests.reporting.test_demo_register import signed

INVENTED = "(Minh họa, không có trong nguồn.)"


@pytest.mark.usefixtures("demo")
def test_recommendations_have_an_addressee_and_invented_rows_say_so(signed_in: SignedIn) -> None:
    call_command("load_demo", verbosity=0, stdout=_Silent())
    asked = Recommendation.objects.unscoped("test").filter(area__code="06").order_by("order")
    assert [row.addressed_to.name for row in asked if row.addressed_to] == [
        "Bộ Lao động - Thương binh và Xã hội"
    ] * 3
    assert [row.state for row in asked] == ["sent", "accepted", "sent"]
    assert asked[1].answer.startswith(INVENTED)

    models = PreventionModel.objects.unscoped("test")
    assert models.count() == 3
    assert all(model.is_demo and model.description.startswith(INVENTED) for model in models.all())
    assert ModelAssessment.objects.get().text.startswith(INVENTED)
    _user, reader = signed(signed_in, "dieu-phoi.laocai@demo.example")
    page = reader.get(reverse("model_list")).content.decode()  # type: ignore[attr-defined]
    assert page.count("Tổ tự quản đường biên") == 2
    _user, reader = signed(signed_in, "can-bo.backan@demo.example")
    page = reader.get(reverse("statement_list")).content.decode()  # type: ignore[attr-defined]
    assert "5 statements" in page
