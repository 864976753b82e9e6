"""Report templates for the permission matrix: its rows, and the draft they speak of."""

from __future__ import annotations

from typing import Any

from reporting.models import ReportTemplate, TemplateDraft
from tests.cast import Cast

TEMPLATES = """
                                                      anon file head case inve coor stee admi stra
GET  template_list                  -                 in   403  403  403  403  403  403  200  403
POST template_list                  -                 in   405  405  405  405  405  405  405  405
GET  template_detail                template          in   403  403  403  403  403  403  200  403
GET  template_detail                nothing           in   403  403  403  403  403  403  404  403
POST template_detail                template          in   405  405  405  405  405  405  405  405
GET  template_change                template          in   405  405  405  405  405  405  405  405
POST template_change                template          in   403  403  403  403  403  403  302  403
POST template_change                nothing           in   403  403  403  403  403  403  404  403
GET  template_draft                 template_draft    in   403  403  403  403  403  403  200  403
GET  template_draft                 no_key            in   403  403  403  403  403  403  404  403
POST template_draft                 template_draft    in   403  403  403  403  403  403  302  403
POST template_draft                 no_key            in   403  403  403  403  403  403  404  403
GET  template_draft_preview         template_draft    in   403  403  403  403  403  403  200  403
GET  template_draft_preview         no_key            in   403  403  403  403  403  403  404  403
POST template_draft_preview         template_draft    in   405  405  405  405  405  405  405  405
GET  template_draft_publish         template_draft    in   405  405  405  405  405  405  405  405
POST template_draft_publish         template_draft    in   403  403  403  403  403  403  422  403
POST template_draft_publish         no_key            in   403  403  403  403  403  403  404  403
GET  template_draft_abandon         template_draft    in   405  405  405  405  405  405  405  405
POST template_draft_abandon         template_draft    in   403  403  403  403  403  403  302  403
POST template_draft_abandon         no_key            in   403  403  403  403  403  403  404  403
"""

#: What the forms of the draft send: an unchanged version, and a section that nobody filled in.
SENT = {"version": "1", "section": "0", "do": "save"}


def make_templates(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the addresses of these rows need, by name. Runs after the drafts of reports made a template."""
    template = ReportTemplate.objects.filter(code="six_month", level="").latest("version")
    draft = TemplateDraft.objects.create(
        code=template.code,
        name=template.name,
        layout=template.layout,
        based_on=template,
        begun_by=cast.people.administrator,
    )
    return {"template": {"pk": template.pk}, "template_draft": {"key": draft.key}}
