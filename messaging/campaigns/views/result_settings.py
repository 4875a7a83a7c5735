"""What a customer's results say: prices."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import admins_form
from accounts.trail import audit
from accounts.web.http import Request
from messaging.campaigns.models import ResultSettings
from messaging.campaigns.rules.result_settings_form import ResultSettingsForm

PAGE = "settings/results.html"


@admins_form
def results(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, PAGE)
    kept = ResultSettings.of(request.customer)
    before = _said(kept)
    form = ResultSettingsForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        form.save()
        was, became = audit.differences(before, _said(kept))
        audit.record(
            actor=request.user,
            customer=request.customer,
            verb="result_settings.changed",
            subject=kept,
            before=was,
            after=became,
        )
        messages.success(request, "Saved.")
        return redirect("result_settings:results")
    return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)


def _said(kept: ResultSettings) -> dict[str, object]:
    return {name: getattr(kept, name) for name in ResultSettingsForm.Meta.fields}
