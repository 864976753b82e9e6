from django.urls import path

from accounts import key_views, views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("notifications/", views.notifications, name="notifications"),
    path("api-keys/", key_views.api_keys, name="api_keys"),
    path("api-keys/new/", key_views.api_key_new, name="api_key_new"),
    path("api-keys/<uuid:key>/", key_views.api_key, name="api_key"),
    path("api-keys/<uuid:key>/secret/", key_views.api_key_secret, name="api_key_secret"),
    path("api-keys/<uuid:key>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
]
