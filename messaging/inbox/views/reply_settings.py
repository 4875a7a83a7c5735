"""How a customer answers people."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import admins_form
from accounts.trail import audit
from accounts.web.http import Request
from accounts.web.stale_forms import ShownForm
from messaging.inbox.models import ReplySettings

PAGE = "settings/replies.html"


class ReplySettingsForm(ShownForm, forms.ModelForm):
    class Meta:
        model = ReplySettings
        fields = ["sms_after_whatsapp", "in_discussions"]
        labels = {
            "sms_after_whatsapp": "Answer by SMS when WhatsApp takes free answers no more",
            "in_discussions": "Answer in SmartDialog’s discussions",
        }
        help_texts = {
            "sms_after_whatsapp": "To who has also sent an SMS: it goes out from the number they sent it to.",
            "in_discussions": (
                "Where SmartDialog has said which discussion a conversation is. It does not tell whether "
                "such answers arrive, and takes no file with them."
            ),
        }


@admins_form
def replies(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, PAGE, {"nav": "settings"})
    settings = ReplySettings.of(request.customer)
    was = _kept(settings)
    form = ReplySettingsForm(request.POST if request.method == "POST" else None, instance=settings)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record(
            actor=request.user,
            customer=request.customer,
            verb="reply_settings.changed",
            subject=settings,
            before=was,
            after=_kept(settings),
        )
        messages.success(request, "Saved. It counts from now on.")
        return redirect("inbox:reply_settings")
    return render(request, PAGE, {"nav": "settings", "form": form}, status=422 if form.errors else 200)


def _kept(settings: ReplySettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in ReplySettingsForm.Meta.fields}
