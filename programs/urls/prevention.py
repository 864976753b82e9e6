"""Addresses of models of prevention and support."""

from django.urls import path

from programs.views import prevention

urlpatterns = [
    path("models/", prevention.model_list, name="model_list"),
    path("models/export.xlsx", prevention.model_export, name="model_export"),
    path("models/new/", prevention.model_new, name="model_new"),
    path("models/drafts/<str:form>/", prevention.model_draft, name="model_draft"),
    path("models/<int:pk>/", prevention.model_detail, name="model_detail"),
    path("models/<int:pk>/edit/", prevention.model_edit, name="model_edit"),
    path("models/<int:pk>/assess/", prevention.model_assess, name="model_assess"),
    path("models/<int:pk>/replicate/", prevention.model_replicate, name="model_replicate"),
    path("models/<int:pk>/stop/", prevention.model_stop, name="model_stop"),
    path("models/<int:pk>/<slug:step>/", prevention.model_step, name="model_step"),
]
