from django.urls import path

from accounts import account_views, factor_views, key_views, views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("notifications/", views.notifications, name="notifications"),
    path("account/", account_views.account, name="account"),
    path("account/sessions/end/", account_views.sessions_end, name="sessions_end"),
    path("account/sessions/<int:pk>/end/", account_views.session_end, name="session_end"),
    path("second-factors/", factor_views.factor_list, name="factor_list"),
    path("second-factors/<int:pk>/reset/", factor_views.factor_reset, name="factor_reset"),
    path("second-factors/<int:pk>/sign-out/", factor_views.person_sign_out, name="person_sign_out"),
    path("second-factors/resets/<int:pk>/", factor_views.factor_reset_decide, name="factor_reset_decide"),
    path("api-keys/", key_views.api_keys, name="api_keys"),
    path("api-keys/new/", key_views.api_key_new, name="api_key_new"),
    path("api-keys/<uuid:key>/", key_views.api_key, name="api_key"),
    path("api-keys/<uuid:key>/secret/", key_views.api_key_secret, name="api_key_secret"),
    path("api-keys/<uuid:key>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
]
