"""Papers of a victim: added by who writes the identity, listed and handed out while it is open."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.files.sealed import download
from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from victims.forms.attachment import AttachForm
from victims.selectors.victim import get_attachment, get_victim, person
from victims.services.attachment import attach, remove_attachment
from victims.services.identity import own_opening
from victims.views.told import crumbs, show_errors


@require_http_methods(["GET", "HEAD", "POST"])
@protected_rows
def attachment_add(request: HttpRequest, code: str) -> HttpResponse:
    """Add files; what is there already is not shown."""
    victim = get_victim(request, code, needs="identity.write")
    writer = person(request)
    is_sent = request.method == "POST"
    form = AttachForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        try:
            attach(actor=writer, victim=victim, files=form.cleaned_data["files_added"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The files are kept, sealed. They open with the identity."))
            is_open = own_opening(writer, victim) is not None
            return redirect("victim_identity" if is_open else "victim_detail", code=victim.code)
    context = {"form": form, "victim": victim, "crumbs": crumbs(_("Add files"), victim)}
    return render(request, "victims/attachment_form.html", context, status=422 if form.errors else 200)


@require_safe
@protected_rows
def attachment(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """A file to save, while the identity is open to the reader; else the page that opens it."""
    victim = get_victim(request, code, needs="identity.open")
    reader = person(request)
    if own_opening(reader, victim) is None:
        return redirect("victim_identity", code=victim.code)
    try:
        response = download(get_attachment(victim, key))
    except FileNotFoundError as error:
        raise Http404 from error
    record_reads(actor=reader, records=[victim], how=ReadEvent.How.EXPORT)
    return response


@require_POST
@protected_rows
def attachment_remove(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """Take a file off, while the identity is open; else the page that opens it."""
    victim = get_victim(request, code, needs="identity.write")
    writer = person(request)
    if own_opening(writer, victim) is None:
        return redirect("victim_identity", code=victim.code)
    remove_attachment(actor=writer, attachment=get_attachment(victim, key))
    messages.success(request, _("The file is removed."))
    return redirect("victim_identity", code=victim.code)
