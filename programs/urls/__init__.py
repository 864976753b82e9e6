"""Addresses of the programme's pages, by subject."""

from programs.urls import (
    activities,
    comments,
    directory,
    documents,
    pilots,
    prevention,
    statements,
    tasks,
    training,
    uploads,
)

urlpatterns = [
    *activities.urlpatterns,
    *uploads.urlpatterns,
    *directory.urlpatterns,
    *documents.urlpatterns,
    *tasks.urlpatterns,
    *pilots.urlpatterns,
    *comments.urlpatterns,
    *training.urlpatterns,
    *statements.urlpatterns,
    *prevention.urlpatterns,
]
