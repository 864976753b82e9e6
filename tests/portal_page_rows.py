"""The rows of the permission matrix for notices, feedback, the contact, and the pages about the portal itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Feedback
from accounts.notice_mail import DIGEST, stop_token
from tests.cast import Cast

PORTAL_PAGES = """
                                                      anon file head case inve coor stee admi stra
GET  notice_choices                 -                 in   200  200  200  200  200  200  200  200
POST notice_choices                 -                 in   422  422  422  422  422  422  422  422
GET  notice_mute                    -                 in   405  405  405  405  405  405  405  405
POST notice_mute                    -                 in   404  404  404  404  404  404  404  404
GET  notice_hear_again              -                 in   405  405  405  405  405  405  405  405
POST notice_hear_again              -                 in   404  404  404  404  404  404  404  404
GET  notice_stop                    stop_digest       200  200  200  200  200  200  200  200  200
POST notice_stop                    stop_digest       200  200  200  200  200  200  200  200  200
GET  notice_stop                    stop_nothing      404  404  404  404  404  404  404  404  404
POST notice_stop                    stop_nothing      404  404  404  404  404  404  404  404  404

GET  feedback_new                   -                 in   200  200  200  200  200  200  200  200
POST feedback_new                   -                 in   422  422  422  422  422  422  422  422
GET  feedback_list                  -                 in   403  403  403  403  403  403  200  403
POST feedback_list                  -                 in   405  405  405  405  405  405  405  405
GET  feedback_detail                own_feedback      in   200  404  404  404  404  404  200  404
POST feedback_detail                own_feedback      in   404  404  404  404  404  404  404  404
GET  feedback_detail                far_feedback      in   404  404  404  404  404  404  404  404
GET  feedback_detail                nothing           in   404  404  404  404  404  404  404  404

GET  contact                        -                 200  200  200  200  200  200  200  200  200
POST contact                        -                 405  405  405  405  405  405  405  405  405
GET  contact_edit                   contact_of_ours   in   403  403  403  403  403  403  200  403
POST contact_edit                   contact_of_ours   in   403  403  403  403  403  403  422  403
GET  contact_edit                   contact_of_far    in   403  403  403  403  403  403  404  403

GET  sitemap                        -                 in   200  200  200  200  200  200  200  200
POST sitemap                        -                 in   405  405  405  405  405  405  405  405
GET  changes                        -                 200  200  200  200  200  200  200  200  200
POST changes                        -                 405  405  405  405  405  405  405  405  405
GET  help                           -                 in   200  200  200  200  200  200  200  200
POST help                           -                 in   405  405  405  405  405  405  405  405
GET  help_for                       a_guide           in   200  200  200  200  200  200  200  200
POST help_for                       a_guide           in   405  405  405  405  405  405  405  405
GET  help_for                       no_guide          in   404  404  404  404  404  404  404  404
GET  style_page                     -                 in   200  200  200  200  200  200  200  200
POST style_page                     -                 in   405  405  405  405  405  405  405  405
GET  first_steps                    -                 in   405  405  405  405  405  405  405  405
POST first_steps                    -                 in   302  302  302  302  302  302  302  302
"""


def make_portal_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the addresses of the rows need: feedback of the filing officer and of a far province, links of e-mails."""
    told = {"kind": Feedback.Kind.IDEA, "text": "Chữ to hơn nữa", "given_on": dt.date(2020, 6, 1)}
    own = Feedback.objects.create(area=cast.map.lao_cai, author=cast.people.filing_officer, **told)
    far = Feedback.objects.create(area=cast.map.kon_tum, **told)
    return {
        "own_feedback": {"pk": own.pk},
        "far_feedback": {"pk": far.pk},
        "contact_of_ours": {"pk": cast.map.lao_cai.pk},
        "contact_of_far": {"pk": cast.map.kon_tum.pk},
        "stop_digest": {"token": stop_token(cast.people.coordinator, DIGEST)},
        "stop_nothing": {"token": "WzEsImRpZ2VzdCJd:1abcDE:signature"},
        "a_guide": {"role": "leader"},
        "no_guide": {"role": "nobody"},
    }
