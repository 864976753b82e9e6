"""Addresses of the programme's pages, by subject."""

from programs.urls import activities, documents, pilots, prevention, statements, tasks

urlpatterns = [
    *activities.urlpatterns,
    *documents.urlpatterns,
    *tasks.urlpatterns,
    *pilots.urlpatterns,
    *statements.urlpatterns,
    *prevention.urlpatterns,
]
