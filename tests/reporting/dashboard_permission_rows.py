"""The rows of the permission matrix for dashboards, kept views and questions; see ``tests/permission_rows.py``.

Whose figures each reader sees is told in `tests/reporting/test_dashboard.py`. "ask_own" is a question of the steering
member to the police of Bát Xát, "ask_far" one to a unit of another province.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from reporting.models import Question, SavedView
from reporting.services.saved_views import save_view
from territory.models import Agency
from tests.cast import Cast

DASHBOARDS = """
                                                      anon file head case inve coor stee admi stra
GET  dashboard                      -                 in   200  200  200  200  200  200  403  200
POST dashboard                      -                 in   405  405  405  405  405  405  405  405
GET  dashboard_export               -                 in   200  200  200  200  200  200  403  200
POST dashboard_export               -                 in   405  405  405  405  405  405  405  405
GET  dashboard_print                -                 in   200  200  200  200  200  200  403  200
POST dashboard_print                -                 in   405  405  405  405  405  405  405  405
GET  compare                        -                 in   200  200  200  200  200  200  403  200
POST compare                        -                 in   405  405  405  405  405  405  405  405
GET  compare_export                 -                 in   200  200  200  200  200  200  403  200
POST compare_export                 -                 in   405  405  405  405  405  405  405  405
GET  compare_print                  -                 in   200  200  200  200  200  200  403  200
POST compare_print                  -                 in   405  405  405  405  405  405  405  405
GET  view_save                      -                 in   405  405  405  405  405  405  405  405
POST view_save                      ask_view          in   302  302  302  302  302  302  403  302
GET  view_remove                    nothing           in   405  405  405  405  405  405  405  405
POST view_remove                    nothing           in   404  404  404  404  404  404  404  404
GET  view_remove                    kept_view         in   405  405  405  405  405  405  405  405
POST view_remove                    kept_view         in   302  404  404  404  404  404  404  404
GET  view_change                    kept_view         in   405  405  405  405  405  405  405  405
POST view_change                    kept_view         in   302  404  404  404  404  404  404  404
POST view_change                    nothing           in   404  404  404  404  404  404  404  404
GET  question_list                  -                 in   200  200  403  403  200  200  403  200
POST question_list                  -                 in   405  405  405  405  405  405  405  405
GET  question_new                   -                 in   403  403  403  403  200  200  403  403
POST question_new                   -                 in   403  403  403  403  422  422  403  403
GET  question_detail                ask_own           in   200  200  403  403  200  200  403  404
GET  question_detail                ask_far           in   404  404  403  403  404  404  403  200
GET  question_detail                nothing           in   404  404  403  403  404  404  403  404
POST question_detail                ask_own           in   405  405  405  405  405  405  405  405
GET  question_step                  ask_answer        in   405  405  405  405  405  405  405  405
POST question_step                  ask_answer        in   302  302  403  403  403  403  403  404
POST question_step                  ask_withdraw      in   403  403  403  403  403  302  403  404
POST question_step                  ask_unknown       in   404  404  403  403  404  404  403  404
POST question_step                  ask_far_answer    in   404  404  403  403  404  404  403  302
"""


def make_questions(cast: Cast) -> dict[str, dict[str, Any]]:
    """The records of these rows, by name: what the address of each needs."""
    own = _question(cast, cast.agencies.bat_xat_police).pk
    far = _question(cast, cast.agencies.dak_ha_police).pk
    return {
        "ask_view": {},
        "kept_view": {"pk": _kept_view(cast)},
        "ask_own": {"pk": own},
        "ask_far": {"pk": far},
        "ask_answer": {"pk": own, "step": "answer"},
        "ask_withdraw": {"pk": own, "step": "withdraw"},
        "ask_unknown": {"pk": own, "step": "luck"},
        "ask_far_answer": {"pk": far, "step": "answer"},
    }


def _kept_view(cast: Cast) -> int:
    """A table of the filing officer, shared with the police of Bát Xát."""
    view = save_view(
        actor=cast.people.filing_officer,
        name="Chung",
        page=SavedView.Page.EXPLORE,
        parameters={"indicator": "victims_received", "period": "2020"},
        shared_with=cast.agencies.bat_xat_police,
    )
    return int(view.pk)


def _question(cast: Cast, agency: Agency) -> Question:
    made: Question = Question.objects.create(
        agency=agency,
        area=agency.area,
        text="Vì sao tăng?",
        due_on=timezone.localdate() + dt.timedelta(days=7),
        asked_by=cast.people.steering_member,
        submission_key=uuid.uuid4(),
    )
    return made


def question_sent(about: str) -> dict[str, str]:
    """What a form of a row sends."""
    named = {"name": "Của tôi"}
    return {"ask_view": named, "kept_view": named}.get(about, {"text": "Do phát hiện một vụ."})
