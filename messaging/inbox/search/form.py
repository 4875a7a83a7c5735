"""What narrows a search, as a form: the same that its operators say."""

from dataclasses import asdict

from django import forms

from messaging.inbox.models.thread import CHANNELS
from messaging.inbox.search.operators import FilterChoices
from messaging.inbox.threads.thread_list import ThreadQuery

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What is chosen beside the words and the person that are typed. Only shown: what comes back is read from
    the URL, as all of the list is.
    """

    service = forms.ChoiceField(label="Service", required=False)
    channel = forms.ChoiceField(label="Channel", required=False, choices=[("", "Any"), *CHANNELS.items()])
    team = forms.ChoiceField(label="Team", required=False)
    label = forms.ChoiceField(label="Label", required=False)
    from_day = forms.DateField(label="On or after", required=False, widget=DAY)
    to_day = forms.DateField(label="Before", required=False, widget=DAY)
    show = forms.CharField(required=False, widget=forms.HiddenInput)
    who = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, listing: ThreadQuery, choices: FilterChoices) -> None:
        asked = {name: value or "" for name, value in asdict(listing).items()}
        super().__init__(initial=asked, auto_id="filter-%s")
        known = {"service": choices.services, "team": choices.teams, "label": choices.labels}
        for name, named in known.items():
            self.fields[name].choices = [("", "Any"), *named.items()]  # type: ignore[attr-defined]
