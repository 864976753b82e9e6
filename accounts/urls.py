from django.urls import path

from accounts import key_views, views, webhook_views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("notifications/", views.notifications, name="notifications"),
    path("api-keys/", key_views.api_keys, name="api_keys"),
    path("api-keys/new/", key_views.api_key_new, name="api_key_new"),
    path("api-keys/<uuid:key>/", key_views.api_key, name="api_key"),
    path("api-keys/<uuid:key>/secret/", key_views.api_key_secret, name="api_key_secret"),
    path("api-keys/<uuid:key>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
    path("api-keys/<uuid:key>/webhooks/new/", webhook_views.webhook_new, name="webhook_new"),
    path("webhooks/<uuid:pk>/", webhook_views.webhook, name="webhook"),
    path("webhooks/<uuid:pk>/secret/", webhook_views.webhook_secret, name="webhook_secret"),
    path("webhooks/<uuid:pk>/pause/", webhook_views.webhook_pause, name="webhook_pause"),
    path("webhooks/<uuid:pk>/resume/", webhook_views.webhook_resume, name="webhook_resume"),
    path(
        "webhooks/<uuid:pk>/messages/<int:delivery>/again/",
        webhook_views.webhook_again,
        name="webhook_again",
    ),
]
