"""The records that the permission matrix speaks of, made once, and what is sent about each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import override_settings
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import ApiKey, User
from programs.models import (
    Activity,
    ActivityKind,
    ActivityUpload,
    Assignment,
    Attachment,
    ProgressNote,
    UploadRow,
    WorkbookUpload,
)
from programs.services import approve_activity, file_activity
from programs.services.training import keep_register
from reporting.models import Report, ReportDraft, ReportJob, ReportKind
from territory.models import Agency, Area
from tests.agency_rows import make_agency_records
from tests.case_part_rows import case_parts
from tests.cast import Cast, make_cast
from tests.comment_rows import make_comments
from tests.comment_rows import sent_about as comment_sent
from tests.conftest import PLAIN_FILES
from tests.directory_upload_rows import make_directory_uploads
from tests.factor_rows import make_resets
from tests.figure_permission_rows import make_indicator
from tests.file_rows import make_files
from tests.incidents.world import make_incidents
from tests.key_rows import make_keys, make_webhooks
from tests.people_rows import SENT as SENT_OF_PEOPLE
from tests.people_rows import make_people_records
from tests.permission_rows import ROLES
from tests.portal_page_rows import make_portal_pages
from tests.readers import Readers
from tests.register import make_register
from tests.register_api_rows import make_register_api
from tests.reporting.dashboard_permission_rows import make_questions, question_sent
from tests.reporting.draft_permission_rows import SENT as SENT_OF_DRAFTS
from tests.reporting.draft_permission_rows import make_drafts
from tests.reporting.obligation_permission_rows import make_owed, owed_sent
from tests.reporting.past_upload_rows import make_past_upload
from tests.reporting.submission_permission_rows import make_submissions, sent_report
from tests.reporting.template_permission_rows import SENT as SENT_OF_TEMPLATES
from tests.reporting.template_permission_rows import make_templates
from tests.statements.world import make_statements, sent_about
from tests.victim_part_rows import victim_parts
from tests.victims.export_rows import make_exports
from tests.victims.permission_rows import make_victims


@dataclass(frozen=True)
class World:
    """The records the table speaks of."""

    cast: Cast
    activities: dict[str, Activity]
    files: dict[str, Attachment]
    jobs: dict[str, ReportJob]
    reports: dict[str, Report]
    register: dict[str, int]
    comments: dict[str, dict[str, Any]]
    stated: dict[str, dict[str, Any]]
    uploads: dict[str, WorkbookUpload]
    victims: dict[str, dict[str, Any]]
    submissions: dict[str, dict[str, Any]]
    owed: dict[str, dict[str, Any]]
    questions: dict[str, dict[str, Any]]
    drafts: dict[str, ReportDraft]
    templates: dict[str, dict[str, Any]]
    keys: dict[str, ApiKey]
    webhooks: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    readers: Readers

    def kwargs(self, about: str) -> dict[str, Any]:
        """What the URL of a row needs."""
        mine = (self.owed, self.questions, self.templates, self.webhooks, self.people)
        for keyed in (self.comments, self.stated, self.victims, self.submissions, *mine):
            if about in keyed:
                return keyed[about]
        if about in self.register:
            return {"pk": self.register[about]}
        if about in self.activities:
            return {"pk": self.activities[about].pk}
        for filed in (self.files, self.jobs, self.reports, self.uploads, self.drafts, self.keys):
            if about in filed:
                return {"key": filed[about].key}  # type: ignore[attr-defined]
        if about.startswith("of_") and about not in ("of_plan", "of_copy"):
            known = self.activities.get(about.removeprefix("of_"))
            return {"form": f"activity:{known.pk if known else 10**9}"}
        fixed: dict[str, dict[str, Any]] = {
            "new": {"form": "activity:new"},
            "of_copy": {"form": f"activity:copy-{self.activities['own'].pk}"},
            "new_document": {"form": "document:new"},
            "of_plan": {"form": f"document:{self.register['plan']}"},
            "programme": {"code": "2021-2025"},
            "no_programme": {"code": "1999"},
            "an_indicator": {"code": "matrix"},
            "no_indicator": {"code": "no-such-thing"},
            "a_noun": {"tag": "statistics"},
            "no_noun": {"tag": "no-such-thing"},
            "nothing": {"pk": 10**9},
            "no_code": {"code": "AAAA-AAAA-AAAA"},
            "no_key": {"key": uuid.UUID(int=7)},
            "key": {"key": "MQ:1abcDE:signature"},
            "reset": {"uidb36": "1", "key": "set-password"},
        }
        return fixed.get(about, {})

    def sent(self, about: str) -> dict[str, str]:
        """What a form of a row sends."""
        if about in self.drafts:
            return SENT_OF_DRAFTS
        if about in self.templates:
            return SENT_OF_TEMPLATES
        if about in self.comments or about.startswith("about_"):
            return comment_sent(about, self.comments)
        if about in self.people:
            return SENT_OF_PEOPLE.get(about, {})
        if about in self.owed:
            return owed_sent(about, self.cast, self.owed)
        if about in self.questions:
            return question_sent(about)
        return SENT.get(about, lambda world: sent_about(world.cast, about))(self)


def _typed_activity(world: World) -> dict[str, str]:
    return {
        "submission_key": str(uuid.uuid4()),
        "kind": "communication",
        "title": "Tuyên truyền tại chợ phiên",
        "narrative": "Tổ chức ngày chủ nhật.",
        "agency": str(world.cast.agencies.bat_xat_police.pk),
        "area": str(world.cast.map.y_ty.pk),
        "started_on": "2020-03-05",
        "ended_on": "2020-03-05",
        "quantities-TOTAL_FORMS": "0",
        "quantities-INITIAL_FORMS": "0",
        "state": "submitted",
    }


def _typed_report(area: Area) -> dict[str, str]:
    return {
        "kind": "six_month",
        "area": str(area.pk),
        "period": "2020-H1",
        "rule": "ND09/2019",
        "request_key": str(uuid.uuid4()),
    }


def _typed_tip(area: Area, of: Agency) -> dict[str, str]:
    return {
        "kind": "report",
        "channel": "letter",
        "received_on": "2020-03-05",
        "agency": str(of.pk),
        "area": str(area.pk),
        "urgency": "normal",
        "text": "Đơn thư của một người dân.",
        "has_no_secret": "on",
        "submission_key": str(uuid.uuid4()),
    }


SENT: dict[str, Callable[[World], dict[str, str]]] = {
    "english": lambda world: {"language": "en", "next": "/"},
    "large": lambda world: {"text_size": "large"},
    "newcomer": lambda world: {
        "email": "moi@example.vn",
        "password1": "Mot-mat-khau-dai-9",
        "password2": "Mot-mat-khau-dai-9",
    },
    "new_address": lambda world: {"action_add": "", "email": "khac@example.vn"},
    "of_own": lambda world: {"version": "2"},
    "of_plan": lambda world: {"version": "1"},
    "of_far": lambda world: {"version": "1"},
    "own_activity": _typed_activity,
    "own_waiting": lambda world: {"step": "withdraw", "version": "1"},
    "some_figures": lambda world: {"indicator": "matrix", "area": "10", "period": "2020-H1"},
    "some_words": lambda world: {"words": "biên giới"},
    "own_tip": lambda world: _typed_tip(world.cast.map.y_ty, world.cast.agencies.lao_cai_police),
    "others_tip": lambda world: _typed_tip(world.cast.map.y_ty, world.cast.agencies.bat_xat_police),
    "own_report": lambda world: sent_report(world.submissions["own_report"]),
    "far_filing": lambda world: sent_report(world.submissions["far_filing"]),
    "a_rule": lambda world: {"code": "jump", "percent": "40", "at_least": "5"},
    "own_province": lambda world: _typed_report(world.cast.map.lao_cai),
    "far_province": lambda world: _typed_report(world.cast.map.kon_tum),
}


def _file(
    of: Agency,
    area: Area,
    actor: User,
    state: str = "submitted",
    kind: ActivityKind = ActivityKind.COMMUNICATION,
) -> Activity:
    day = dt.date(2020, 3, 5)
    return file_activity(
        actor=actor,
        submission_key=uuid.uuid4(),
        state=state,
        kind=kind,
        title="Tuyên truyền tại xã",
        narrative="Tổ chức tại chợ phiên.",
        agency=of,
        area=area,
        started_on=day,
        ended_on=day,
    )


def _attach(actor: User, **owner: Any) -> Attachment:
    """A file of one record: ``activity``, ``document_id`` or ``progress_note``; ``thumbnail`` for a picture."""
    made: Attachment = Attachment.objects.create(
        **owner,
        file=ContentFile(b"%PDF-1.7", name="kem.pdf"),
        name="kèm theo.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        added_by=actor,
    )
    return made


def _job(area: Area, **changed: Any) -> ReportJob:
    fields = {"kind": ReportKind.SIX_MONTH, "period_code": "2020-H1", "period_rule": "ND09/2019", **changed}
    made: ReportJob = ReportJob.objects.create(area=area, **fields)
    return made


def _upload(by: User) -> ActivityUpload:
    made: ActivityUpload = ActivityUpload.objects.create(
        by=by, language="vi", name="a.xlsx", sha256="0" * 64, size=8, state="checked", rows=1, bad=1
    )
    UploadRow.objects.create(upload=made, number=3, values={"title": "Thiếu ngày"}, is_good=False)
    return made


def _report(area: Area, **changed: Any) -> Report:
    made: Report = Report.objects.create(
        kind=ReportKind.SIX_MONTH,
        area=area,
        period_code="2020-H1",
        period_start=dt.date(2019, 12, 15),
        period_end=dt.date(2020, 6, 14),
        title="Báo cáo sáu tháng",
        snapshot={
            "document": {"title": "BÁO CÁO", "subject": "Sáu tháng đầu năm 2020", "opening": []},
            "sections": [],
        },
        file=ContentFile(b"%PDF-1.7", name="report.pdf"),
        sha256="0" * 64,
        size=8,
        pages=1,
        **changed,
    )
    return made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files_dir(settings: Settings, files: Path) -> None:
    settings.MEDIA_ROOT = files
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, files: Path) -> Iterator[World]:
    """Made once for all rows, in a transaction around theirs that is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=files):
            yield _make_world(make_cast())
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: World, db: None) -> World:
    return _world


