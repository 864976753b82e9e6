"""Every address of the portal, and the bare views its speed is held against."""

from django.urls import include, path

from benchmarks import floors
from config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("floor/list/", floors.BareList.as_view()),
    path("floor/sign-in/", floors.sign_in),
    path("measured/dashboard/", floors.dashboard_data),
    path("floor/<slug:name>/", floors.answer),
    path("", include("config.urls")),
]
