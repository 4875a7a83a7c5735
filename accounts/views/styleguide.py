"""Every part of the design system on one page, with the values that strain it."""

from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import admins_only
from accounts.web.http import Request
from accounts.web.widgets import TextArea

STEPS = [
    {"name": "File", "url": "#steps"},
    {"name": "Columns", "url": "#steps"},
    {"name": "Check", "url": None},
    {"name": "Save", "url": None},
]
PEOPLE = [
    ("Maija Meikäläinen", "+358401234567", "Helsinki", "synced", 14),
    (
        "Giovanni dalla Costa-Bianchi von und zu Lichtenstein",
        "+393331234567",
        "Reggio nell'Emilia",
        "waiting",
        3,
    ),
    ("O'Brien", "+447700900123", "", "failed", 1204),
]


class SampleForm(forms.Form):
    name = forms.CharField(label="Campaign name", help_text="Only your colleagues see it.")
    email = forms.EmailField(label="E-mail", required=False)
    text = forms.CharField(
        widget=TextArea(attrs={"data-counter": "text-count", "maxlength": 1024, "rows": 3})
    )
    group = forms.ChoiceField(choices=[("1", "Jäsenet"), ("2", "Uutiskirje")])
    when = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("now", "As soon as possible"), ("later", "At a time you choose")]
    )
    test_first = forms.BooleanField(
        label="Send one to yourself first", required=False, help_text="Costs one call."
    )
    file = forms.FileField(label="Spreadsheet", help_text="CSV or Excel, up to 20 MB.", required=False)


@require_GET
@admins_only
def styleguide(request: Request) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": SampleForm(initial={"text": "Hei {{first_name}}, tervetuloa."}),
        "mended": SampleForm({"name": "", "email": "aino@", "text": "Hei", "group": "1"}),
        "people": PEOPLE,
        "receipt": {"delivered": 4012, "accepted": 150, "failed": 41, "uncertain": 9, "skipped": 47},
        "invitation": "sinulle on varattu paikka jouluaaton brunssille. Tervetuloa",
        "steps": STEPS,
        "soon": now + timedelta(minutes=12),
        "earlier": now - timedelta(hours=2),
        "yesterday": now - timedelta(days=1),
    }
    return render(request, "styleguide.html", context)
