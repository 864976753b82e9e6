"""Comments: who reads and writes them, whom they tell, and that a notice of one gives nothing away."""

import datetime as dt
import uuid
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Notice, Notification, Role, User
from accounts.notice_mail import send_waiting
from programs.models import Activity, Comment, Document, DocumentKind, Pilot, Task
from programs.services.comment import (
    RATE_LIMIT,
    Written,
    change_comment,
    remove_comment,
    write_comment,
)
from programs.services.task import CutTask, Unit, cut_tasks
from tests.programs.cast import FROM, Cast, approved, filed, make_person
from tests.programs.conftest import SignedIn

DAY = dt.date(2021, 5, 10)


def everything() -> Any:
    return Comment.objects.unscoped("the test looks at the table")


def say(actor: User, record: Any, text: str = "Xin bổ sung số liệu.", **more: Any) -> Written:
    return write_comment(
        actor=actor, record=record, text=text, submission_key=more.pop("submission_key", uuid.uuid4()), **more
    )


def address_of(record: Any) -> str:
    return f"/comments/{type(record).__name__.lower()}/{record.pk}/"


def typed(text: str = "Xin bổ sung số liệu.", **more: Any) -> dict[str, Any]:
    return {"submission_key": str(uuid.uuid4()), "text": text, **more}


def notices_of(user: User) -> list[str]:
    """What a person was told of comments, the newest first."""
    about_comments = Notification.objects.filter(user=user, kind__in=[Notice.MENTIONED, Notice.COMMENTED])
    return [notice.kind for notice in about_comments]


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return approved(cast)


@pytest.fixture
def plan(cast: Cast) -> Document:
    made: Document = Document.objects.create(
        kind=DocumentKind.PLAN,
        number="15/KH-CAT",
        issued_on=DAY,
        year=DAY.year,
        issuer=cast.kon_tum_police,
        area=cast.kon_tum,
        subject="Kế hoạch thí điểm",
        entered_by=cast.officer,
    )
    return made


# --- who ------------------------------------------------------------------------------------------------------


