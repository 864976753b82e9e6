from django.urls import path

from accounts import contact_views, feedback_views, key_views, notice_views, views, webhook_views
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
    path("notifications/mute/", notice_views.notice_mute, name="notice_mute"),
    path("notifications/stop/<str:token>/", notice_views.notice_stop, name="notice_stop"),
    path("account/notices/", notice_views.notice_choices, name="notice_choices"),
    path("account/notices/hear-again/", notice_views.notice_hear_again, name="notice_hear_again"),
    path("feedback/", feedback_views.feedback_new, name="feedback_new"),
    path("feedback/all/", feedback_views.feedback_list, name="feedback_list"),
    path("feedback/<int:pk>/", feedback_views.feedback_detail, name="feedback_detail"),
    path("contact/", contact_views.contact, name="contact"),
    path("contact/<int:pk>/edit/", contact_views.contact_edit, name="contact_edit"),
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
