"""The words by which people opt out of a customer's messages, and what confirms it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import admins_form
from accounts.trail import audit
from accounts.web.http import Request
from accounts.web.params import text_param
from messaging.inbox.forms import OptOutWordsForm
from messaging.inbox.models import OptOutSettings
from messaging.inbox.opt_outs.intents import MAX_TEXT_LENGTH, intent_of

PAGE = "settings/opt_out_words.html"


@admins_form
def words(request: Request) -> HttpResponse:
    """Of the customer, by language; `?try=`: a message on them."""
    if request.customer is None:
        return render(request, PAGE)
    settings = OptOutSettings.of(request.customer)
    form = OptOutWordsForm(request.POST or None, settings=settings)
    if request.method == "POST" and form.is_valid():
        _save(request, settings, form)
        messages.success(request, "Saved. It counts for messages from now on.")
        return redirect("opt_out_words:words")
    tried = text_param(request.GET.get("try"), most=MAX_TEXT_LENGTH)
    context = {
        "form": form,
        "tried": tried,
        "intent": intent_of(tried, settings.vocabulary) if tried else None,
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _save(request: Request, settings: OptOutSettings, form: OptOutWordsForm) -> None:
    before = {"words": settings.words, "confirmation": settings.confirmation}
    settings.words, settings.confirmation = form.own_words(), form.cleaned_data["confirmation"]
    settings.save()
    after = {"words": settings.words, "confirmation": settings.confirmation}
    was, became = audit.differences(before, after)
    audit.record(
        actor=request.user,
        customer=settings.customer,
        verb="opt_out_words.changed",
        subject=settings,
        before=was,
        after=became,
    )
