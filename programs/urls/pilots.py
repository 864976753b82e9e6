"""Addresses of pilots."""

from django.urls import path

from programs.views import pilot

urlpatterns = [
    path("pilots/", pilot.pilot_list, name="pilot_list"),
    path("pilots/export.xlsx", pilot.pilot_export, name="pilot_export"),
    path("pilots/new/", pilot.pilot_new, name="pilot_new"),
    path("pilots/<int:pk>/", pilot.pilot_detail, name="pilot_detail"),
    path("pilots/<int:pk>/edit/", pilot.pilot_edit, name="pilot_edit"),
    path("pilots/<int:pk>/stop/", pilot.pilot_stop, name="pilot_stop"),
    path("pilots/<int:pk>/assess/", pilot.pilot_assess, name="pilot_assess"),
    path("pilots/<int:pk>/figures/", pilot.pilot_figures, name="pilot_figures"),
    path("pilots/<int:pk>/replicate/", pilot.pilot_replicate, name="pilot_replicate"),
]
