"""Time zones to choose from: written in one go, and what a browser makes of it is what Django's own says."""

from html.parser import HTMLParser

from django import forms

from accounts.web.widgets import ZoneSelect
from accounts.wording.time_zones import zone_choices


class Tags(HTMLParser):
    """Tags with their attributes, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.found.append((tag, sorted(attrs)))

    def handle_data(self, data) -> None:
        self.found += [data.strip()] if data.strip() else []


class ZoneForm(forms.Form):
    own = forms.ChoiceField(choices=zone_choices, widget=ZoneSelect)
    plain = forms.ChoiceField(choices=zone_choices)


def test_it_says_what_djangos_own_select_says():
    form = ZoneForm(initial={"own": "Europe/Helsinki", "plain": "Europe/Helsinki"})
    attrs = {"id": "zone", "required": True, "disabled": False, "aria-describedby": '"one" & two'}

    own = form["own"].as_widget(attrs=attrs).replace('name="own"', 'name="plain"')

    assert Tags(own).found == Tags(form["plain"].as_widget(attrs=attrs)).found
    assert ("option", [("selected", None), ("value", "Europe/Helsinki")]) in Tags(own).found
    assert len([each for each in Tags(own).found if each[0] == "option"]) > 500
