"""Snippets: what there is to put into a message, and keeping more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import writers_form, writers_post
from accounts.web.http import Request
from accounts.web.widgets import TextArea
from contacts.text.name_field import NameField
from contacts.text.normalization import message_text
from messaging.campaigns.models import Snippet
from messaging.campaigns.models.snippet import MAX_NAME, MAX_TEXT
from messaging.campaigns.wording import snippets

HERE = "campaigns:snippets"


class SnippetForm(forms.Form):
    name = NameField(max_length=MAX_NAME, help_text="One that exists is written over.")
    text = forms.CharField(
        widget=TextArea(attrs={"rows": 3}), help_text="It may have placeholders, like $(firstName)."
    )
    is_shared = forms.BooleanField(required=False, initial=True, label="For everybody who writes campaigns")

    def clean_text(self) -> str:
        text = message_text(self.cleaned_data["text"])
        if len(text) > MAX_TEXT:
            raise forms.ValidationError(f"At most {MAX_TEXT:,} characters; these are {len(text):,}.")
        return text


@writers_form
def listing(request: Request) -> HttpResponse:
    customer = request.customer
    if customer is None:
        return redirect("overview")
    form = SnippetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = snippets.keep(customer, **form.cleaned_data, by=request.user)
        messages.success(request, f"{kept} is kept. It can be put into every message.")
        return redirect(HERE)
    context: dict[str, Any] = {
        "form": form,
        "snippets": Snippet.objects.of_customer(customer).usable_by(request.user),
    }
    return render(request, "campaigns/snippets.html", context, status=422 if form.errors else 200)


@writers_post
def removal(request: Request, pk: int) -> HttpResponse:
    reached = Snippet.objects.visible_to(request.user).usable_by(request.user).select_related("customer")
    snippet = get_object_or_404(reached, pk=pk)
    snippets.remove(snippet, by=request.user)
    messages.success(request, f"{snippet} is removed. Messages that have its words keep them.")
    return redirect(HERE)
