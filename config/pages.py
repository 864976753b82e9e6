"""Pages about the portal itself: where everything is, how things are done, what changed, how it looks."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from config.help import guide_named, guides, guides_for
from config.sitemap import sitemap_of
from config.style import style_guide
from config.version import releases, version


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page the reader may open."""
    assert isinstance(request.user, User)
    context = {"groups": sitemap_of(request.user), "crumbs": _crumbs(_("Sitemap"))}
    return render(request, "pages/sitemap.html", context)


@login_not_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The version of the portal and what changed with each."""
    context = {
        "version": version(),
        "releases": releases(get_language() or "vi"),
        "crumbs": _crumbs(_("Version and changes")),
    }
    return render(request, "pages/changes.html", context)


@require_safe
def help_home(request: HttpRequest) -> HttpResponse:
    """Which guides there are, the reader's own first."""
    assert isinstance(request.user, User)
    own = guides_for(request.user)
    context = {
        "own": own,
        "others": [guide for guide in guides() if guide not in own],
        "crumbs": _crumbs(_("Help")),
    }
    return render(request, "help/home.html", context)


@require_safe
def help_for(request: HttpRequest, role: str) -> HttpResponse:
    """The guide of one role, in the reader's language."""
    guide = guide_named(role)
    if guide is None:
        raise Http404
    context = {
        "guide": guide,
        "text": guide.template(get_language() or "vi"),
        "crumbs": [
            *_crumbs(_("Help"))[:1],
            {"label": _("Help"), "url": reverse("help")},
            {"label": guide.label},
        ],
    }
    return render(request, "help/guide.html", context)


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Tokens and components of the pages, made from the style sheet and the templates that the pages use."""
    return render(request, "pages/style.html", style_guide() | {"crumbs": _crumbs(_("How the portal looks"))})


def _crumbs(label: str) -> list[dict[str, Any]]:
    return [{"label": _("My work"), "url": reverse("home")}, {"label": label}]
