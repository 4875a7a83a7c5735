"""What people call things is seen by others: one kind of field takes it, which knows what nobody sees."""

import pytest
from django import forms

from contacts.text.name_field import NameField
from contacts.text.values import visible_name
from tests.structure.test_text_areas import forms_of_ours

CALLED = ("name", "display_name", "label")
# People are told apart by more than that; properties are read as cells are; a file keeps its name.
OTHERWISE = {"PreferencesForm.name", "BulkForm.name", "ListForm.name"}
UNSEEN = ["\u200b", "\u034f", "\u2800", "\u3164", "\ufe0f", "\u200d", "\u202e", "\u2066\u2069", "\U000e0100"]
UNSEEN += ["\u115f", "\uffa0", "\u00ad", "\u180f", "\U000e0041", "\U0001d173", "\u00a0", "\u2028", " \0\t\n"]


def name_fields() -> dict[str, forms.Field]:
    return {
        f"{form.__name__}.{name}": field
        for form in set(forms_of_ours())
        for name, field in getattr(form, "base_fields", {}).items()
        if name in CALLED and isinstance(field, forms.CharField) and ".tests." not in form.__module__
    }


def test_each_field_for_a_name_takes_only_what_can_be_seen():
    found = name_fields()

    assert len(found) > 8
    assert {name for name, field in found.items() if not isinstance(field, NameField)} == OTHERWISE


@pytest.mark.parametrize("unseen", [*UNSEEN, "".join(UNSEEN)])
def test_a_name_that_nobody_sees_is_none(unseen):
    assert visible_name(unseen) == ""
    with pytest.raises(forms.ValidationError):
        NameField().clean(unseen)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("V\u200bIP", "VIP"),
        ("  Kesä\u202e  juhla\n", "Kesä juhla"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("'2026", "'2026"),
        ("Cafe\u0301", "Café"),
        ("نام\u200cها", "نام\u200cها"),
    ],
)
def test_a_name_is_kept_as_it_is_read(typed, taken):
    assert NameField().clean(typed) == taken
