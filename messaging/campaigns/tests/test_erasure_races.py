"""Somebody is erased while a worker reads a list of a campaign. SQLite has one writer."""

import pytest

from contacts.tests.erasure_beside import ErasureBeside, after_the_first
from contacts.tests.erasures import PHONE
from messaging.campaigns.models import ListedPerson
from messaging.campaigns.people_lists import reading
from messaging.campaigns.tests.people_lists import OTHER, paste, to_nobody_yet

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]


def test_whoever_is_erased_while_a_list_is_read_is_not_in_it(
    kahvila, group, service, connected, mikko, aino, monkeypatch
):
    erasure = ErasureBeside(kahvila, aino)
    after_the_first(monkeypatch, reading, "drop_erased", erasure.begin)

    paste(to_nobody_yet(group, mikko), f"{PHONE}\n{OTHER}\n", mikko)

    erasure.end()
    assert list(ListedPerson.objects.values_list("phone", flat=True)) == [OTHER]
