"""Addresses of activities and their files."""

from django.urls import path

from programs import views

urlpatterns = [
    path("activities/", views.activity_list, name="activity_list"),
    path("activities/export.xlsx", views.activity_export, name="activity_export"),
    path("activities/new/", views.activity_new, name="activity_new"),
    path("activities/drafts/<str:form>/", views.activity_draft, name="activity_draft"),
    path("activities/<int:pk>/", views.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", views.activity_edit, name="activity_edit"),
    path("attachments/<uuid:key>/", views.attachment_download, name="attachment_download"),
    path("attachments/<uuid:key>/thumbnail", views.attachment_thumbnail, name="attachment_thumbnail"),
]
