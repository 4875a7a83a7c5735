"""A rule as an admin writes it, a message on which rules are tried, and office hours."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Customer, User
from accounts.web.stale_forms import ShownForm
from accounts.web.widgets import TextArea
from contacts.text.name_field import NameField
from contacts.text.normalization import message_text
from gateway.models import Service
from messaging.campaigns.rules.week_form import WeekForm
from messaging.campaigns.wording import contact_fields, placeholders
from messaging.inbox.forms import PhrasesField
from messaging.inbox.models import OfficeHours, Rule, Team
from messaging.inbox.rules.matching import MAX_TEXT_LENGTH
from messaging.inbox.team.teamwork import team_of

TAKEN = "Another rule has this name."
PARTS = ("label", "assignee", "team", "group", "answer")  # of which a rule does one at least
FIELDS_TO_FILL = ", ".join(f"$({name})" for name in contact_fields.STANDARD_FIELDS)


class RuleForm(ShownForm, forms.ModelForm):
    name = NameField(label="Name", max_length=40, help_text="Your team sees it in the conversation.")
    label = NameField(label="Add a label", max_length=40, required=False)
    words = PhrasesField(
        label="Words in the message",
        help_text="One of these is enough; one word or phrase to a line. Capitals and accents make no "
        "difference; a * stands for any ending. Empty: whatever they write.",
    )

    class Meta:
        model = Rule
        fields: ClassVar = [
            "name",
            "words",
            "says_nothing_else",
            "when",
            "service",
            "label",
            "assignee",
            "team",
            "answer",
            "plain_answer",
            "group",
            "carrier",
        ]
        labels: ClassVar = {
            "says_nothing_else": "Only when the message says nothing else",
            "when": "When",
            "service": "Written to",
            "assignee": "Assign to",
            "team": "Or to a team",
            "answer": "Answer",
            "plain_answer": "If a value is missing",
            "group": "Add them to a group",
            "carrier": "Sent by the sign-in of",
        }
        help_texts: ClassVar = {
            "says_nothing_else": "Greetings and thanks make no difference.",
            "service": "",
            "assignee": "Only where the conversation is nobody’s yet.",
            "answer": "Nobody gets more than one automatic answer an hour, and nobody who may have opted out "
            f"gets any. What can be filled in: {FIELDS_TO_FILL}.",
            "plain_answer": "Leave empty to skip those people.",
            "group": "Needs words, and a message that says nothing else. Nobody who has opted out is added.",
            "carrier": "Answers and new contacts are theirs. While they cannot send, nobody is answered.",
        }
        widgets: ClassVar = {
            "answer": TextArea(attrs={"rows": 4}),
            "plain_answer": TextArea(attrs={"rows": 2}),
        }

    def __init__(self, data: QueryDict | None, *, instance: Rule, by: User) -> None:
        super().__init__(data, instance=instance)
        if instance._state.adding:
            self.initial["carrier"] = by.pk
        services = Service.objects.of_customer(instance.customer).offered()
        self._choose("service", services.two_way(), "Any number")
        self._choose("group", services.groups(), "No group")
        self._choose("assignee", team_of(instance.customer), "Nobody")
        self._choose("team", Team.objects.of_customer(instance.customer), "No team")
        self._choose("carrier", team_of(instance.customer), "Nobody")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Rule.objects.kept_by(self.instance.customer).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_words(self) -> list[str]:
        return list(self.cleaned_data["words"])

    def clean_answer(self) -> str:
        return self._known_values_only("answer")

    def clean_plain_answer(self) -> str:
        text = self._known_values_only("plain_answer")
        if placeholders.names(text):
            raise forms.ValidationError(
                "Nothing can be filled in here: this is for people without the value."
            )
        return text

    def clean(self) -> None:
        said = self.cleaned_data
        if not self.errors and not any(said.get(each) for each in PARTS):
            raise forms.ValidationError(
                "Say what is to be done: a label, a person or team, an answer or a group."
            )
        if said.get("assignee") and said.get("team"):
            self.add_error("team", "Choose a person or a team, not both.")
        if said.get("group") and not (said.get("words") and said.get("says_nothing_else")):
            self.add_error(
                "group", "Joining takes a word that people write on purpose, and nothing else with it."
            )
        if (said.get("answer") or said.get("group")) and not said.get("carrier"):
            self.add_error("carrier", "Choose somebody who can send.")

    def _choose(self, name: str, among: Any, none: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = among, none

    def _known_values_only(self, name: str) -> str:
        text = message_text(self.cleaned_data[name]).strip()
        unknown = [each for each in placeholders.names(text) if each not in contact_fields.STANDARD_FIELDS]
        if unknown:
            raise forms.ValidationError(
                f"$({unknown[0][:40]}) is not known of every contact. Use {FIELDS_TO_FILL}."
            )
        return text


class TrialForm(forms.Form):
    """A message as somebody might write it."""

    NOW, OPEN, CLOSED = "", "open", "closed"

    text = forms.CharField(
        label="What would happen to",
        max_length=MAX_TEXT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Do you have a table for two?"}),
    )
    hours = forms.ChoiceField(
        required=False,
        label="Written",
        choices=[(NOW, "Now"), (OPEN, "In office hours"), (CLOSED, "Outside office hours")],
    )


class OfficeHoursForm(WeekForm):
    opens, closes = time(9), time(17)
    never = "Open one day at least: without one, every message comes outside office hours."


def office_hours_of(customer: Customer) -> OfficeHours:
    """Those that are kept, or, not saved yet, Monday to Friday."""
    kept = OfficeHours.objects.of_customer(customer).first()
    day = [f"{OfficeHoursForm.opens:%H:%M}", f"{OfficeHoursForm.closes:%H:%M}"]
    return kept or OfficeHours(
        customer=customer, zone=timezone.get_current_timezone_name(), days=[day] * 5 + [None] * 2
    )
