"""Pages on which the webhooks of a key are made, paused and watched, and their messages sent again."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.forms import WebhookForm
from accounts.key_views import get_key, key_crumbs
from accounts.keys import may_manage_keys
from accounts.models import Delivery, User, Webhook
from accounts.webhooks.keeping import make_webhook, pause, renew_secret, send_again, webhooks_seen_by

PAGE = 50


def _get_webhook(request: HttpRequest, pk: uuid.UUID) -> tuple[Webhook, User]:
    """The webhook and who keeps it. Raises Http404 for anybody else."""
    assert isinstance(request.user, User)
    found: Webhook | None = webhooks_seen_by(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found, request.user


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def webhook_new(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Make a webhook for the consumer of a key. Its secret is made when it is shown."""
    found = get_key(request, key)
    assert isinstance(request.user, User)
    if not may_manage_keys(request.user):
        raise Http404
    form = WebhookForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = make_webhook(actor=request.user, key=found, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The webhook is made. Show its secret, and messages begin."))
                return redirect("webhook", pk=made.pk)
    crumbs = [*_crumbs_to(found.key, found.consumer), {"label": _("New webhook")}]
    context = {"form": form, "key": found, "crumbs": crumbs}
    return render(request, "accounts/webhook_new.html", context, status=status)


@require_safe
def webhook(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A webhook, and its messages: when, of what, how often tried, and what was answered."""
    found, _keeper = _get_webhook(request, pk)
    return _page(request, found)


@require_POST
@confirmation_needed
def webhook_secret(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a secret and show it, this once. The page is kept nowhere."""
    found, keeper = _get_webhook(request, pk)
    secret = renew_secret(webhook=found, actor=keeper)
    return _page(request, _get_webhook(request, pk)[0], secret=secret)


@require_POST
def webhook_pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop sending; what happens meanwhile waits."""
    found, keeper = _get_webhook(request, pk)
    pause(webhook=found, actor=keeper, is_paused=True)
    messages.success(request, _("The webhook is paused. Messages wait until it is resumed."))
    return redirect("webhook", pk=pk)


@require_POST
def webhook_resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on sending, with what waits."""
    found, keeper = _get_webhook(request, pk)
    pause(webhook=found, actor=keeper, is_paused=False)
    messages.success(request, _("The webhook is resumed."))
    return redirect("webhook", pk=pk)


@require_POST
def webhook_again(request: HttpRequest, pk: uuid.UUID, delivery: int) -> HttpResponse:
    """Send a message again, under the same id."""
    found, keeper = _get_webhook(request, pk)
    one: Delivery | None = found.deliveries.filter(pk=delivery).first()
    if one is None:
        raise Http404
    send_again(delivery=one, actor=keeper)
    messages.success(request, _("The message is sent again."))
    return redirect("webhook", pk=pk)


def _page(request: HttpRequest, found: Webhook, *, secret: str = "") -> HttpResponse:
    rows = found.deliveries.select_related("event").order_by("-id")
    context: dict[str, Any] = {
        "webhook": found,
        "secret": secret,
        "state": found.state_on(timezone.localdate()),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "crumbs": [*_crumbs_to(found.api_key.key, found.api_key.consumer), {"label": _("Webhook")}],
    }
    return render(request, "accounts/webhook.html", context)


def _crumbs_to(key: uuid.UUID, consumer: str) -> list[dict[str, Any]]:
    return [*key_crumbs(), {"label": consumer, "url": reverse("api_key", args=[key])}]
