"""The portal's settings with static files as they lie in the source: the outage is tested, not collectstatic."""

from config.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "accounts.files.whole.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
