"""Addresses of uploaded workbooks of people and of agencies."""

from django.urls import URLPattern, path

from programs.models import DirectoryUpload
from programs.views import directory


def _of(subject: str) -> list[URLPattern]:
    """People and agencies have addresses and names of their own, and the same pages."""
    base, name, given = f"{subject}/upload", f"{subject}_upload", {"subject": subject}
    return [
        path(f"{base}/", directory.directory_new, given, name=f"{name}_new"),
        path(f"{base}/template.xlsx", directory.directory_template, given, name=f"{name}_template"),
        path(f"{base}/<uuid:key>/", directory.directory_detail, given, name=f"{name}_detail"),
        path(f"{base}/<uuid:key>/status/", directory.directory_status, given, name=f"{name}_status"),
        path(f"{base}/<uuid:key>/store/", directory.directory_store, given, name=f"{name}_store"),
        path(f"{base}/<uuid:key>/discard/", directory.directory_discard, given, name=f"{name}_discard"),
        path(f"{base}/<uuid:key>/rest.xlsx", directory.directory_rest, given, name=f"{name}_rest"),
    ]


urlpatterns = [*_of(DirectoryUpload.Subject.PEOPLE.value), *_of(DirectoryUpload.Subject.AGENCIES.value)]
