"""Looking at the report that a draft of a template would make, of a chosen area and period; nothing is stored."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Document, Pilot
from reporting.building import build_snapshot
from reporting.forms import ReportForm
from reporting.models import ReportKind, TemplateDraft
from reporting.rendering.snapshot import Snapshot
from reporting.services.templates import MANAGE, as_template
from reporting.templating.checking import Layout
from territory.models import Area, Level
from territory.period import CutOff, Period

#: Blocks that tell single records or what units wrote. Keeping templates gives no right to read these.
RECORDS = frozenset(
    {
        *("narratives", "statements", "activities", "documents", "cited_by", "tasks", "progress"),
        *("pilot", "pilot_figures", "pilot_assessments", "pilot_decision"),
    }
)
WITHHELD = "[Nội dung từ hồ sơ của các đơn vị, không hiện khi xem trước mẫu.]"

_REASON = "a preview is about the newest one of an area of the administrator's own membership"


def areas_to_preview(user: User, draft: TemplateDraft) -> QuerySet[Area]:
    """The areas of the template's level within the memberships by which the person keeps templates.

    A template for any level is looked at by a province.
    """
    condition = Q(pk__in=[])
    for grant in scope_of(user).having(MANAGE):
        condition |= Q(path__startswith=grant.area.path)
    found: QuerySet[Area] = Area.objects.filter(condition, level=draft.level or Level.PROVINCE)
    return found.order_by("sort_key", "valid_from")


class PreviewForm(ReportForm):
    """Of which area and period the report is made."""

    kind = None  # type: ignore[assignment]
    request_key = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, user: User, draft: TemplateDraft) -> None:
        super().__init__(data, user=user, initial={"rule": CutOff.ND09.value})
        self.draft = draft
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas_to_preview(user, draft)
        field.help_text = _("Areas of the template's level for which you are administrator.")
        field.error_messages["invalid_choice"] = _("Choose an area of the list.")

    def _check_fit(self, kind: str, area: Area | None, period: Period) -> None:
        super()._check_fit(self.draft.code, area, period)


def preview(actor: User, draft: TemplateDraft, area: Area, period: Period) -> Snapshot:
    """The report of an area and period by a draft that has no problems. The caller checks the area.

    Who may not read reports of the area sees its figures and the wording, and of blocks that tell records only where
    they stand. A pilot assessment is that of the newest pilot of the area, a progress report that of its newest
    document with tasks.
    """
    pilot = document = None
    if draft.code == ReportKind.PILOT:
        found = Pilot.objects.unscoped(_REASON).filter(areas__path__startswith=area.path)
        pilot = found.select_related("document__issuer", "lead").order_by("-starts_on", "-pk").first()
    if draft.code == ReportKind.PROGRESS:
        given = Document.objects.unscoped(_REASON).filter(area=area, tasks__isnull=False)
        document = given.select_related("issuer").order_by("-issued_on", "-pk").first()
    template = as_template(draft)
    if not scope_of(actor).may_in("report.read", area):
        template.layout = _without_records(template.layout)
    with override("vi"):
        return build_snapshot(
            kind=draft.code, area=area, period=period, pilot=pilot, document=document, template=template
        )


def _without_records(layout: Layout) -> Layout:
    parts = [
        {
            **part,
            "blocks": [
                {"kind": "text", "key": block["key"], "text": WITHHELD} if block["kind"] in RECORDS else block
                for block in part["blocks"]
            ],
        }
        for part in layout["parts"]
    ]
    return {**layout, "parts": parts}
