"""The columns of a file are remembered; that one of them says by now who gets messages is asked about."""

import pytest

from contacts.fields import ACTIVE
from contacts.importing import import_lifecycle
from contacts.models import FileShape

pytestmark = pytest.mark.django_db
HEADER = "Nimi;Puhelin;Status\n"
SILENT = f"{HEADER}Anna;0401115001;\nBen;0401115002;\n"


def chosen(uploaded, text: str, target: str | None = None) -> None:
    """A file whose last column a person takes for `target`, or leaves as it was guessed."""
    job = uploaded(text)
    mapping = job.mapping if target is None else [*job.mapping[:-1], target]
    import_lifecycle.start_checking(job, mapping=mapping, regions=job.regions)


def columns_asked(uploaded, text: str) -> list[int]:
    return [each["column"] for each in uploaded(text).questions if each["about"] == "consent"]


@pytest.mark.parametrize(("anna", "ben"), [("unsubscribed", "subscribed"), ("No", "Yes")])
def test_a_column_that_was_blank_is_asked_about_once_it_tells_consent(uploaded, anna, ben):
    chosen(uploaded, SILENT)

    assert columns_asked(uploaded, f"{HEADER}Anna;0401115001;{anna}\nBen;0401115002;{ben}\n") == [2]


def test_a_column_that_was_something_else_is_asked_about_too(uploaded):
    chosen(uploaded, f"{HEADER}Anna;0401115001;Gold\n")

    assert columns_asked(uploaded, f"{HEADER}Anna;0401115001;cleaned\nBen;0401115002;subscribed\n") == [2]


@pytest.mark.parametrize("target", ["", "property:Status", ACTIVE])
def test_what_a_person_has_decided_is_not_asked_again(uploaded, target):
    text = f"{HEADER}Anna;0401115001;No\nBen;0401115002;Yes\n"
    chosen(uploaded, text, target)
    chosen(uploaded, SILENT)  # remembers what it was not asked about

    assert columns_asked(uploaded, text) == []
    assert FileShape.objects.get().mapping[2] == target


def test_a_file_of_which_nothing_tells_consent_is_not_asked_about(uploaded):
    chosen(uploaded, SILENT)

    assert columns_asked(uploaded, f"{HEADER}Anna;0401115001;Gold\nBen;0401115002;\n") == []
