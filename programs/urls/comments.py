"""Addresses of comments."""

from django.urls import path

from programs.views import comment

urlpatterns = [
    path("comments/people/", comment.comment_people, name="comment_people"),
    path("comments/<int:pk>/edit/", comment.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/remove/", comment.comment_remove, name="comment_remove"),
    path("comments/<slug:kind>/<int:pk>/", comment.comment_list, name="comment_list"),
]
