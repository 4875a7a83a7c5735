from typing import Any

from django import forms

from accounts.models import Role, User
from accounts.people import names
from accounts.web.widgets import ZoneSelect
from accounts.wording.time_zones import zone_choices


class PreferencesForm(forms.ModelForm):
    """What a person decides about themselves; not their name where the sign-in says it."""

    time_zone = forms.ChoiceField(
        choices=zone_choices, widget=ZoneSelect, help_text="Times on every page are shown in this zone."
    )

    name = forms.CharField(max_length=names.LONGEST, required=False, help_text="As others see you here.")

    class Meta:
        model = User
        fields = ["time_zone"]

    field_order = ["name", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.instance.name
        if self.instance.named_by_sign_in:
            del self.fields["name"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class PasswordSignInForm(forms.Form):
    username = forms.CharField(
        max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    )
    password = forms.CharField(
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        help_text="6 digits from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class PresentPasswordForm(forms.Form):
    """Asked for again before a protection is taken off."""

    password = forms.CharField(
        strip=False,
        max_length=1000,
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
