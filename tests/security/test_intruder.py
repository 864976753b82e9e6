"""An officer with a good account in another province tries every address of the portal, and goes away with nothing.

The intruder holds every role of an officer there, in units to which nothing is sent from here, so that what keeps them
out is the province and not a missing verb. The addresses and the records are those of the permission matrix; here the
records are Lào Cai's.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Role, User
from territory.models import Agency, Area
from tests.cast import person
from tests.permission_matrix import ROWS, Row
from tests.permission_world import World, _world, files, files_dir, world
from tests.portal_role import portal_role
from tests.readers import Readers
from tests.victims.files import NAME, PAPER, PHONE

__all__ = ["_world", "files", "files_dir", "world"]

#: What rows of the matrix are about that is nobody's, the nation's, or the intruder's own, so that it may open.
NOT_OF_THE_OTHER_PROVINCE = {
    *("-", "nothing", "key", "reset", "english", "large", "newcomer", "new_address"),
    *("a_guide", "a_noun", "a_rule", "a_holiday", "an_indicator", "indicator", "programme", "owed_form"),
    *(
        "stop_digest",
        "stop_nothing",
        "some_figures",
        "some_words",
        "ask_view",
    ),  # the link of an e-mail is signed
    *("letter", "task", "on_task", "api_task_comment", "direction"),  # the nation's, to both provinces
    *(
        "new",
        "new_document",
        "new_difficulty",
        "draft_model",
        "draft_difficulty",
    ),  # an empty form of one's own
    *("template", "template_draft"),
}
#: Forms that name a unit or an area of the other province. They come back with an error and write nothing.
FORMS_FOR_OTHERS = {"own_activity", "own_tip", "others_tip", "own_province", "own_unit", "owed_open"}
#: Signing out would end the visit. A service worker's script is the same for any number, with the number it was asked
#: for. What the portal holds about oneself tells of one's own tries, with the keys that one sent.
LEFT_OUT = {"account_logout", "submission_worker", "own_data"}
#: Fields whose words tell of a record.
_TELLING = {"title", "name", "code", "narrative", "text", "summary", "topic", "reason"}


@dataclass
class Visit:
    """What came back: answers that are no refusal, refusals that the trail does not have, and all that was read.

    ``theirs``: addresses of the other province's records, none of which a page may link to.
    """

    opened: list[tuple[Row, int]] = field(default_factory=list)
    unnoted: list[tuple[Row, int]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    theirs: set[str] = field(default_factory=set)
    read: list[tuple[str, str]] = field(default_factory=list)


def _is_others(row: Row) -> bool:
    return (
        row.about not in NOT_OF_THE_OTHER_PROVINCE
        and "far" not in row.about
        and not row.about.startswith("no_")
        and "405" not in row.answers
    )


def _text_of(response: Any) -> str:
    """All that an answer says, a workbook or a Word file unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return html.unescape(content.decode(errors="replace")) + response.headers.get("Location", "")


def _send(browser: Client, row: Row, address: str, sent: dict[str, str]) -> Any:
    if row.method == "GET":
        return browser.get(address, sent)
    is_json = row.name.startswith("api-") and not row.name.endswith("-attachments")
    return browser.post(address, sent, **({"content_type": "application/json"} if is_json else {}))


def _secrets(province: Area) -> Iterator[str]:
    """The words that tell of records and people of this province alone.

    Without the names of officers: these stand beside what they said about records of both provinces.
    """
    areas = set(Area.objects.filter(path__startswith=province.path).values_list("pk", flat=True))
    agencies = set(Agency.objects.filter(area__in=areas).values_list("pk", flat=True))
    theirs = {Area: areas, Agency: agencies}
    inside: set[str] = set()
    outside = {
        word for model in (Area, Agency) for row in model.objects.values_list("name", "code") for word in row
    }
    for model in apps.get_models():
        names = {
            f.name for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)
        }
        columns = [
            (f.attname, f.related_model) for f in model._meta.concrete_fields if f.related_model in theirs
        ]
        if model in (Area, Agency) or not columns or not names & _TELLING:
            continue
        rows = model._default_manager.all()
        rows = rows.unscoped("a test looks at everything") if hasattr(rows, "unscoped") else rows
        for row in rows:
            is_theirs = any(getattr(row, column) in theirs[place] for column, place in columns)
            words = {str(getattr(row, name)) for name in names & _TELLING}
            (inside if is_theirs else outside).update(words)
    for member in Membership.objects.select_related("user"):
        is_here = member.area_id in areas
        (inside if is_here else outside).add(member.user.email)
    yield from (word for word in inside - outside if len(word) >= 8)


