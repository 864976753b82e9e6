"""Floors: the same answers by one statement written by hand, over psycopg2 and through a bare view.

They run in the same gunicorn, with the same middleware, session and person as the page they are held against. What a
reader may see is not judged here; the statement names the province.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import generics, serializers

from accounts.models import User
from programs.models import Activity
from reporting.dashboard import Dashboard, asked_of
from reporting.dashboard.answers import KEY, PIPELINE, REACH, STATUS, VICTIMS_BY
from reporting.statistics.answering import number

#: The header of a request that wants to know how many statements it took, and of the answer.
COUNTED = "X-Statements"

_SEEN = "a.province_id = %(province)s AND a.state = 'approved'"
_HALF = "a.ended_on BETWEEN %(first)s AND %(last)s"
_LISTED = f"""
    SELECT a.id, a.title, a.ended_on::text, g.name, p.name, a.kind,
           ARRAY(SELECT q.measure || ' ' || q.low::bigint FROM programs_activityquantity q
                 WHERE q.activity_id = a.id ORDER BY q.id)
    FROM programs_activity a JOIN territory_agency g ON g.id = a.agency_id
    JOIN territory_area p ON p.id = a.area_id
    WHERE {_SEEN} {{also}} ORDER BY a.ended_on DESC, a.id DESC LIMIT {{rows}}
"""
_IDS = f"SELECT a.id FROM programs_activity a WHERE {_SEEN} {{also}} ORDER BY a.ended_on DESC, a.id DESC LIMIT 25"
_SUMS = """
    SELECT i.code, p.code, w.name, sum(f.low)::bigint
    FROM reporting_fact f JOIN territory_area p ON p.id = f.area_id
    JOIN unnest(%(indicators)s::text[], %(measures)s::text[]) AS i (code, measure) ON i.measure = f.measure
    JOIN unnest(%(names)s::text[], %(firsts)s::date[], %(lasts)s::date[]) AS w (name, first, last)
         ON f.bucket BETWEEN w.first AND w.last AND f.from_bucket >= w.first
    WHERE {where} AND f.part = '' GROUP BY 1, 2, 3
"""
_IN_DISTRICT = f"AND a.district_id = %(district)s AND {_HALF}"

#: One statement for each answer, by name.
STATEMENTS = {
    "records": _LISTED.format(also="", rows=50),
    "records-filtered": _LISTED.format(also=_IN_DISTRICT, rows=50),
    "record": _LISTED.format(also="AND a.id = %(id)s", rows=1),
    "page": _IDS.format(also=""),
    "page-filtered": _IDS.format(also=_IN_DISTRICT),
    "page-searched": _IDS.format(
        also="AND a.search_text LIKE '%%tuan tra%%' AND a.search_text LIKE '%%777%%'"
    ),
    "totals": f"""
        SELECT q.measure, sum(q.low)::bigint FROM programs_activityquantity q
        JOIN programs_activity a ON a.id = q.activity_id WHERE {_SEEN} {_IN_DISTRICT} GROUP BY 1 ORDER BY 1
    """,
    "case": "SELECT c.code, (SELECT array_agg(s.kind ORDER BY s.reached_on, s.id) FROM incidents_stage s"
    " WHERE s.case_id = c.id) FROM incidents_case c WHERE c.id = %(id)s",
    "statistics": _SUMS.format(where="p.level = 'district' AND p.province_id = %(province)s"),
    "dashboard": _SUMS.format(where="p.id = %(province)s"),
    "owed": """
        SELECT count(*), count(s.id), count(*) FILTER (WHERE s.is_nil)
        FROM reporting_obligation o JOIN territory_area p ON p.id = o.area_id
        LEFT JOIN reporting_submission s ON s.obligation_id = o.id AND s.state IN ('submitted', 'accepted')
        WHERE o.form = 'six_month' AND o.period_code = %(period)s AND p.province_id = %(province)s
          AND o.excused_at IS NULL AND NOT (p.id = %(province)s AND EXISTS (
              SELECT FROM territory_agencyduty d WHERE d.agency_id = o.agency_id AND d.duty = 'standing'))
    """,
}


class CountStatements:
    """Tells a request that asks for it how many statements it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if COUNTED not in request.headers:
            return self.get_response(request)
        taken = 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal taken
            taken += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response[COUNTED] = str(taken)
        return response


class BareSerializer(serializers.ModelSerializer[Activity]):
    class Meta:
        model = Activity
        fields = [
            *("id", "version", "state", "kind", "title", "agency", "area", "started_on", "ended_on"),
            *("is_cumulative", "is_integrated", "audience", "other_partners", "narrative", "created_at"),
        ]


class BareList(generics.ListAPIView[Activity]):
    """The floor of lists: fifty rows over one indexed query, through the usual serializer."""

    serializer_class = BareSerializer
    pagination_class = None
    throttle_classes = ()

    def get_queryset(self) -> Any:
        rows = Activity.objects.unscoped("a floor to measure against")
        province = int(self.request.GET["province"])
        return rows.filter(province=province, state="approved").order_by("-ended_on", "-id")[:50]


def answer(request: HttpRequest, name: str) -> JsonResponse:
    """The rows of a statement; its parameters stand in the address, several of a name as a list."""
    given = {key: values if key.endswith("s") else values[0] for key, values in request.GET.lists()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.system', 'on', false)") if name == "case" else None
        cursor.execute(STATEMENTS[name], given)
        return JsonResponse({"rows": cursor.fetchall()})


def dashboard_data(request: HttpRequest) -> JsonResponse:
    """All that a dashboard knows, without its page: every answer as a number, and the lists beside the figures."""
    assert isinstance(request.user, User)
    board = Dashboard(asked_of(request.GET, request.user))
    answers = board.answers
    told = [
        *(each for code in (*KEY, *PIPELINE) if answers.indicator(code) for each in answers.over_time(code)),
        *(
            each
            for row in answers.chosen((*STATUS, *REACH))
            for each in (answers.at(row.code), answers.before(row.code))
        ),
        *(answers.part("victims_received", part) for by in VICTIMS_BY for part in answers.parts[by]),
        *(answers.part("services_given", part) for part in answers.parts["service"]),
        *(
            answers.within(area, period)
            for area in board.asked.parts
            for period in (None, board.asked.before)
        ),
    ]
    figures = {
        (
            each.indicator.code,
            each.area.code,
            each.period.code,
            number(each.figure.nominal if each.figure else None),
        )
        for each in told
        if not each.part
    }
    lists = [len(board.rows.silent), len(board.rows.owed), len(board.rows.done), len(board.rows.tasks)]
    return JsonResponse({"figures": list(figures), "answers": len(told), "lists": lists})


@csrf_exempt
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """What no sign-in goes below: the hash of the password is made and compared."""
    user = User.objects.get(email=request.POST["login"])
    return HttpResponse(status=204 if check_password(request.POST["password"], user.password) else 403)
