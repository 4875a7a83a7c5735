"""An import is taken back whose people a campaign was for: its results stay."""

import pytest

from contacts.importing import undoing
from contacts.models import Contact, ImportState
from contacts.tests.conftest import make_saved
from messaging.campaigns.models import Recipient
from messaging.campaigns.tests.conftest import make_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def test_recipients_whom_smartdialog_never_heard_of_outlast_their_contact(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anne\n")
    campaign = make_campaign(group, mikko)
    anne = Contact.objects.get()
    recipient = Recipient.objects.create(campaign=campaign, contact=anne, phone=anne.phone)

    undoing.begin(job, by=mikko)
    undoing.undo(job.pk)

    job.refresh_from_db()
    recipient.refresh_from_db()
    assert (job.state, recipient.contact) == (ImportState.UNDONE, None)