def test_a_stranger_learns_nothing_of_a_comment(cast: Cast, activity: Activity, signed_in: SignedIn) -> None:
    comment = say(cast.officer, activity).comment
    client = signed_in(cast.stranger)

    for address in (
        address_of(activity),
        f"/comments/{comment.pk}/edit/",
        f"/comments/{comment.pk}/remove/",
        "/comments/nothing/1/",
        f"/comments/activity/{10**17}/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, typed()).status_code == 404
    for about in (f"activity-{activity.pk}", "activity-", "activity-x", "user-1", "", "activity-²"):
        assert client.get("/comments/people/", {"about": about, "q": "a"}).status_code == 404
    with pytest.raises(PermissionDenied):
        say(cast.stranger, activity)
    assert everything().count() == 1


def test_nobody_changes_or_removes_the_comment_of_another(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    comment = say(cast.officer, activity).comment

    for user in (cast.colleague, cast.coordinator):
        for verb in ("edit", "remove"):
            assert signed_in(user).post(f"/comments/{comment.pk}/{verb}/", typed()).status_code == 404
        with pytest.raises(PermissionDenied):
            change_comment(actor=user, comment=comment, text="Khác")
        with pytest.raises(PermissionDenied):
            remove_comment(actor=user, comment=comment)


def test_the_steering_committee_comments_on_what_it_may_read(
    cast: Cast, plan: Document, activity: Activity, signed_in: SignedIn
) -> None:
    client = signed_in(cast.steering)

    answer = client.post(address_of(plan), typed("Đề nghị báo cáo tiến độ."))
    comment = everything().get()
    assert answer["Location"] == f"/documents/{plan.pk}/#comment-{comment.pk}"
    page = unescape(client.get(f"/documents/{plan.pk}/").content.decode())
    assert f'id="comment-{comment.pk}"' in page and "Đề nghị báo cáo tiến độ." in page
    assert client.post(address_of(activity), typed()).status_code == 404


def test_every_kind_of_record_is_commented_on(cast: Cast, plan: Document, signed_in: SignedIn) -> None:
    unit = Unit(cast.kon_tum_police, cast.kon_tum)
    (task,) = cut_tasks(actor=cast.coordinator, document=plan, tasks=[CutTask("1", "Rà soát")], units=[unit])
    pilot = Pilot.objects.create(
        document=plan,
        name="Thí điểm",
        area=cast.kon_tum,
        lead=cast.kon_tum_police,
        starts_on=DAY,
        ends_on=DAY,
    )
    assignment = task.assignments.unscoped("the only one").get()
    client = signed_in(cast.coordinator)

    for record in (plan, task, assignment, pilot, approved(cast)):
        answer = client.post(address_of(record), typed(f"Về {type(record).__name__}"))
        assert answer.status_code == 302
        page = unescape(client.get(answer["Location"].partition("#")[0]).content.decode())
        assert f"Về {type(record).__name__}" in page
    assert signed_in(cast.officer).get(address_of(task)).status_code == 200
    assert signed_in(cast.stranger).get(address_of(task)).status_code == 404
    # The unit hears of a comment on its task, the maker of a document of one on that.
    assert notices_of(cast.officer).count(Notice.COMMENTED) == 3


def test_what_a_unit_says_about_its_draft_stays_in_the_unit(cast: Cast, signed_in: SignedIn) -> None:
    draft = filed(cast, state="draft")
    say(cast.officer, draft, "Chưa chắc số này.")
    assert signed_in(cast.coordinator).get(address_of(draft)).status_code == 404
    Activity.objects.unscoped("filed at last").filter(pk=draft.pk).update(state="approved")
    shared = Activity.objects.visible_to(cast.officer).get(pk=draft.pk)
    say(cast.officer, shared, "Đã xong.")

    own = unescape(signed_in(cast.colleague).get(f"/activities/{draft.pk}/").content.decode())
    assert "Chưa chắc số này." in own and "Đã xong." in own
    above = unescape(signed_in(cast.coordinator).get(f"/activities/{draft.pk}/").content.decode())
    assert "Chưa chắc số này." not in above and "Đã xong." in above
    internal = everything().get(is_internal=True)
    written = change_comment(actor=cast.officer, comment=internal, text="Hỏi @Y Hoa")
    assert written.told.people == [] and written.told.unseeing == ["Y Hoa"]
    assert Comment.objects.visible_to(cast.coordinator).count() == 1


def test_a_comment_is_about_exactly_one_record(cast: Cast, activity: Activity, plan: Document) -> None:
    for columns in ({}, {"activity": activity, "document": plan}):
        with pytest.raises(IntegrityError), transaction.atomic():
            everything().create(by=cast.officer, text="x", **columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        everything().create(by=cast.officer, text="", document=plan)


# --- what is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "Write what you want to say."),
        ("  \n ", "Write what you want to say."),
        ("a\u0007b", "invisible control character"),
        ("ă" * 4_001, "4001 characters; at most 4000 fit"),
    ],
)
def test_a_refused_comment_is_shown_again_with_what_was_typed(
    text: str, said: str, cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    client = signed_in(cast.officer)

    for headers in ({}, {"hx-request": "true"}):
        answer = client.post(address_of(activity), typed(text, tell=[cast.colleague.pk]), headers=headers)
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert said in page
        assert f'<option value="{cast.colleague.pk}" selected>' in page
        assert ("<html" in page) == (not headers)
    with pytest.raises(ValidationError):
        say(cast.officer, activity, text)
    assert not everything().exists()


def test_a_comment_is_text_and_never_markup(cast: Cast, activity: Activity, signed_in: SignedIn) -> None:
    say(cast.officer, activity, "<script>alert(1)</script>\nDòng hai")
    page = signed_in(cast.officer).get(f"/activities/{activity.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Dòng hai" in page


def test_a_double_click_writes_one_comment_and_two_people_write_two(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    sent = typed()
    for _click in range(2):
        assert signed_in(cast.officer).post(address_of(activity), sent).status_code == 302
    assert everything().count() == 1
    assert signed_in(cast.colleague).post(address_of(activity), sent).status_code == 403
    assert signed_in(cast.colleague).post(address_of(activity), typed("Tôi cũng vậy.")).status_code == 302
    assert everything().count() == 2


def test_htmx_gets_the_list_alone(cast: Cast, activity: Activity, signed_in: SignedIn) -> None:
    answer = signed_in(cast.officer).post(
        address_of(activity), typed("Gửi bằng HTMX"), headers={"hx-request": "true"}
    )
    page = unescape(answer.content.decode())

    assert answer.status_code == 200
    assert page.lstrip().startswith('<div id="comments">')
    assert "Gửi bằng HTMX" in page and "Your comment is there." in page
    assert "</textarea>" in page and "Gửi bằng HTMX</textarea>" not in page


def test_the_thirty_first_comment_within_ten_minutes_waits(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    for number in range(RATE_LIMIT):
        say(cast.officer, activity, f"Lần {number}")
    answer = signed_in(cast.officer).post(address_of(activity), typed("Lần nữa"))

    assert answer.status_code == 422
    assert "30 comments within 10 minutes" in answer.content.decode()
    assert "Lần nữa</textarea>" in answer.content.decode()
    everything().update(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert say(cast.officer, activity, "Sau đó").comment.pk


def test_an_author_changes_a_comment_for_a_quarter_of_an_hour(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    comment = say(cast.officer, activity, "Sai").comment
    client, address = signed_in(cast.officer), f"/comments/{comment.pk}/edit/"
    assert "Sai</textarea>" in client.get(address).content.decode()
    assert client.post(address, typed("Đúng")).status_code == 302
    page = unescape(client.get(f"/activities/{activity.pk}/").content.decode())
    assert "Đúng" in page and "Sai" not in page and "(changed" in page
    everything().update(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    assert client.get(address).status_code == 302
    late = client.post(address, typed("Muộn"))
    assert late.status_code == 422 and "Muộn</textarea>" in late.content.decode()
    assert everything().get().text == "Đúng"


def test_a_removed_comment_leaves_its_place_and_its_history(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    comment = say(cast.officer, activity, "Nói nhầm", tell=[cast.colleague]).comment
    client = signed_in(cast.officer)
    assert "Nói nhầm" in client.get(f"/comments/{comment.pk}/remove/").content.decode()
    assert client.post(f"/comments/{comment.pk}/remove/").status_code == 302

    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "Nói nhầm" not in page and "Removed by its author." in page
    assert f'id="comment-{comment.pk}"' in page
    assert client.post(f"/comments/{comment.pk}/remove/").status_code == 404
    assert client.get(f"/comments/{comment.pk}/edit/").status_code == 404
    kept = apps.get_model("programs", "CommentEvent").objects.filter(pgh_obj=comment.pk, pgh_label="insert")
    assert kept.get().text == "Nói nhầm"


# --- whom it tells --------------------------------------------------------------------------------------------


def test_a_name_after_an_at_tells_that_person_with_or_without_diacritics(
    cast: Cast, activity: Activity
) -> None:
    for number, text in enumerate(("Hỏi @A Phong, gấp.", "@a phong xem giúp", "(@Á Phòng)")):
        written = say(cast.officer, activity, text)
        assert written.told.people == [cast.colleague], text
        assert notices_of(cast.colleague).count(Notice.MENTIONED) == number + 1
    assert say(cast.officer, activity, "thư: ai.do@A Phong").told.people == []


def test_who_may_not_see_the_record_is_not_told_and_the_page_says_so(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    sent = typed("Nhờ @Lý Mẩy và @Không Có Ai", tell=[cast.steering.pk, cast.colleague.pk])
    page = unescape(signed_in(cast.officer).post(address_of(activity), sent, follow=True).content.decode())

    for name in ("Lý Mẩy", "A Khang"):
        assert f"{name} cannot see this record and was not told." in page
    assert "Nobody is called “Không”" in page
    assert "Told: A Phong." in page
    assert notices_of(cast.stranger) == notices_of(cast.steering) == []
    assert notices_of(cast.colleague) == [Notice.MENTIONED]


def test_of_two_people_of_one_name_the_chosen_one_is_told(cast: Cast, activity: Activity) -> None:
    twin = make_person("A Phong", Role.FILING_OFFICER, cast.kon_tum_police, cast.kon_tum)
    make_person("A Phong", Role.FILING_OFFICER, cast.bat_xat_police, cast.bat_xat)

    assert say(cast.officer, activity, "@A Phong").told.several == ["A Phong"]
    written = say(cast.officer, activity, "@A Phong", tell=[twin])
    assert written.told.people == [twin] and written.told.several == []


def test_the_author_and_earlier_commenters_hear_of_a_comment(cast: Cast, activity: Activity) -> None:
    say(cast.colleague, activity)
    say(cast.coordinator, activity)

    assert notices_of(cast.officer) == [Notice.COMMENTED] * 2
    assert notices_of(cast.colleague) == [Notice.COMMENTED]
    assert notices_of(cast.coordinator) == []
    Membership.objects.filter(user=cast.colleague).update(valid_to=FROM)
    say(cast.officer, activity)
    assert notices_of(cast.colleague) == [Notice.COMMENTED]
    assert notices_of(cast.coordinator) == [Notice.COMMENTED]


def test_a_notice_holds_neither_the_comment_nor_a_title(cast: Cast, signed_in: SignedIn) -> None:
    activity = approved(cast, title="Hỗ trợ chị Vàng Thị Mỷ")
    comment = say(cast.coordinator, activity, "Chị Vàng Thị Mỷ đã về @A Thanh").comment
    send_waiting(now=timezone.now() + dt.timedelta(days=1))

    (letter,) = [letter for letter in mail.outbox if letter.to == [cast.officer.email]]
    assert "Vàng" not in letter.body + letter.subject
    assert "Y Hoa" not in letter.body and str(activity.pk) in letter.body
    notice = Notification.objects.get(kind=Notice.MENTIONED)
    assert "Vàng" not in str(notice.about)
    assert notice.url == f"/activities/{activity.pk}/#comment-{comment.pk}"
    assert "You were mentioned in a comment on activity no." in (
        signed_in(cast.officer).get("/notifications/").content.decode()
    )


def test_a_change_tells_only_those_it_names_anew(cast: Cast, activity: Activity) -> None:
    comment = say(cast.officer, activity, "@A Phong").comment
    written = change_comment(actor=cast.officer, comment=comment, text="@A Phong @Y Hoa")

    assert {user.pk for user in written.told.people} == {cast.colleague.pk, cast.coordinator.pk}
    assert notices_of(cast.colleague) == notices_of(cast.coordinator) == [Notice.MENTIONED]


def test_names_are_suggested_only_of_people_who_may_see_the_record(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    for number in range(12):
        make_person(f"Đặng Văn {number:02}", Role.FILING_OFFICER, cast.kon_tum_police, cast.kon_tum)
    client = signed_in(cast.officer)

    def suggested(name: str) -> list[str]:
        answer = client.get("/comments/people/", {"about": f"activity-{activity.pk}", "q": name})
        return [person["name"] for person in answer.json()["people"]]

    assert suggested("hoa") == ["Y Hoa"]
    assert suggested("phông") == ["A Phong"]
    assert suggested("dang van") == [f"Đặng Văn {number:02}" for number in range(8)]
    assert suggested("mẩy") == suggested("khang") == suggested("thanh") == []
    assert "A Phong" in suggested("")


def test_without_script_the_people_concerned_can_be_chosen(
    cast: Cast, activity: Activity, signed_in: SignedIn
) -> None:
    page = unescape(signed_in(cast.coordinator).get(f"/activities/{activity.pk}/").content.decode())
    offered = page[page.index('name="tell"') : page.index("</select>", page.index('name="tell"'))]

    assert "A Thanh" in offered and "A Phong" in offered
    for absent in (cast.coordinator, cast.stranger, cast.steering, cast.district_officer):
        assert f">{absent.full_name}<" not in offered


# --- how much -------------------------------------------------------------------------------------------------

#: Statements of the page of an activity with its comments.
QUERIES = 9


def test_fifty_comments_take_no_more_statements_than_three_and_older_ones_have_a_page(
    cast: Cast, activity: Activity, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    client, address = signed_in(cast.officer), f"/activities/{activity.pk}/"
    for number in range(3):
        say(cast.coordinator, activity, f"Số {number}", tell=[cast.officer])
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    for number in range(3, 60):
        writer = (cast.coordinator, cast.colleague, cast.officer)[number % 3]
        say(writer, activity, f"Số {number}", tell=[cast.officer, cast.colleague])

    with django_assert_num_queries(QUERIES):
        page = unescape(client.get(address).content.decode())
    assert page.count('class="comment"') == 50
    assert "Older comments (60 in all)" in page
    older = client.get(f"{address_of(activity)}?page=2").content.decode()
    assert older.count('class="comment"') == 10 and "Số 0" in older


def test_a_task_has_a_page_of_comments_with_its_history(
    cast: Cast, plan: Document, signed_in: SignedIn
) -> None:
    (task,) = cut_tasks(actor=cast.coordinator, document=plan, tasks=[CutTask("1", "Rà soát")], units=[])
    Task.objects.filter(pk=task.pk).update(text="Rà soát kỹ")
    page = unescape(signed_in(cast.steering).get(address_of(task)).content.decode())

    assert "Rà soát kỹ" in page
    assert 'id="history"' in page
