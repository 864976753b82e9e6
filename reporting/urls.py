from django.urls import path

from reporting.views import drafts, home, programmes, reports

urlpatterns = [
    path("", home.home, name="home"),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme_detail"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/drafts/", drafts.draft_list, name="draft_list"),
    path("reports/drafts/new/", drafts.draft_new, name="draft_new"),
    path("reports/drafts/<uuid:key>/", drafts.draft_edit, name="draft_edit"),
    path("reports/drafts/<uuid:key>/block/", drafts.draft_block, name="draft_block"),
    path("reports/drafts/<uuid:key>/abandon/", drafts.draft_abandon, name="draft_abandon"),
    path("reports/jobs/<uuid:key>/", reports.job_detail, name="report_job"),
    path("reports/jobs/<uuid:key>/status/", reports.job_status, name="report_job_status"),
    path("reports/<uuid:key>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:key>/report.pdf", reports.report_file, name="report_file"),
]
