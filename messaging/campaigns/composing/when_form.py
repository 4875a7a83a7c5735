"""When something goes out: now, or at a time of a day in a zone."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.web.widgets import ZoneSelect
from accounts.wording.time_zones import zone_choices
from gateway import clock
from messaging.campaigns.composing import local_time
from messaging.campaigns.composing.local_time import AmbiguousTime, TimeProblem

NOW, LATER = "now", "later"
REQUIRED_FOR_TIME = {"date": "Choose a day.", "time": "Choose a time."}


class WhenForm(forms.Form):
    """Now, or at a time of a day in a zone; `send_at` of the cleaned values, None for now."""

    when = forms.ChoiceField(
        choices=[(NOW, "Now"), (LATER, "Schedule for later")], initial=NOW, widget=forms.RadioSelect
    )
    date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(choices=zone_choices, widget=ZoneSelect, required=False, label="Time zone")
    fold = forms.ChoiceField(
        choices=[("0", ""), ("1", "")], required=False, label="Which of the two", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_ambiguous = False
        if not self.is_bound:
            self._offer_saved_fold()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["send_at"] = None
        if values.get("when") == LATER and values.get("date") and values.get("time"):
            wall = datetime.combine(values["date"], values["time"])
            zone = values.get("zone") or timezone.get_current_timezone_name()
            self._offer_choices(local_time.fold_choices(wall, zone))
            values["send_at"] = self._moment(wall, zone, values.get("fold"))
        return values

    def _moment(self, wall: datetime, zone: str, fold: str | None) -> datetime | None:
        try:
            return local_time.resolve(wall, zone, fold=int(fold) if fold else None, now=clock.now())
        except TimeProblem as error:
            self.add_error("fold" if isinstance(error, AmbiguousTime) else "time", error.text)
        return None

    def _offer_saved_fold(self) -> None:
        """Which of two times was chosen is shown, and posted again, when a saved campaign is opened."""
        day, time, zone = (self.initial.get(name) for name in ("date", "time", "zone"))
        if day and time and zone:
            self._offer_choices(local_time.fold_choices(datetime.combine(day, time), zone))

    def _offer_choices(self, choices: list[tuple[str, str]]) -> None:
        self.is_ambiguous = bool(choices)
        fold = self.fields["fold"]
        assert isinstance(fold, forms.ChoiceField)
        fold.choices = choices


class ResumeForm(WhenForm):
    """When a paused campaign goes on."""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("when") == LATER:
            for name, words in REQUIRED_FOR_TIME.items():
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return values
