"""A forgotten filter in web, worker and shell, as these processes really connect: nothing is shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from accounts.models import Role
from tests.cast import make_cast, member, person
from tests.security.test_role import PROJECT, portal_environment
from tests.victims.files import FAR_WORKER, file_of

WORKER = "hoang.thi.lan@example.vn"

#: What `Victim.objects.all()` gives and what a query gives that the first wall was taken from: without a scope, from a
#: view of another province, and in the scope of the agency in care.
ASK = f"""
from django.http import HttpResponse
from django.test import RequestFactory
from accounts.models import User
from accounts.row_scope import protected_rows, row_scope
from accounts.scoping import UnscopedQuery
from victims.models import Victim

def everybody():
    try:
        return len(Victim.objects.all())
    except UnscopedQuery:
        return "refused"

def forgotten():
    return len(Victim.objects.unscoped("a test of the second wall").all())

def view(request):
    return HttpResponse(f"{{everybody()}} {{forgotten()}}")

request = RequestFactory().get("/")
request.user = User.objects.get(email="{FAR_WORKER}")
told = [everybody(), forgotten(), protected_rows(view)(request).content.decode()]
with row_scope(User.objects.get(email="{WORKER}")):
    told.append(forgotten())
print(*told)
"""


@pytest.mark.parametrize(
    "command",
    [
        ["-c", f"import config.wsgi\n{ASK}"],
        ["-c", f"import django; django.setup(); import config.celery\n{ASK}"],
        ["manage.py", "shell", "--verbosity", "0", "-c", ASK],
    ],
    ids=["web", "worker", "shell"],
)
@pytest.mark.django_db(transaction=True)
def test_another_province_and_no_scope_are_shown_no_victim(command: list[str]) -> None:
    cast = make_cast()
    member(person(FAR_WORKER), Role.CASE_WORKER, cast.agencies.kon_tum_labour)
    file_of(cast.people.case_worker)

    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=portal_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.stdout.split() == ["refused", "0", "refused", "0", "1"], done.stderr[-1000:]
