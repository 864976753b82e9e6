from django.urls import include, path

from reporting.views import consolidation, figures, forms, home, indicators, obligations, programmes, reports

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("reporting.submission_urls")),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme_detail"),
    path("programmes/<slug:code>/targets.xlsx", programmes.programme_export, name="programme_export"),
    path("figures/", figures.figure_detail, name="figure_detail"),
    path("indicators/", indicators.indicator_list, name="indicator_list"),
    path("indicators/new/", indicators.indicator_new, name="indicator_new"),
    path("indicators/<int:pk>/", indicators.indicator_detail, name="indicator_detail"),
    path("indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("obligations/", obligations.obligation_list, name="obligation_list"),
    path("obligations/list.xlsx", obligations.obligation_export, name="obligation_export"),
    path("obligations/list.csv", obligations.obligation_export_csv, name="obligation_export_csv"),
    path("obligations/heatmap/", obligations.obligation_heatmap, name="obligation_heatmap"),
    path("obligations/open/", obligations.period_open, name="period_open"),
    path("obligations/act/", obligations.obligation_act, name="obligation_act"),
    path("obligations/<int:pk>/", obligations.obligation_detail, name="obligation_detail"),
    path("obligations/<int:pk>/do/<slug:step>/", obligations.obligation_step, name="obligation_step"),
    path("consolidation/", consolidation.consolidation, name="consolidation"),
    path("forms/", forms.form_list, name="form_list"),
    path("forms/<slug:code>/", forms.form_detail, name="form_detail"),
    path("forms/<slug:code>/edit/", forms.form_edit, name="form_edit"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/jobs/<uuid:key>/", reports.job_detail, name="report_job"),
    path("reports/jobs/<uuid:key>/status/", reports.job_status, name="report_job_status"),
    path("reports/<uuid:key>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:key>/report.pdf", reports.report_file, name="report_file"),
]
