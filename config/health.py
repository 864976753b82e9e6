"""Whether the process lives and whether the portal can work. Both answer without a session."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("migrations are pending")


def _broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _storage() -> None:
    default_storage.delete(default_storage.save("ready.probe", ContentFile(b"ready")))


PARTS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "storage": _storage,
}


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where a browser looks for the icon of what is no page of ours, such as a file or an answer of the API."""
    return redirect(static("img/favicon.svg"))


def look_at_parts() -> dict[str, str]:
    """Each part the portal needs: "ok", or the kind of failure."""
    parts: dict[str, str] = {}
    for name, check in PARTS.items():
        try:
            check()
            parts[name] = "ok"
        except Exception as error:
            parts[name] = type(error).__name__
    return parts


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part the portal needs: ok, or the kind of failure. A missing broker does not make it unready."""
    parts = look_at_parts()
    ready = all(parts[name] == "ok" for name in ("database", "migrations", "storage"))
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
