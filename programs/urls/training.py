"""Addresses of the registers of trainings."""

from django.urls import path

from programs.views import training

urlpatterns = [
    path("activities/<int:pk>/register/", training.training_register, name="training_register"),
    path(
        "activities/<int:pk>/register/edit/", training.training_register_edit, name="training_register_edit"
    ),
    path(
        "activities/<int:pk>/register.xlsx",
        training.training_register_export,
        name="training_register_export",
    ),
]
