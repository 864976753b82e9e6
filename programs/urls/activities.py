"""Addresses of activities and their files."""

from django.urls import path

from programs import views

urlpatterns = [
    path("activities/", views.activity_list, name="activity_list"),
    path("activities/totals/", views.activity_totals, name="activity_totals"),
    path("activities/export.xlsx", views.activity_export, name="activity_export"),
    path("activities/new/", views.activity_new, name="activity_new"),
    path("activities/new/offline/", views.activity_offline, name="activity_offline"),
    path("activities/new/sending/", views.activity_sending, name="activity_sending"),
    path("activities/new/worker.js", views.activity_worker, name="activity_worker"),
    path("activities/queue/", views.activity_queue, name="activity_queue"),
    path("activities/drafts/<str:form>/", views.activity_draft, name="activity_draft"),
    path("activities/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", views.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/copy/", views.activity_copy, name="activity_copy"),
    path("activities/<int:pk>/step/", views.activity_step, name="activity_step"),
    path("attachments/<uuid:key>/", views.attachment_download, name="attachment_download"),
    path("attachments/<uuid:key>/thumbnail", views.attachment_thumbnail, name="attachment_thumbnail"),
]
