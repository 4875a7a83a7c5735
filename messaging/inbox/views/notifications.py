"""What a person is told of while they look elsewhere, and how."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.http import Request
from accounts.web.params import int_param, text_param
from messaging.inbox.models import NotificationSettings
from messaging.inbox.notifications import mail_addresses, mailing
from messaging.inbox.notifications.forms import NotificationForm
from messaging.inbox.notifications.news import news_of

PAGE = "inbox/notifications.html"


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: Request) -> HttpResponse:
    """`?token=`: from the mail that asks to confirm an address."""
    kept = NotificationSettings.of(request.user)
    form = NotificationForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your notifications are saved.")
        return redirect("inbox:notifications")
    context = {
        "form": form,
        "can_mail": mailing.is_possible(),
        "unconfirmed": "" if kept.confirmed_at else form.was,
        "token": text_param(request.GET.get("token"), most=400),
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


@require_safe
def news(request: Request) -> JsonResponse:
    """`?message=` and `?mention=`: the newest that the tab has heard of."""
    heard = {name: int_param(request.GET.get(name)) for name in ("message", "mention")}
    return JsonResponse(news_of(request.user, request.customers, **heard))


@require_POST
def address_confirmation(request: Request) -> HttpResponse:
    if mail_addresses.confirm(request.user, request.POST.get("token", "")):
        messages.success(request, "Confirmed. Notifications go to this address from now on.")
    else:
        messages.error(request, "This link is too old, or of another address. Save to get a new one.")
    return redirect("inbox:notifications")
