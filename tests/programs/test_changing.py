"""Changing an activity: only one's own, never over somebody else's change, with a history of it."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.changing import ChangedMeanwhile
from programs.models import Activity
from programs.services import change_activity
from tests.programs.cast import Cast, filed, png, quantity, typed_form
from tests.programs.conftest import SignedIn


def fields_of(activity: Activity, **changed: Any) -> dict[str, Any]:
    names = ("kind", "title", "agency", "area", "started_on", "ended_on", "narrative")
    return {**{name: getattr(activity, name) for name in names}, **changed}


def test_a_change_raises_the_version_and_touches_only_what_differs(cast: Cast) -> None:
    activity = filed(cast, quantity("attendances", "120"), quantity("sessions", "3"))
    kept = activity.quantities.get(measure="sessions").pk
    changed = change_activity(
        activity=activity,
        actor=cast.colleague,
        version=1,
        quantities=[quantity("sessions", "3"), quantity("attendances", "trên 120")],
        **fields_of(activity, title="Tên mới"),
    )

    assert (changed.version, changed.title) == (2, "Tên mới")
    assert changed.quantities.get(measure="sessions").pk == kept
    assert changed.quantities.get(measure="attendances").high is None


def test_a_change_over_somebody_elses_is_refused(cast: Cast) -> None:
    activity = filed(cast)
    change_activity(
        activity=activity, actor=cast.colleague, version=1, **fields_of(activity, title="Của A Phong")
    )
    with pytest.raises(ChangedMeanwhile) as refused:
        change_activity(
            activity=activity, actor=cast.officer, version=1, **fields_of(activity, title="Của tôi")
        )

    assert refused.value.who == cast.colleague
    assert refused.value.version == 2
    activity.refresh_from_db()
    assert activity.title == "Của A Phong"


def test_saving_the_same_again_is_no_change(cast: Cast) -> None:
    activity = filed(cast)
    for _ in range(2):
        change_activity(activity=activity, actor=cast.officer, version=1, **fields_of(activity, title="Mới"))
    activity.refresh_from_db()
    assert activity.version == 2


def test_a_submitted_activity_does_not_become_a_draft_by_a_change(cast: Cast) -> None:
    activity = filed(cast)
    change_activity(
        activity=activity, actor=cast.officer, version=1, state="draft", **fields_of(activity, title="x")
    )
    activity.refresh_from_db()
    assert activity.state == Activity.State.SUBMITTED
    draft = filed(cast, state="draft")
    change_activity(activity=draft, actor=cast.officer, version=1, state="submitted", **fields_of(draft))
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (Activity.State.SUBMITTED, 2)


def test_an_activity_cannot_be_moved_out_of_reach(cast: Cast) -> None:
    activity = filed(cast)
    for changed in ({"agency": cast.bat_xat_police}, {"area": cast.trinh_tuong}):
        with pytest.raises(PermissionDenied):
            change_activity(
                activity=activity, actor=cast.officer, version=1, **fields_of(activity, **changed)
            )
    with pytest.raises(PermissionDenied):
        change_activity(activity=activity, actor=cast.stranger, version=1, **fields_of(activity, title="x"))


def test_the_page_says_who_changed_it_and_keeps_what_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast, quantity("attendances", "120"))
    client, address = signed_in(cast.officer), f"/activities/{activity.pk}/edit/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    change_activity(
        activity=activity, actor=cast.colleague, version=1, **fields_of(activity, title="Của A Phong")
    )

    response = client.post(address, typed_form(cast, version="1", title="Của tôi"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "A Phong changed this activity on" in page
    assert 'value="Của tôi"' in page
    assert 'name="version" value="2"' in page

    assert client.post(address, typed_form(cast, version="2", title="Của tôi")).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Của tôi", 3)


def test_the_edit_form_shows_what_is_stored(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast, quantity("attendances", "trên 6.770", women=40), costs={"local": 12_500_000})
    page = signed_in(cast.colleague).get(f"/activities/{activity.pk}/edit/").content.decode()

    for shown in (
        'value="trên 6.770"',
        'value="40"',
        'value="12.500.000"',
        'value="2020-03-05"',
        activity.title,
    ):
        assert shown in page


def test_files_are_added_and_removed(
    cast: Cast, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    activity = filed(cast)
    client, address = signed_in(cast.officer), f"/activities/{activity.pk}/edit/"
    photo = SimpleUploadedFile("a.png", png())
    assert client.post(address, typed_form(cast, version="1", attachments=[photo])).status_code == 302
    file = activity.attachments.get()
    storage, name = file.file.storage, file.file.name
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        removed = typed_form(cast, version="2", removed_attachments=[str(file.pk)])
        assert client.post(address, removed).status_code == 302
    assert not activity.attachments.exists()
    assert not storage.exists(name)
    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "File removed" in page


def test_the_history_reads_from_what_to_what(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast, quantity("attendances", "120", women=20), costs={"local": 5_000_000})
    change_activity(
        activity=activity,
        actor=cast.colleague,
        version=1,
        quantities=[quantity("attendances", "trên 150", women=30)],
        **fields_of(activity, area=cast.dak_long),
    )
    page = signed_in(cast.officer).get(f"/activities/{activity.pk}/").content.decode()

    assert "A Phong" in page
    assert '<del class="is-removed">Xã Đăk Môn</del> → <ins class="is-added">Xã Đăk Long</ins>' in page
    assert "120 attendances</del> → " in page
    assert "over 150 attendances</ins>" in page
    assert '<del class="is-removed">20</del> → <ins class="is-added">30</ins>' in page
    assert '<del class="is-removed">5,000,000 đ</del>' in page


@pytest.mark.parametrize("page", ["", "edit/"])
def test_a_stranger_finds_nothing(cast: Cast, signed_in: SignedIn, page: str) -> None:
    activity = filed(cast)
    for user in (cast.stranger, cast.district_officer, cast.steering):
        client = signed_in(user)
        assert client.get(f"/activities/{activity.pk}/{page}").status_code == 404
        assert client.get(f"/activities/{activity.pk + 1}/{page}").status_code == 404
        assert client.get(f"/activities/{10**30}/{page}").status_code == 404
    assert (
        signed_in(cast.stranger).post(f"/activities/{activity.pk}/edit/", typed_form(cast)).status_code == 404
    )


def test_the_coordinator_reads_what_is_approved_and_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.coordinator)
    own = {"agency": cast.dak_glei_police, "actor": cast.district_officer}
    activity, draft = filed(cast, **own), filed(cast, state="draft", **own)

    assert client.get(f"/activities/{activity.pk}/").status_code == 200
    assert client.get(f"/activities/{draft.pk}/").status_code == 404
    assert client.get(f"/activities/{activity.pk}/edit/").status_code == 404


def test_the_number_of_queries_of_a_page_does_not_grow(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    activity = filed(
        cast, quantity("attendances", "120"), quantity("sessions", "3"), submission_key=uuid.uuid4()
    )
    client = signed_in(cast.officer)
    with django_assert_max_num_queries(31):
        client.get(f"/activities/{activity.pk}/")
    with django_assert_max_num_queries(18):
        client.get(f"/activities/{activity.pk}/edit/")
    with django_assert_max_num_queries(10):
        client.get("/activities/new/")
