"""Whoever uploads is killed before there is a row of it: its file is nobody's, and goes in time."""

import pytest

from accounts.models import User
from contacts.models import Import, StoredChunk, StoredFile
from gateway.models import Service
from gateway.workers import retention
from messaging.campaigns.models import PeopleList
from tests.faults.crashing_worker import AT_EACH_STEP_ON_EITHER, run_and_crash
from tests.faults.test_campaign_kills import begin

pytestmark = AT_EACH_STEP_ON_EITHER

DAY = 24 * 60 * 60.0  # seconds
BEGIN = """
import sys, django
django.setup()
from accounts.models import User
from contacts.importing import import_lifecycle
from contacts.importing.files.stored_files import Upload
from gateway.models import Service
from messaging.campaigns.models import Campaign
from messaging.campaigns.people_lists import uploading
to, by = int(sys.argv[1]), User.objects.get(pk=sys.argv[2])
people = Upload("people.csv", [b"Puhelin;Nimi\\n", *(b"0401234567;Anna %d\\n" % n for n in range(200_000))])
"""
IMPORT = BEGIN + "import_lifecycle.upload(people, group=Service.objects.get(pk=to), by=by)"
LIST = BEGIN + "uploading.upload(people, Campaign.objects.get(pk=to), by=by)"


def to_a_group(by: User) -> tuple[str, int]:
    return IMPORT, Service.objects.groups().get(name="Jäsenet").pk


def to_a_campaign(by: User) -> tuple[str, int]:
    return LIST, begin(by, ["+358401230001"], is_planned=False).pk


@pytest.mark.parametrize("failpoint", ["some kept", "file kept"])
@pytest.mark.parametrize("goes", [to_a_group, to_a_campaign])
def test_a_file_whose_upload_was_killed_is_nobodys_and_goes_in_time(
    goes, failpoint, signed_in, settings, tmp_path, later
):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    script, to = goes(signed_in)

    run_and_crash(script, to, signed_in.pk, failpoint=failpoint, folder=tmp_path)

    assert not Import.objects.exists()
    assert not PeopleList.objects.exists()
    assert StoredFile.objects.count() == 1
    assert StoredChunk.objects.exists()
    assert len(list(settings.UPLOADS_DIR.iterdir())) == 1
    later(13 * DAY)
    retention.prune()
    assert StoredFile.objects.count() == 1
    later(15 * DAY)
    retention.prune()
    assert not StoredFile.objects.exists()
    assert not StoredChunk.objects.exists()
    assert list(settings.UPLOADS_DIR.iterdir()) == []
