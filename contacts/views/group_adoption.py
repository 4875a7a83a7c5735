"""A group that others have used before us: a list of numbers, looked up, and who is there taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import writers_form
from accounts.web.http import Request
from accounts.web.widgets import TextArea
from accounts.wording.quantities import counted
from contacts.models import Lookup, LookupState
from contacts.sync.lookups import start_lookups
from contacts.text.phones import InvalidPhone, to_e164
from contacts.views.groups import reached_group
from gateway.models import Connection, Service
from gateway.sign_in.connections import NotConnected

MAX_NUMBERS = 500
SHOWN = 50  # numbers of each outcome


class NumbersForm(forms.Form):
    """Numbers as they were pasted, one a line."""

    numbers = forms.CharField(
        label="Phone numbers, one a line", max_length=20_000, widget=TextArea(attrs={"rows": 10})
    )

    def __init__(self, *args: Any, group: Service, **kwargs: Any) -> None:
        self.group = group
        super().__init__(*args, **kwargs)

    def clean_numbers(self) -> list[str]:
        """In E.164. What is no number is shown, and nothing is asked."""
        lines = [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        if len(lines) > MAX_NUMBERS:
            raise forms.ValidationError(f"These are {len(lines):,} numbers. Look up {MAX_NUMBERS} at a time.")
        return [self._number(line) for line in lines]

    def _number(self, line: str) -> str:
        try:
            return to_e164(line, self.group.regions)
        except InvalidPhone as error:
            raise forms.ValidationError(f"{line[:40]}: {error.reason}") from error


@writers_form
def group_adoption(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = NumbersForm(request.POST if request.method == "POST" else None, group=chosen)
    if form.is_valid():
        try:
            calls = start_lookups(chosen, phones=form.cleaned_data["numbers"], by=request.user)
        except NotConnected as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _asked(calls))
            return redirect("contacts:group_adoption", chosen.pk)
    context = {"form": form, "group": chosen, **_outcomes(chosen)}
    context["connection"] = Connection.objects.of(request.user)
    return render(request, "contacts/group_adoption.html", context)


def _asked(calls: int) -> str:
    if not calls:
        return "All of these are in the list already."
    return f"{counted(calls, 'number is', 'numbers are')} being looked up, by a call each."


def _outcomes(group: Service) -> dict[str, object]:
    of_lists = Lookup.objects.filter(group=group, takes_in=True)
    counts = dict(of_lists.order_by().values_list("state").annotate(count=Count("pk")))
    return {
        "outcomes": [(state.label, counts[state]) for state in LookupState if state in counts],
        "absent": list(of_lists.filter(state=LookupState.ABSENT)[:SHOWN]),
        "failed": list(of_lists.filter(state=LookupState.FAILED)[:SHOWN]),
    }
