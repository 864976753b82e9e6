"""Every address of the portal."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from accounts.factors.views import AddPasskey, RemovePasskey, SetUpApp
from accounts.views import own_address, own_passkeys
from config import health, pages
from config.condition.views import condition
from config.own_data.views import own_data

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("accounts/email/", own_address, name="account_email"),
    path("accounts/2fa/totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/webauthn/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("accounts/2fa/webauthn/", own_passkeys, name="mfa_list_webauthn"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("config.api")),
    path("sitemap/", pages.sitemap, name="sitemap"),
    path("changes/", pages.changes, name="changes"),
    path("help/", pages.help_home, name="help"),
    path("help/<slug:role>/", pages.help_for, name="help_for"),
    path("ui/", pages.style_page, name="style_page"),
    path("condition/", condition, name="condition"),
    path("account/data/", own_data, name="own_data"),
    path("", include("accounts.urls")),
    path("", include("programs.urls")),
    path("incidents/", include("incidents.urls")),
    path("", include("victims.urls")),
    path("", include("reporting.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
