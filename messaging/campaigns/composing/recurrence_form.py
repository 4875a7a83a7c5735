"""How a campaign comes again, as a person says it."""

import calendar
from typing import Any

from django import forms
from django.utils import timezone

from accounts.web.widgets import ZoneSelect
from accounts.wording.time_zones import zone_choices
from gateway import clock
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Campaign, Recurrence
from messaging.campaigns.models.recurrence import WEEKS, Rhythm
from messaging.campaigns.wording import contact_fields

PREVIEWED = 5
_NEEDED = {
    Rhythm.WEEK: ("weekday",),
    Rhythm.MONTH_DAY: ("day",),
    Rhythm.MONTH_WEEKDAY: ("week", "weekday"),
    Rhythm.BIRTHDAY: ("date_property",),
}


class RecurrenceForm(forms.Form):
    rhythm = forms.ChoiceField(choices=Rhythm.choices, widget=forms.RadioSelect, label="How often")
    week = forms.TypedChoiceField(
        choices=list(WEEKS.items()), coerce=int, required=False, empty_value=None, label="Week"
    )
    weekday = forms.TypedChoiceField(
        choices=list(enumerate(calendar.day_name)),
        coerce=int,
        required=False,
        empty_value=None,
        label="Weekday",
    )
    day = forms.IntegerField(
        min_value=1,
        max_value=31,
        required=False,
        label="Day of the month",
        help_text="In a shorter month its last day.",
    )
    date_property = forms.ChoiceField(
        required=False,
        label="Field with their day",
        help_text="Written as 1980-05-17, 17.5.1980 or 17.5.; 29 February is the 28th in years without it.",
    )
    time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(choices=zone_choices, widget=ZoneSelect, label="Time zone")
    ends_on = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        if not campaign.is_agreed:  # what nobody has sent may come to people one by one
            self._choices("rhythm", [(Rhythm.BIRTHDAY.value, Rhythm.BIRTHDAY.label)])
        names = contact_fields.custom_properties_of(Reach.of(campaign).contacts)
        self._choices("date_property", [("", "Choose a field"), *((name, name) for name in names)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in _NEEDED.get(values.get("rhythm", ""), ()):
            if values.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, "Choose one.")
        if not self.errors and next(self.recurrence.occurrences(clock.now()), None) is None:
            self.add_error("ends_on", "It would never be sent again by this day.")
        return values

    @property
    def recurrence(self) -> Recurrence:
        values = self.cleaned_data
        needed = _NEEDED[values["rhythm"]]
        said = {name: values.get(name) if name in needed else None for name in ("week", "weekday", "day")}
        return Recurrence(
            customer=self.campaign.customer,
            campaign=self.campaign,
            rhythm=values["rhythm"],
            time=values["time"],
            zone=values["zone"],
            ends_on=values.get("ends_on"),
            date_property=values.get("date_property", "") if "date_property" in needed else "",
            **said,
        )


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """What is kept, or the time of the campaign itself, each week."""
    kept = Recurrence.objects.filter(campaign=campaign).first()
    if kept:
        names = ("rhythm", "week", "weekday", "day", "time", "zone", "ends_on", "date_property")
        return {name: getattr(kept, name) for name in names}
    local = timezone.localtime(campaign.goes_at)
    return {
        "rhythm": Rhythm.WEEK if campaign.is_agreed else Rhythm.BIRTHDAY,
        "weekday": local.weekday(),
        "week": min((local.day - 1) // 7 + 1, 4),
        "day": local.day,
        "time": local.time(),
        "zone": timezone.get_current_timezone_name(),
    }
