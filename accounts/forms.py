from zoneinfo import available_timezones

from django import forms

from accounts.models import Role, User


class PreferencesForm(forms.ModelForm):
    """What a person decides about themselves."""

    time_zone = forms.ChoiceField(
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name],
        help_text="Times on every page are shown in this zone.",
    )

    class Meta:
        model = User
        fields = ["name", "time_zone"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