@pytest.fixture
def intruder(world: World) -> User:
    of = world.cast.agencies
    roles = (Role.FILING_OFFICER, Role.HEAD_OF_UNIT, Role.CASE_WORKER, Role.INVESTIGATOR, Role.COORDINATOR)
    made = person(
        "ke.xam.nhap@example.vn",
        *((role, agency) for role in roles for agency in (of.kon_tum_police, of.kon_tum_women)),
    )
    made.password = "argon2$never$checked"
    made.save(update_fields=["password"])
    return made


@dataclass
class _One:
    """The cast of one, for `Readers`."""

    intruder: User


def _try_everything(world: World, intruder: User) -> Visit:
    readers, visit = Readers(_One(intruder), ["intruder"]), Visit()
    noted = AuditEvent.objects.filter(kind=AuditEvent.Kind.REFUSED, user=intruder)
    for row in (row for row in ROWS if row.name not in LEFT_OUT):
        address, before = reverse(row.name, kwargs=world.kwargs(row.about)), noted.count()
        caches["counts"].clear()  # somebody with patience, whom no rate stops
        response = _send(readers.browser("intruder"), row, address, world.sent(row.about))
        status = response.status_code
        if status in (403, 404):
            last = noted.order_by("-pk").first()
            if noted.count() != before + 1 or not last.about.startswith(row.name):
                visit.unnoted.append((row, status))
            visit.refused.add(address)
            if _is_others(row):
                visit.theirs.add(address)
        elif _is_others(row) and row.about not in FORMS_FOR_OTHERS:
            visit.opened.append((row, status))
        told = _text_of(response).replace(
            address, ""
        )  # a page of an error repeats the address that was asked for
        visit.read.append((f"{row.method} {row.name} {row.about}", told))
    return visit


def test_an_officer_of_another_province_gets_nothing_and_each_try_is_noted(
    world: World, intruder: User
) -> None:
    secrets = set(_secrets(world.cast.map.lao_cai))

    with portal_role():
        visit = _try_everything(world, intruder)

    told = {(where, secret) for where, text in visit.read for secret in secrets if secret in text}
    links = {(where, way) for where, text in visit.read for way in visit.theirs if f'"{way}"' in text}
    assert len(visit.refused) > 300
    assert len(secrets) > 30
    found = [*visit.opened, *visit.unnoted, *sorted(told), *sorted(links)]
    assert not found, "\n".join(map(str, found))


def test_a_search_for_what_the_other_province_has_finds_nothing(world: World, intruder: User) -> None:
    browser = Readers(_One(intruder), ["intruder"]).browser("intruder")
    theirs = {
        reverse(name, kwargs=world.kwargs(about))
        for name, about in (
            ("activity_detail", "own"),
            ("tip_detail", "tip_own"),
            ("case_detail", "case_own"),
            ("victim_detail", "own_victim"),
            ("report_detail", "report"),
            ("report_detail", "issued"),
        )
    }
    codes = [way.strip("/").rpartition("/")[2] for way in theirs] + sorted(_secrets(world.cast.map.lao_cai))

    with portal_role():
        found = {
            (words, way)
            for words in codes[:60]
            for way in theirs
            if way in _text_of(browser.post(reverse("search"), {"words": words}, follow=True))
        }
        asked = [
            _text_of(browser.post(reverse("victim_search"), typed))
            for typed in ({"full_name": NAME, "birth_year": "2001"}, {"paper": PAPER}, {"phone": PHONE})
        ]

    assert found == set()
    assert not [way for way in theirs for text in asked if way in text]
