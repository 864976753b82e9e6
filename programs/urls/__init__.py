"""Addresses of the programme's pages, by subject."""

from programs.urls import activities, comments, documents, pilots, tasks

urlpatterns = [
    *activities.urlpatterns,
    *documents.urlpatterns,
    *tasks.urlpatterns,
    *pilots.urlpatterns,
    *comments.urlpatterns,
]
