"""Measure an upload: make a workbook, check its rows, store them, export them again; seconds and memory.

    python -m benchmarks.upload [rows]

It works on a database of its own and prints what it found. Nothing is written to benchmarks/results.json.
"""

import datetime as dt
import json
import os
import resource
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["PCMBN_DATABASE_NAME"] = "portal_bench_upload"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import QueryDict  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.models import ActivityKind, ActivityUpload  # noqa: E402
from programs.tables import ActivityListing  # noqa: E402
from programs.workbook import leases, uploads  # noqa: E402
from programs.workbook.checking import taken_file  # noqa: E402
from programs.workbook.choices import Choices  # noqa: E402
from programs.workbook.exporting import full_export  # noqa: E402
from programs.workbook.writing import WrittenRow, filled  # noqa: E402

_DAY = dt.date(2020, 4, 1)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return round(time.perf_counter() - started, 2), result


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def workbook(actor: User, rows: int) -> bytes:
    choices = Choices(actor)
    agency = next(iter(choices.agencies.records.values()))
    areas = [area for area in choices.areas.records.values() if area.held_on(_DAY)]
    partner = choices.partners.labels[0]

    def row(number: int) -> WrittenRow:
        return WrittenRow(
            {
                "kind": str(ActivityKind.COMMUNICATION.label),
                "title": f"Tuyên truyền phòng, chống mua bán người lần {number}",
                "agency": choices.agencies.label(agency),
                "area": choices.areas.label(areas[number % len(areas)]),
                "started_on": "05/03/2020",
                "ended_on": f"{number % 28 + 1:02d}/04/2020",
                "partner_agencies": partner,
                "other_partners": "Đồn biên phòng",
                "narrative": f"Tổ chức tại nhà văn hóa, có phiên dịch. Lần thứ {number}.",
                "figure.sessions": "02",
                "figure.attendances": f"trên {number % 900 + 100}",
                "women.attendances": "50",
                "cost.local": "12.500.000",
            }
        )

    with filled(choices, map(row, range(rows))) as file:
        return file.read()


def work(upload: ActivityUpload) -> ActivityUpload:
    lease = leases.take(str(upload.key))
    assert lease is not None
    uploads.work_on(lease)
    return ActivityUpload.objects.unscoped("the benchmark's own").get(pk=upload.pk)


def main(rows: int) -> int:
    call_command("migrate", verbosity=0)
    call_command("load_areas", verbosity=0)
    call_command("load_demo")
    officer = User.objects.get(email="can-bo.kontum@demo.example")
    made, content = seconds(lambda: workbook(officer, rows))
    took, taken = seconds(lambda: taken_file(SimpleUploadedFile("bench.xlsx", content)))
    upload = uploads.upload_workbook(actor=officer, file=taken, key=uuid.uuid4())
    before = peak_megabytes()
    check, upload = seconds(lambda: work(upload))
    after_check = peak_megabytes()
    assert (upload.state, upload.good) == ("checked", rows), (upload.failure, upload.bad)
    uploads.store_upload(upload=upload, actor=officer)
    store, upload = seconds(lambda: work(upload))
    assert (upload.state, upload.stored) == ("stored", rows), upload.failure
    after_store = peak_megabytes()
    listing = ActivityListing(QueryDict("q=tuyen+truyen+lan"), reader=officer)
    export, file = seconds(lambda: full_export(listing, reader=officer))
    file.close()
    found = {
        "rows": rows,
        "file_bytes": len(content),
        "make_workbook": made,
        "take_file": took,
        "check": check,
        "store": store,
        "check_and_store": round(check + store, 2),
        "export_again": export,
        "peak_mb": {"before": before, "check": after_check, "store": after_store, "export": peak_megabytes()},
        "limits": {"bytes": settings.UPLOAD_MAX_BYTES, "rows": settings.UPLOAD_MAX_ROWS},
    }
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
