"""Cutting tasks from a document: how a pasted list is read, what is saved, and what is refused."""

import datetime as dt
import re
import unicodedata
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from programs.forms.task import SITTING_LIMIT
from programs.models import Assignment, Document, DocumentKind, Task
from programs.services.task import TASKS_LIMIT, CutTask, Unit, cut_tasks, give_tasks, read_numbered_list
from tests.cast import Cast, agency, make_cast, member
from tests.programs.conftest import SignedIn

ISSUED = dt.date(2021, 5, 10)
LETTER = """Kính gửi: các đơn vị
Để phối hợp phòng, chống mua bán người, đề nghị thực hiện các nhiệm vụ sau:
1. Phổ biến quy định pháp luật về phòng, chống mua bán người
đến mọi cán bộ, chiến sĩ và người dân vùng biên giới.
2. Rà soát địa bàn, tuyến trọng điểm, lập danh sách đối tượng cần theo dõi.
3. Tuần tra, kiểm soát chặt đường mòn, lối mở.

4. Tiếp nhận, xác minh tin báo trong 20 ngày.
5. Tiếp nhận ban đầu, bảo vệ nạn nhân được trao trả.
6. Trao đổi thông tin với lực lượng chức năng nước láng giềng.
7. Lồng ghép nội dung vào 1.500 buổi sinh hoạt
từ 01/6/2021 đến
30/6/2022.
8. Tập huấn nghiệp vụ cho cán bộ đồn, trạm.
9. Báo cáo kết quả trước ngày 15 tháng 12 hằng năm.
"""


@pytest.fixture
def play(db: None) -> Cast:
    """Officers of Bát Xát, the coordinator of Lào Cai, a stranger of Kon Tum."""
    return make_cast()


@pytest.fixture
def plan(play: Cast) -> Document:
    made: Document = Document.objects.create(
        kind=DocumentKind.PLAN,
        number="150/KH-BCĐ138",
        issued_on=ISSUED,
        year=2021,
        issuer=play.agencies.lao_cai_police,
        area=play.map.lao_cai,
        subject="Thí điểm phòng, chống mua bán người tại năm địa bàn",
    )
    return made


def cut_address(document: Document) -> str:
    return f"/documents/{document.pk}/tasks/cut/"


def unit_key(of: Any) -> str:
    return f"{of.pk}-{of.area_id}"


def typed_rows(*tasks: tuple[str, str], after: int = 0, **more: Any) -> dict[str, Any]:
    """What a browser sends in the second step."""
    sent: dict[str, Any] = {
        "step": "rows",
        "after": str(after),
        "tasks-TOTAL_FORMS": str(len(tasks)),
        "tasks-INITIAL_FORMS": "0",
    }
    for place, (number, text) in enumerate(tasks):
        sent |= {f"tasks-{place}-number": number, f"tasks-{place}-text": text}
    return sent | more


def everything() -> Any:
    return Assignment.objects.unscoped("the test looks at the table")


