"""Hours of a week as an admin writes them: a row for each weekday, and dates without any."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms

from accounts.web.stale_forms import ShownForm
from accounts.web.widgets import TextArea, ZoneSelect
from accounts.wording.time_zones import zone_choices
from messaging.campaigns.models import WeeklyHours

MOST_DATES = 200
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@dataclass(frozen=True)
class DayRow:
    is_open: forms.BoundField
    opens: forms.BoundField
    closes: forms.BoundField


class WeekForm(ShownForm, forms.Form):
    """`opens`, `closes`: what a weekday without hours begins with. `never`: why one day at least is open."""

    opens, closes = time(8), time(21)
    never = "Open one day at least."
    kept: tuple[str, ...] = ("zone", "days", "closed_dates")

    zone = forms.ChoiceField(choices=zone_choices, widget=ZoneSelect, label="Time zone")
    closed_dates = forms.CharField(
        required=False,
        label="Days off",
        help_text="Holidays: one day to a line, such as 2026-12-24.",
        widget=TextArea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, hours: WeeklyHours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours
        for number, hours_of_day in enumerate(hours.days):
            name, (opens, closes) = calendar.day_name[number], hours_of_day or (self.opens, self.closes)
            self.fields[f"open_{number}"] = forms.BooleanField(
                required=False, initial=bool(hours_of_day), label=name
            )
            self.fields[f"opens_{number}"] = forms.TimeField(
                required=False, initial=opens, label=f"{name} from", widget=CLOCK
            )
            self.fields[f"closes_{number}"] = forms.TimeField(
                required=False, initial=closes, label=f"{name} until", widget=CLOCK
            )
        self.fields["zone"].initial = hours.zone
        self.fields["closed_dates"].initial = "\n".join(hours.closed_dates)

    def weekdays(self) -> Iterator[DayRow]:
        for number in range(7):
            yield DayRow(*(self[f"{part}_{number}"] for part in ("open", "opens", "closes")))

    def clean_closed_dates(self) -> list[str]:
        lines = [each.strip() for each in self.cleaned_data["closed_dates"].splitlines() if each.strip()]
        if len(lines) > MOST_DATES:
            raise forms.ValidationError(f"Name at most {MOST_DATES} days.")
        return sorted({_iso_date(each) for each in lines})

    def clean(self) -> None:
        days = [self._day(number) for number in range(7)]
        if not any(days):
            raise forms.ValidationError(self.never)
        self.cleaned_data["days"] = days

    def save(self) -> None:
        for name in self.kept:
            setattr(self.hours, name, self.cleaned_data[name])
        self.hours.save()

    def _day(self, number: int) -> list[str] | None:
        values = self.cleaned_data
        if not values.get(f"open_{number}"):
            return None
        opens, closes = values.get(f"opens_{number}"), values.get(f"closes_{number}")
        if opens is None or closes is None:
            self.add_error(f"opens_{number}", "Say from when until when.")
        elif closes != time.min and closes <= opens:
            self.add_error(f"closes_{number}", "This is not after it begins. Midnight is 00:00.")
        else:
            return [f"{opens:%H:%M}", f"{closes:%H:%M}"]
        return None


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise forms.ValidationError(
            f"“{text[:40]}” is not a day. Write the year, month and day: 2026-12-24."
        ) from error
