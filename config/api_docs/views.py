"""The pages that describe the API: a guide with all operations, and one page for each noun."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.api_docs.chapters import chapters_of
from config.api_docs.document import document


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How the API is asked, and what can be asked."""
    context = {
        "chapters": chapters_of(document()),
        "portal_url": settings.PUBLIC_URL,
        "crumbs": [{"label": _("Home"), "url": "/"}, {"label": _("Description of the API")}],
    }
    return render(request, "api_docs/guide.html", context)


@login_not_required
@require_safe
def chapter(request: HttpRequest, tag: str) -> HttpResponse:
    """The operations of one noun, whole. Raises Http404 for a noun the API does not know."""
    described = document()
    chapters = chapters_of(described)
    found = next((each for each in chapters if each.tag == tag), None)
    if found is None:
        raise Http404
    context = {
        "chapter": found,
        "chapters": chapters,
        "shapes": found.shapes(described),
        "crumbs": [
            {"label": _("Description of the API"), "url": reverse("api-docs")},
            {"label": found.label},
        ],
    }
    return render(request, "api_docs/chapter.html", context)
