"""The checks of every app, run one after another; once a night they are recorded, and errors are told."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.findings import Finding, Level
from accounts.models import CheckRun, Notice
from accounts.notices import notify
from accounts.people.rights import administrators_of
from accounts.row_scope import system_scope

#: A run keeps so many findings; more of them say nothing new.
KEPT = 200


def find_all() -> Iterator[Finding]:
    """What the checks of all apps find, as it is found."""
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.sanity") is None:
            continue
        for check in import_module(f"{app.name}.sanity").CHECKS:
            with system_scope("a check looks at every row"):
                yield from check()


def check_and_record() -> CheckRun:
    """Run all checks, keep what they find, and tell administrators of errors."""
    run: CheckRun = CheckRun.objects.create()
    for finding in find_all():
        if finding.level is Level.INFO:
            continue
        run.errors += finding.level is Level.ERROR
        run.warnings += finding.level is Level.WARNING
        if len(run.findings) < KEPT:
            run.findings.append({"level": str(finding.level), "where": finding.where, "what": finding.what})
    run.finished_at = timezone.now()
    run.save()
    if run.errors:
        notify(
            people=administrators_of(None),
            kind=Notice.CHECKS_FAILED,
            key=f"checks:{run.pk}",
            url=reverse("condition"),
            about={"number": str(run.errors)},
        )
    return run
