from django.urls import path

from accounts import key_views, views
from accounts.people import views as people_views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("notifications/", views.notifications, name="notifications"),
    path("people/", people_views.people, name="people"),
    path("people/new/", people_views.person_new, name="person_new"),
    path("people/<int:pk>/", people_views.person_detail, name="person_detail"),
    path("people/<int:pk>/account/", people_views.person_account, name="person_account"),
    path("people/<int:pk>/roles/new/", people_views.role_new, name="role_new"),
    path("roles/<int:pk>/end/", people_views.role_end, name="role_end"),
    path("role-requests/<int:pk>/", people_views.role_request, name="role_request"),
    path("api-keys/", key_views.api_keys, name="api_keys"),
    path("api-keys/new/", key_views.api_key_new, name="api_key_new"),
    path("api-keys/<uuid:key>/", key_views.api_key, name="api_key"),
    path("api-keys/<uuid:key>/secret/", key_views.api_key_secret, name="api_key_secret"),
    path("api-keys/<uuid:key>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
]
