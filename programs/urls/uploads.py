"""Addresses of uploaded workbooks and of the exports beside them."""

from django.urls import path

from programs.views import full_export, upload

urlpatterns = [
    path("activities/export-full.xlsx", full_export.activity_export_full, name="activity_export_full"),
    path("activities/export.csv", full_export.activity_export_csv, name="activity_export_csv"),
    path("activities/upload/", upload.upload_new, name="upload_new"),
    path("activities/upload/template.xlsx", upload.upload_template, name="upload_template"),
    path("activities/upload/<uuid:key>/", upload.upload_detail, name="upload_detail"),
    path("activities/upload/<uuid:key>/status/", upload.upload_status, name="upload_status"),
    path("activities/upload/<uuid:key>/store/", upload.upload_store, name="upload_store"),
    path("activities/upload/<uuid:key>/discard/", upload.upload_discard, name="upload_discard"),
    path("activities/upload/<uuid:key>/rest.xlsx", upload.upload_rest, name="upload_rest"),
]