# --- reading the list ---


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("1. Một\n2. Hai", [("1", "Một"), ("2", "Hai")]),
        ("1) Một\n2) Hai", [("1", "Một"), ("2", "Hai")]),
        ("(1) Một\n(2) Hai", [("1", "Một"), ("2", "Hai")]),
        ("a) Một\nđ) Hai", [("a", "Một"), ("đ", "Hai")]),
        ("1/ Một\n2/ Hai", [("1", "Một"), ("2", "Hai")]),
        ("- Một\n– Hai\n• Ba\n+ Bốn", [("1", "Một"), ("2", "Hai"), ("3", "Ba"), ("4", "Bốn")]),
        ("1.1. Một\n1.2. Hai\n2a. Ba", [("1.1", "Một"), ("1.2", "Hai"), ("2a", "Ba")]),
        ("1.Tăng cường\n2.Đẩy mạnh", [("1", "Tăng cường"), ("2", "Đẩy mạnh")]),
        ("  1.   Thụt vào  ", [("1", "Thụt vào")]),
        ("1. Một\n\n\n2. Hai\n", [("1", "Một"), ("2", "Hai")]),
        ("1. Một\r\nđi tiếp\r\n2. Hai\r", [("1", "Một đi tiếp"), ("2", "Hai")]),
        ("Mở đầu\n1. Một", [("1", "Một")]),
        ("3. Ba\n7. Bảy", [("3", "Ba"), ("7", "Bảy")]),
        ("1. Tổ chức\n1.500 người\n30/6/2022", [("1", "Tổ chức 1.500 người 30/6/2022")]),
        ("1. Trường học, chợ,\nv.v. ở xã", [("1", "Trường học, chợ, v.v. ở xã")]),
        ("Không có gì", []),
        ("", []),
        ("1.\n2)\n-", []),
    ],
)
def test_lists_of_many_forms_are_read(pasted: str, expected: list[tuple[str, str]]) -> None:
    assert [(task.number, task.text) for task in read_numbered_list(pasted)] == expected


def test_a_list_in_decomposed_letters_is_read_as_composed_ones() -> None:
    typed = "đ) Tuyên truyền ở Y Tý"
    (task,) = read_numbered_list(unicodedata.normalize("NFD", typed))
    assert (task.number, task.text) == ("đ", "Tuyên truyền ở Y Tý")


def test_the_nine_tasks_of_a_letter_are_read_and_its_opening_is_left_out() -> None:
    tasks = read_numbered_list(LETTER)
    assert [task.number for task in tasks] == list("123456789")
    assert tasks[0].text.endswith("đến mọi cán bộ, chiến sĩ và người dân vùng biên giới.")
    assert tasks[6].text == "Lồng ghép nội dung vào 1.500 buổi sinh hoạt từ 01/6/2021 đến 30/6/2022."


_LETTERS = st.characters(categories=["L", "Nd", "P"], include_characters=" ")
_TEXTS = st.text(_LETTERS, min_size=1, max_size=60).map(str.strip).filter(bool)
_TEXTS = _TEXTS.map(lambda text: unicodedata.normalize("NFC", text))


@given(texts=st.lists(_TEXTS, max_size=30), sign=st.sampled_from([". ", ") ", "/ ", ".\t"]))
def test_any_texts_written_as_numbered_lines_are_read_back(texts: list[str], sign: str) -> None:
    pasted = "\n".join(f"{number}{sign}{text}" for number, text in enumerate(texts, start=1))
    read = [(task.number, task.text) for task in read_numbered_list(pasted)]
    assert read == [(str(number), text) for number, text in enumerate(texts, start=1)]


@given(pasted=st.text(max_size=300))
def test_no_text_whatever_breaks_the_reading(pasted: str) -> None:
    assert all(task.number and task.text for task in read_numbered_list(pasted))


# --- the two steps ---


def test_the_first_step_shows_a_row_for_each_task(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    client = signed_in(play.people.coordinator)
    lead = play.agencies.lao_cai_women.pk
    sent = {"step": "list", "pasted": LETTER, "due_on": "30/06/2022", "lead": str(lead)}
    page = client.post(cut_address(plan), sent).content.decode()

    assert re.findall(r'name="tasks-\d+-number" value="(.*?)"', page) == list("123456789")
    assert page.count('value="2022-06-30"') == 9
    assert page.count(f'<option value="{lead}" selected>') == 9
    assert "Công an huyện Bát Xát" in page
    assert "Công an huyện Đăk Hà" not in page
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"pasted": ""}, "Paste or type the list"),
        ({"pasted": "Không có số nào ở đây"}, "There is no task in the text"),
        ({"pasted": "\n".join(f"{n}. Việc" for n in range(1, SITTING_LIMIT + 2))}, "The list has 41 tasks"),
        ({"pasted": "1. Việc\x07"}, "U+0007"),
        ({"pasted": "1. Việc", "due_on": "31/02/2022"}, "day/month/year"),
        ({"pasted": "1. Việc", "starts_on": "2022-02-01", "due_on": "2022-01-01"}, "due before it starts"),
    ],
)
def test_a_list_that_cannot_be_used_says_so_and_stays(
    play: Cast, plan: Document, signed_in: SignedIn, sent: dict[str, str], message: str
) -> None:
    response = signed_in(play.people.coordinator).post(cut_address(plan), {"step": "list", **sent})
    page = unescape(response.content.decode())
    assert response.status_code == 200
    assert message in page
    assert sent["pasted"] in page


