"""A message in its languages, side by side, and one more of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import viewable_form
from accounts.web.http import Request
from messaging.whatsapp.authoring import translations
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.views.lists import get_template_or_404


@viewable_form
def side_by_side(request: Request, pk: int) -> HttpResponse:
    """A post begins a translation, as a copy in that language."""
    template = get_template_or_404(request, pk)
    languages, asked = translations.languages_left(template), request.POST.get("language", "")
    if request.method == "POST" and asked in languages:
        try:
            begun = translations.begin(template, asked, by=request.user)
        except TemplateChanged as error:
            messages.error(request, error.text)
            return redirect("whatsapp:list")
        return redirect("whatsapp:edit", begun.pk)
    context = {
        "template": template,
        "family": translations.side_by_side(template),
        "languages": languages,
    }
    return render(request, "whatsapp/translations.html", context)
