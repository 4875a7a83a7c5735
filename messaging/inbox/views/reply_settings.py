"""How a customer answers people."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import admins_only
from accounts.http import Request
from messaging.inbox.models import ReplySettings

PAGE = "settings/replies.html"


class ReplySettingsForm(forms.ModelForm):
    class Meta:
        model = ReplySettings
        fields = ["sms_after_whatsapp"]
        labels = {"sms_after_whatsapp": "Answer by SMS when WhatsApp takes free answers no more"}
        help_texts = {
            "sms_after_whatsapp": "For who has also sent an SMS: it goes out from the number they sent it to."
        }


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def replies(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, PAGE, {"nav": "settings"})
    settings = ReplySettings.of(request.customer)
    was = settings.sms_after_whatsapp
    form = ReplySettingsForm(instance=settings)
    if request.method == "POST":
        form = ReplySettingsForm(request.POST, instance=settings)
        form.save()
        audit.record(
            actor=request.user,
            customer=request.customer,
            verb="reply_settings.changed",
            subject=settings,
            before={"sms_after_whatsapp": was},
            after={"sms_after_whatsapp": settings.sms_after_whatsapp},
        )
        messages.success(request, "Saved. It counts from now on.")
        return redirect("inbox:reply_settings")
    return render(request, PAGE, {"nav": "settings", "form": form})