def test_tasks_are_cut_with_all_they_say(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    of = play.agencies
    sent = typed_rows(
        ("1", "Rà soát tình hình"),
        ("2a", "Truyền thông"),
        units=[unit_key(of.bat_xat_police), unit_key(of.si_ma_cai_police)],
        **{
            "tasks-0-lead": str(of.lao_cai_police.pk),
            "tasks-0-partners": [str(of.lao_cai_women.pk), str(of.lao_cai_labour.pk)],
            "tasks-0-starts_on": "10/05/2021",
            "tasks-0-due_on": "2022-06-30",
            "tasks-0-measure_words": "Mỗi đơn vị có kế hoạch",
            "tasks-1-measure_indicator": "talks_held",
            "tasks-1-measure_comparison": "at_least",
            "tasks-1-measure_value": "1.250",
        },
    )
    response = signed_in(play.people.coordinator).post(cut_address(plan), sent)

    assert response["Location"] == f"/documents/{plan.pk}/tasks/"
    first, second = plan.tasks.all()
    assert (first.number, first.lead, first.due_on) == ("1", of.lao_cai_police, dt.date(2022, 6, 30))
    assert set(first.partners.all()) == {of.lao_cai_women, of.lao_cai_labour}
    assert first.measure_words == "Mỗi đơn vị có kế hoạch"
    assert (second.number, second.measure_comparison, second.measure_value) == ("2a", "at_least", 1250)
    assert everything().count() == 4
    assert {row.due_on for row in everything().filter(task=first)} == {dt.date(2022, 6, 30)}


def test_every_district_police_is_chosen_at_once(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    of, places = play.agencies, play.map
    kind = of.bat_xat_police.kind_id
    sent = typed_rows(
        ("1", "Rà soát"),
        units=[unit_key(of.bat_xat_police)],
        kinds=[str(kind)],
        areas=[str(places.lao_cai.pk)],
    )
    signed_in(play.people.coordinator).post(cut_address(plan), sent)
    assert {row.agency for row in everything()} == {of.bat_xat_police, of.si_ma_cai_police}


BAD_ROWS: list[tuple[dict[str, Any], str, str]] = [
    ({"tasks-1-text": ""}, "tasks-1-text", "Type the task"),
    ({"tasks-1-number": ""}, "tasks-1-number", "Type the number"),
    ({"tasks-1-number": "x" * 11}, "tasks-1-number", "at most 10"),
    ({"tasks-1-due_on": "hôm qua"}, "tasks-1-due_on", "day/month/year"),
    (
        {"tasks-1-starts_on": "2022-02-02", "tasks-1-due_on": "2022-01-01"},
        "tasks-1-due_on",
        "before it starts",
    ),
    ({"tasks-1-lead": "999999"}, "tasks-1-lead", "is not one of those"),
    ({"tasks-1-partners": ["0"]}, "tasks-1-partners", "is not one of those"),
    ({"tasks-1-measure_indicator": "a b"}, "tasks-1-measure_indicator", "letters, figures"),
    ({"tasks-1-measure_indicator": "talks"}, "tasks-1-measure_value", "value that is aimed at"),
    ({"tasks-1-measure_value": "5"}, "tasks-1-measure_indicator", "code of the indicator"),
    ({"tasks-1-measure_value": "gần 5"}, "tasks-1-measure_value", "one exact number"),
    ({"units": ["1-1"]}, "units", "is not one of those"),
    ({"kinds": ["1000000"]}, "kinds", "is not one of those"),
]


@pytest.mark.parametrize(("changed", "field", "message"), BAD_ROWS, ids=[row[1] + row[2] for row in BAD_ROWS])
def test_one_bad_row_keeps_all_from_being_saved(
    play: Cast, plan: Document, signed_in: SignedIn, changed: dict[str, Any], field: str, message: str
) -> None:
    sent = typed_rows(("1", "Rà soát tình hình"), ("2", "Truyền thông")) | changed
    response = signed_in(play.people.coordinator).post(cut_address(plan), sent)
    page = unescape(response.content.decode())

    beside = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert response.status_code == 200
    assert beside is not None
    assert message in beside[1]
    assert "Rà soát tình hình" in page
    assert not Task.objects.exists()


def test_a_kind_needs_areas_and_areas_a_kind(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    client, of = signed_in(play.people.coordinator), play.agencies
    row = ("1", "Rà soát")
    kind, area = str(of.bat_xat_police.kind_id), str(play.map.bat_xat.pk)
    women = str(of.lao_cai_women.kind_id)
    for typed, message in (
        ({"kinds": [kind]}, "Choose the areas as well"),
        ({"areas": [area]}, "Choose the kinds of agency"),
        ({"kinds": [women], "areas": [area]}, "no agency of these kinds"),
    ):
        assert message in client.post(cut_address(plan), typed_rows(row, **typed)).content.decode()
    assert not Task.objects.exists()


def test_rows_left_out_are_not_judged_and_some_can_be_added(
    play: Cast, plan: Document, signed_in: SignedIn
) -> None:
    client = signed_in(play.people.coordinator)
    ticked = unit_key(play.agencies.bat_xat_police)
    sent = typed_rows(("1", "Một"), ("2", ""), ("", ""), units=[ticked], **{"tasks-1-DELETE": "on"})
    page = client.post(cut_address(plan), {**sent, "more_rows": "yes"}).content.decode()
    assert page.count('-number" ') >= 5  # one kept, one empty, three more
    assert f'value="{ticked}" checked' in page
    assert 'class="field-error"' not in page
    assert not Task.objects.exists()

    client.post(cut_address(plan), sent)
    assert [task.number for task in plan.tasks.all()] == ["1"]


def test_no_task_left_is_told(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    sent = typed_rows(("", ""))
    assert (
        "No task is left" in signed_in(play.people.coordinator).post(cut_address(plan), sent).content.decode()
    )


def test_a_second_click_makes_no_second_set(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    client = signed_in(play.people.coordinator)
    sent = typed_rows(("1", "Một"), ("2", "Hai"), units=[unit_key(play.agencies.bat_xat_police)])
    first, second = client.post(cut_address(plan), sent), client.post(cut_address(plan), sent)
    assert first.status_code == second.status_code == 302
    assert [task.number for task in plan.tasks.all()] == ["1", "2"]
    assert everything().count() == 2


def test_tasks_made_meanwhile_are_told_and_a_second_save_adds(
    play: Cast, plan: Document, signed_in: SignedIn
) -> None:
    client = signed_in(play.people.coordinator)
    client.post(cut_address(plan), typed_rows(("1", "Của người khác")))
    page = client.post(cut_address(plan), typed_rows(("1", "Một"))).content.decode()
    assert "made meanwhile" in page
    assert 'name="after" value="1"' in page
    client.post(cut_address(plan), typed_rows(("1", "Một"), after=1))
    assert [(task.order, task.text) for task in plan.tasks.all()] == [(1, "Của người khác"), (2, "Một")]


def test_a_document_has_a_limit(play: Cast, plan: Document) -> None:
    many = [CutTask(str(number), "Việc") for number in range(1, TASKS_LIMIT + 2)]
    with pytest.raises(ValidationError, match="at most 200"):
        cut_tasks(actor=play.people.coordinator, document=plan, tasks=many)
    assert not Task.objects.exists()


def test_all_or_nothing_when_a_unit_is_out_of_reach(play: Cast, plan: Document) -> None:
    far = Unit(play.agencies.dak_ha_police, play.map.dak_ha)
    own = Unit(play.agencies.bat_xat_police, play.map.bat_xat)
    with pytest.raises(PermissionDenied):
        cut_tasks(
            actor=play.people.coordinator, document=plan, tasks=[CutTask("1", "Việc")], units=[own, far]
        )
    assert not Task.objects.exists()
    assert not everything().exists()


def test_giving_to_many_units_takes_few_queries_and_keeps_what_stands(
    play: Cast, plan: Document, django_assert_num_queries: Any
) -> None:
    own, other = (Unit(of, of.area) for of in (play.agencies.bat_xat_police, play.agencies.si_ma_cai_police))
    actor = play.people.coordinator
    tasks = cut_tasks(
        actor=actor, document=plan, tasks=[CutTask(str(n), "Việc") for n in range(1, 10)], units=[own]
    )
    everything().filter(task=tasks[0]).update(state="in_progress")
    with django_assert_num_queries(5):
        given = give_tasks(actor=actor, tasks=tasks, units=[own, other])
    assert {assignment.agency for assignment in given} == {other.agency}
    assert everything().filter(state="in_progress").count() == 1
    assert everything().count() == 18


def test_tasks_that_exist_are_given_to_further_units(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    client = signed_in(play.people.coordinator)
    client.post(cut_address(plan), typed_rows(("1", "Một"), ("2", "Hai")))
    assert "further units" in client.get(cut_address(plan)).content.decode()
    assert "Choose at least one unit" in client.post(cut_address(plan), {"step": "give"}).content.decode()
    client.post(cut_address(plan), {"step": "give", "units": [unit_key(play.agencies.bat_xat_police)]})
    assert {row.agency for row in everything()} == {play.agencies.bat_xat_police}
    assert everything().count() == 2


def test_only_who_keeps_the_register_cuts(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    people = play.people
    for person in (people.filing_officer, people.steering_member, people.case_worker, people.stranger):
        client = signed_in(person)
        assert client.get(cut_address(plan)).status_code == 404
        assert client.post(cut_address(plan), typed_rows(("1", "Một"))).status_code == 404
    assert not Task.objects.exists()


def test_an_officer_cuts_from_own_document_for_own_unit(play: Cast, signed_in: SignedIn) -> None:
    of = play.agencies.bat_xat_police
    own = Document.objects.create(
        kind=DocumentKind.PLAN, issuer=of, area=of.area, subject="Kế hoạch của huyện", issued_on=ISSUED
    )
    client = signed_in(play.people.filing_officer)
    page = client.post(cut_address(own), {"step": "list", "pasted": "1. Một"}).content.decode()
    assert re.findall(r'name="units" value="(.*?)"', page) == [unit_key(of)]
    client.post(cut_address(own), typed_rows(("1", "Một"), units=[unit_key(of)]))
    assert everything().get().agency == of


def test_the_pages_stay_small_with_many_tasks_and_units(
    play: Cast, plan: Document, signed_in: SignedIn
) -> None:
    for kind in ("health", "education", "justice", "culture", "procuracy", "court", "information"):
        agency(kind, "10")
    member(play.people.coordinator, Role.FILING_OFFICER, play.agencies.lao_cai_police)
    pasted = "\n".join(f"{number}. {'Nhiệm vụ ' * 20}" for number in range(1, 10))
    response = signed_in(play.people.coordinator).post(cut_address(plan), {"step": "list", "pasted": pasted})
    assert len(response.content) < 150_000
