"""Addresses of the register of documents."""

from django.urls import path

from programs.views import document

urlpatterns = [
    path("documents/", document.document_list, name="document_list"),
    path("documents/export.xlsx", document.document_export, name="document_export"),
    path("documents/new/", document.document_new, name="document_new"),
    path("documents/drafts/<str:form>/", document.document_draft, name="document_draft"),
    path("documents/<int:pk>/", document.document_detail, name="document_detail"),
    path("documents/<int:pk>/edit/", document.document_edit, name="document_edit"),
]
