"""Drafts of reports for the permission matrix: its rows, the records they speak of, and what a form sends."""

from reporting.layouts import LAYOUTS
from reporting.models import ReportDraft, ReportTemplate
from territory.models import Area
from tests.cast import Cast

DRAFTS = """
                                                      anon file head case inve coor stee admi stra
GET  draft_list                     -                 in   403  403  403  403  200  403  403  403
POST draft_list                     -                 in   405  405  405  405  405  405  405  405
GET  draft_new                      -                 in   403  403  403  403  200  403  403  403
POST draft_new                      -                 in   403  403  403  403  422  403  403  403
GET  draft_edit                     here_draft        in   404  404  404  404  200  404  404  404
GET  draft_edit                     far_draft         in   404  404  404  404  404  404  404  404
GET  draft_edit                     no_key            in   404  404  404  404  404  404  404  404
POST draft_edit                     here_draft        in   405  405  405  405  405  405  405  405
GET  draft_block                    here_draft        in   405  405  405  405  405  405  405  405
POST draft_block                    here_draft        in   404  404  404  404  302  404  404  404
POST draft_block                    far_draft         in   404  404  404  404  404  404  404  404
POST draft_block                    no_key            in   404  404  404  404  404  404  404  404
GET  draft_keep                     here_draft        in   405  405  405  405  405  405  405  405
POST draft_keep                     here_draft        in   404  404  404  404  200  404  404  404
POST draft_keep                     far_draft         in   404  404  404  404  404  404  404  404
POST draft_keep                     no_key            in   404  404  404  404  404  404  404  404
GET  draft_abandon                  here_draft        in   405  405  405  405  405  405  405  405
POST draft_abandon                  here_draft        in   404  404  404  404  302  404  404  404
POST draft_abandon                  far_draft         in   404  404  404  404  404  404  404  404
GET  draft_make                     here_draft        in   405  405  405  405  405  405  405  405
POST draft_make                     here_draft        in   404  404  404  404  302  404  404  404
POST draft_make                     far_draft         in   404  404  404  404  404  404  404  404
POST draft_make                     no_key            in   404  404  404  404  404  404  404  404
"""

#: What the form of a block sends.
SENT = {"version": "1", "block": "I-2", "action": "save", "text": "Tình hình ổn định.", "after": ""}


def make_drafts(cast: Cast) -> dict[str, ReportDraft]:
    """A draft of the coordinator's province and one of another."""
    name, layout = LAYOUTS["six_month", ""]
    template = ReportTemplate.objects.create(code="six_month", name=name, layout=layout)
    return {"here_draft": _draft(cast.map.lao_cai, template), "far_draft": _draft(cast.map.kon_tum, template)}


def _draft(area: Area, template: ReportTemplate) -> ReportDraft:
    made: ReportDraft = ReportDraft.objects.create(
        kind="six_month", area=area, period_code="2020-H1", period_rule="ND09/2019", template=template
    )
    return made
