"""The pages that say whom to ask, and on which an administrator writes it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.contact_forms import ContactForm
from accounts.contacts import WRITE, contacts_for, fallback_contact, set_contact
from accounts.models import Contact, User
from accounts.scoping import scope_of
from territory.models import Area


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to ask: the standing agency of the reader's province; else who runs the portal."""
    reader = request.user
    context = {
        "contacts": contacts_for(reader) if isinstance(reader, User) else [],
        "fallback": fallback_contact(),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Contact")}],
    }
    return render(request, "accounts/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the contact of an area that the administrator keeps."""
    assert isinstance(request.user, User)
    scope = scope_of(request.user)
    if not scope.may(WRITE):
        raise PermissionDenied
    area = Area.objects.filter(pk=pk).first()
    if area is None or not scope.may_in(WRITE, area):
        raise Http404
    held = Contact.objects.filter(area=area).first()
    initial = {name: getattr(held, name) for name in ContactForm.base_fields} if held else None
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        set_contact(area=area, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The contact is kept."))
        return redirect("contact")
    context = {
        "form": form,
        "area": area,
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Contact"), "url": reverse("contact")},
            {"label": _("Write the contact")},
        ],
    }
    return render(request, "accounts/contact_edit.html", context, status=422 if form.errors else 200)
