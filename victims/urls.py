"""Addresses of victims' files. A victim stands in them under a code without meaning."""

from django.urls import path, register_converter

from victims.models import CODE_PATTERN
from victims.views import (
    attachment,
    calendar,
    export,
    file,
    identity,
    keeping,
    reads,
    retention,
    seen,
    steps,
    transfer,
)


class VictimCode:
    regex = CODE_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(VictimCode, "victim")

urlpatterns = [
    path("audit/record/", seen.record_seen, name="record_seen"),
    path("audit/record/seen.csv", seen.record_seen_export, name="record_seen_export"),
    path("victims/", file.victim_list, name="victim_list"),
    path("victims/new/", file.victim_new, name="victim_new"),
    path("victims/caseload/", file.victim_caseload, name="victim_caseload"),
    path("victims/search/", identity.victim_search, name="victim_search"),
    path("victims/transfers/", transfer.transfer_list, name="transfer_list"),
    path("victims/transfers/<uuid:key>/", transfer.transfer_detail, name="transfer_detail"),
    path("victims/facilities/", keeping.facility_list, name="facility_list"),
    path("victims/facilities/new/", keeping.facility_new, name="facility_new"),
    path("victims/facilities/<int:pk>/", keeping.facility_edit, name="facility_edit"),
    path("victims/requests/", keeping.data_request_list, name="data_request_list"),
    path("victims/requests/new/", keeping.data_request_new, name="data_request_new"),
    path("victims/requests/<int:pk>/", keeping.data_request_answer, name="data_request_answer"),
    path("victims/retention/", retention.retention_rules, name="retention_rules"),
    path("victims/retention/<int:pk>/", retention.retention_rule, name="retention_rule"),
    path("working-days/", calendar.special_days, name="special_days"),
    path("working-days/new/", calendar.special_day_new, name="special_day_new"),
    path("working-days/<int:pk>/", calendar.special_day, name="special_day"),
    path("case-exports/", export.export_list, name="case_export_list"),
    path("case-exports/new/", export.export_new, name="case_export_new"),
    path("case-exports/<uuid:key>/", export.export_detail, name="case_export_detail"),
    path("case-exports/<uuid:key>/status/", export.export_status, name="case_export_status"),
    path("case-exports/<uuid:key>/file/", export.export_file, name="case_export_file"),
    path("reads/", reads.own_reads, name="own_reads"),
    path("reads/<int:pk>/", reads.reads_of_person, name="reads_of_person"),
    path("victims/<victim:code>/", file.victim_detail, name="victim_detail"),
    path("victims/<victim:code>/edit/", file.victim_edit, name="victim_edit"),
    path("victims/<victim:code>/log/", file.victim_log, name="victim_log"),
    path("victims/<victim:code>/identity/", identity.victim_identity, name="victim_identity"),
    path("victims/<victim:code>/identity/edit/", identity.identity_edit, name="victim_identity_edit"),
    path("victims/<victim:code>/files/", attachment.attachment_add, name="victim_attachment_add"),
    path("victims/<victim:code>/files/<uuid:key>/", attachment.attachment, name="victim_attachment"),
    path(
        "victims/<victim:code>/files/<uuid:key>/remove/",
        attachment.attachment_remove,
        name="victim_attachment_remove",
    ),
    path("victims/<victim:code>/add/<slug:step>/", steps.victim_step, name="victim_step"),
    path("victims/<victim:code>/settle/<slug:what>/<int:pk>/", steps.victim_settle, name="victim_settle"),
]
