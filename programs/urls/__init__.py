"""Addresses of the programme's pages, by subject."""

from programs.urls import activities, comments, documents, pilots, prevention, statements, tasks, training

urlpatterns = [
    *activities.urlpatterns,
    *documents.urlpatterns,
    *tasks.urlpatterns,
    *pilots.urlpatterns,
    *comments.urlpatterns,
    *training.urlpatterns,
    *statements.urlpatterns,
    *prevention.urlpatterns,
]
