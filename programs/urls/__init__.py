"""Addresses of the programme's pages, by subject."""

from programs.urls import activities, documents, pilots, tasks, uploads

urlpatterns = [
    *activities.urlpatterns,
    *uploads.urlpatterns,
    *documents.urlpatterns,
    *tasks.urlpatterns,
    *pilots.urlpatterns,
]
