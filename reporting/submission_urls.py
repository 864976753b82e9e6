"""Addresses of submissions, their review, and the rules they are checked by."""

from django.urls import path

from reporting.views import (
    past_uploads,
    submission_excel,
    submission_offline,
    submission_review,
    submissions,
)

urlpatterns = [
    path("obligations/<int:pk>/submission/", submissions.submission_edit, name="submission_edit"),
    path("obligations/<int:pk>/submission/draft/", submissions.submission_draft, name="submission_draft"),
    path(
        "obligations/<int:pk>/submission/presence/",
        submissions.submission_presence,
        name="submission_presence",
    ),
    path(
        "obligations/<int:pk>/submission/offline/",
        submission_offline.submission_offline,
        name="submission_offline",
    ),
    path(
        "obligations/<int:pk>/submission/sending/",
        submission_offline.submission_sending,
        name="submission_sending",
    ),
    path(
        "obligations/<int:pk>/submission/worker.js",
        submission_offline.submission_worker,
        name="submission_worker",
    ),
    path(
        "obligations/<int:pk>/submission/versions/",
        submission_review.submission_versions,
        name="submission_versions",
    ),
    path(
        "obligations/<int:pk>/submission/figures.xlsx",
        submission_excel.submission_figures,
        name="submission_figures",
    ),
    path(
        "obligations/<int:pk>/submission/upload/",
        submission_excel.submission_upload,
        name="submission_upload",
    ),
    path("history/", submission_excel.past_periods, name="past_periods"),
    path("history/upload/", past_uploads.past_upload_new, name="past_upload_new"),
    path("history/upload/template.xlsx", past_uploads.past_upload_template, name="past_upload_template"),
    path("history/upload/<uuid:key>/", past_uploads.past_upload_detail, name="past_upload_detail"),
    path("history/upload/<uuid:key>/status/", past_uploads.past_upload_status, name="past_upload_status"),
    path("history/upload/<uuid:key>/store/", past_uploads.past_upload_store, name="past_upload_store"),
    path("history/upload/<uuid:key>/discard/", past_uploads.past_upload_discard, name="past_upload_discard"),
    path("history/upload/<uuid:key>/rest.xlsx", past_uploads.past_upload_rest, name="past_upload_rest"),
    path("submissions/", submission_review.submission_queue, name="submission_queue"),
    path("submissions/files/<uuid:key>/", submissions.submission_file, name="submission_file"),
    path("validation-rules/", submission_review.validation_rules, name="validation_rules"),
]
