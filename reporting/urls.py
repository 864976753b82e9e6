from django.urls import path

from reporting.views import batches, figures, home, indicators, issue, programmes, reports, verify

urlpatterns = [
    path("", home.home, name="home"),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme_detail"),
    path("programmes/<slug:code>/targets.xlsx", programmes.programme_export, name="programme_export"),
    path("figures/", figures.figure_detail, name="figure_detail"),
    path("indicators/", indicators.indicator_list, name="indicator_list"),
    path("indicators/new/", indicators.indicator_new, name="indicator_new"),
    path("indicators/<int:pk>/", indicators.indicator_detail, name="indicator_detail"),
    path("indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/jobs/<uuid:key>/", reports.job_detail, name="report_job"),
    path("reports/jobs/<uuid:key>/status/", reports.job_status, name="report_job_status"),
    path("reports/jobs/<uuid:key>/stop/", issue.job_cancel, name="report_job_cancel"),
    path("reports/jobs/<uuid:key>/again/", issue.job_again, name="report_job_again"),
    path("reports/batches/new/", batches.batch_new, name="report_batch_new"),
    path("reports/batches/<uuid:key>/", batches.batch_detail, name="report_batch"),
    path("reports/schedules/", batches.schedule_list, name="report_schedules"),
    path("reports/<uuid:key>/step/", issue.report_step, name="report_step"),
    path("reports/<uuid:key>/revision/", issue.report_revise, name="report_revise"),
    path("reports/<uuid:key>/report.docx", issue.report_word, name="report_word"),
    path("verify/", verify.verify_home, name="verify_home"),
    path("verify/<str:code>", verify.verify, name="verify"),
    path("reports/<uuid:key>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:key>/report.pdf", reports.report_file, name="report_file"),
]
