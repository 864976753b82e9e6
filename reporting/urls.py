from django.urls import path

from reporting.views import home, programmes, reports, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme_detail"),
    path("programmes/<slug:code>/targets.xlsx", programmes.programme_export, name="programme_export"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/jobs/<uuid:key>/", reports.job_detail, name="report_job"),
    path("reports/jobs/<uuid:key>/status/", reports.job_status, name="report_job_status"),
    path("reports/<uuid:key>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:key>/report.pdf", reports.report_file, name="report_file"),
]
