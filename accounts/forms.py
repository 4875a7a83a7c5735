from django import forms

from accounts.models import Role, User
from accounts.time_zones import zone_choices


class PreferencesForm(forms.ModelForm):
    """What a person decides about themselves."""

    time_zone = forms.ChoiceField(
        choices=zone_choices, help_text="Times on every page are shown in this zone."
    )

    class Meta:
        model = User
        fields = ["name", "time_zone"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
