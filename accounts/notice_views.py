"""Pages on which a person chooses what to hear of, and mutes a kind of notice or a record."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import notices
from accounts.models import MutedThing, Notice, Notification, User
from accounts.notice_forms import NoticeForm
from accounts.notice_mail import DIGEST, read_stop_token, stop_mail
from territory.text import typed_key


@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: HttpRequest) -> HttpResponse:
    """What a person hears of, how, and when; and which records they muted."""
    assert isinstance(request.user, User)
    form = NoticeForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with transaction.atomic():
                form.save()
            messages.success(request, _("Your choice of notices is kept."))
            return redirect("notice_choices")
    context = {
        "form": form,
        "muted": MutedThing.objects.filter(user=request.user).select_related("notice").order_by("-pk"),
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Notices"), "url": reverse("notifications")},
            {"label": _("Notice settings")},
        ],
    }
    return render(request, "accounts/notice_choices.html", context, status=status)


@require_POST
def notice_mute(request: HttpRequest) -> HttpResponse:
    """Mute the kind of an own notice (``what=kind``), or the record that it is about (``what=thing``)."""
    assert isinstance(request.user, User)
    key = typed_key(request.POST.get("notice", ""))
    notice = Notification.objects.filter(user=request.user, pk=key or 0).first()
    what = request.POST.get("what")
    if notice is None or what not in ("kind", "thing"):
        raise Http404
    try:
        if what == "kind":
            notices.mute_kind_of(user=request.user, notice=notice)
            messages.success(request, _("You will get no more notices of this kind."))
        else:
            notices.mute_thing_of(user=request.user, notice=notice)
            messages.success(request, _("You will get no more notices about this record."))
    except notices.CannotBeMuted:
        messages.error(request, _("This notice cannot be muted."))
    return redirect("notifications")


@require_POST
def notice_hear_again(request: HttpRequest) -> HttpResponse:
    """Hear of a muted record again."""
    assert isinstance(request.user, User)
    key = typed_key(request.POST.get("muted", ""))
    if key is None or not notices.hear_again(user=request.user, muted=key):
        raise Http404
    messages.success(request, _("You will get notices about this record again."))
    return redirect("notice_choices")


@csrf_exempt  # the token in the address says who asks, and a mail program has no page to take another token from
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an e-mail leads: a page that asks, and the answer to it. Only POST changes anything."""
    found = read_stop_token(token)
    if found is None:
        raise Http404
    user, stops = found
    if request.method == "POST":
        stop_mail(user=user, stops=stops)
    context = {
        "is_digest": stops == DIGEST,
        "kind": "" if stops == DIGEST else Notice(stops).label,
        "is_done": request.method == "POST",
    }
    response = render(request, "accounts/notice_stop.html", context)
    add_never_cache_headers(response)
    return response