def _make_world(cast: Cast) -> World:
    of, here = cast.agencies, cast.map
    for person in vars(cast.people).values():  # whoever has no password is sent to choose one
        person.password = "argon2$never$checked"
        person.save(update_fields=["password"])
    officer, stranger = cast.people.filing_officer, cast.people.stranger
    sister = User.objects.create_user("si.ma.cai@example.vn")
    sister.memberships.create(
        agency=of.si_ma_cai_police, role="filing_officer", area=here.si_ma_cai, valid_from=dt.date(2004, 1, 1)
    )
    activities = {
        "own": approve_activity(
            activity=_file(of.bat_xat_police, here.y_ty, officer), actor=cast.people.head_of_unit, version=1
        ),
        "own_waiting": _file(of.bat_xat_police, here.y_ty, officer),
        "own_draft": _file(of.bat_xat_police, here.y_ty, officer, "draft"),
        "sister": _file(of.si_ma_cai_police, here.si_ma_cai, sister),
        "sister_draft": _file(of.si_ma_cai_police, here.si_ma_cai, sister, "draft"),
        "far": _file(of.dak_ha_police, here.dak_pxi, stranger),
        "training": _file(of.bat_xat_police, here.y_ty, officer, kind=ActivityKind.TRAINING),
        "far_training": _file(of.dak_ha_police, here.dak_pxi, stranger, kind=ActivityKind.SEMINAR),
    }
    keep_register(actor=officer, activity=activities["training"], version=0, topic="Nhận biết nạn nhân")
    activities["training"] = approve_activity(
        activity=activities["training"], actor=cast.people.head_of_unit, version=1
    )
    register = {
        **make_register(cast),
        **make_incidents(cast),
        "indicator": make_indicator(),
        **make_resets(cast),
    }
    files = {
        f"{whose}_file": _attach(officer, activity=activities[name])
        for whose, name in (("own", "own"), ("draft", "own_draft"), ("sister", "sister"), ("far", "far"))
    } | _more_files(officer, activities, register)
    victims = make_victims(cast)
    keys = make_keys(cast)
    done = _job(here.lao_cai, state=ReportJob.State.DONE, progress=100)
    reports = {
        "report": _report(here.lao_cai, job=done),
        "issued": _report(
            here.lao_cai,
            state=Report.State.ISSUED,
            number=1,
            issued_on=dt.date(2020, 6, 20),
            code="A1B2C3D4",
        ),
        "far_report": _report(here.kon_tum),
    }
    return World(
        cast,
        activities,
        files,
        {"job": _job(here.lao_cai), "done_job": done, "far_job": _job(here.kon_tum)},
        reports,
        register,
        make_comments(cast, activities, register),
        make_statements(cast, sister),
        {
            "own_upload": _upload(officer),
            "own_past_upload": make_past_upload(officer),
            **make_directory_uploads(cast.people.administrator),
        },
        {
            **victims,
            **make_files(cast, register, victims),
            **make_register_api(files),
            **make_portal_pages(cast),
            **make_exports(cast),
            **case_parts(register),
            **victim_parts(victims),
        },
        make_submissions(cast),
        make_owed(cast),
        make_questions(cast),
        make_drafts(cast),
        make_templates(cast),
        keys,
        make_webhooks(keys),
        make_people_records(cast) | make_agency_records(cast),
        Readers(cast.people, [role for role in ROLES if role != "anonymous"]),
    )


def _more_files(
    actor: User, activities: dict[str, Activity], register: dict[str, int]
) -> dict[str, Attachment]:
    """Files of documents and of progress notes, and pictures with a small one."""

    def small() -> ContentFile[bytes]:
        return ContentFile(b"\xff\xd8\xff", name="small")

    notes = {
        f"{whose}_note_file": _attach(
            actor,
            progress_note=ProgressNote.objects.create(
                assignment_id=register[f"{whose}_task"],
                state=Assignment.State.IN_PROGRESS,
                text="Đã làm một nửa.",
                by=actor,
                submission_key=uuid.uuid4(),
            ),
        )
        for whose in ("own", "sister")
    }
    plans = {f"{name}_file": _attach(actor, document_id=register[name]) for name in ("plan", "own_plan")}
    return {
        **notes,
        **plans,
        "plan_picture": _attach(actor, document_id=register["plan"], thumbnail=small()),
        "own_picture": _attach(actor, activity=activities["own"], thumbnail=small()),
        "far_picture": _attach(actor, activity=activities["far"], thumbnail=small()),
    }
