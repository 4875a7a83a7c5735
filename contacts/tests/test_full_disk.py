"""No room for a file: it is refused with words, and nothing of it is kept."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Import
from contacts.tests.conftest import HEADER
from tests.people import client_of

pytestmark = pytest.mark.django_db
LARGE = HEADER.encode("cp1252") + b"0401234567;Anna;;;;\r\n" * 150_000  # 3 MB: too much for memory


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB; mounting it takes root."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def send(person, group, content: bytes):
    file = SimpleUploadedFile("people.csv", content)
    return client_of(person).post(reverse("contacts:import", args=[group.pk]), {"file": file})


@pytest.mark.parametrize("content", [LARGE, LARGE[:200_000]], ids=["on its way in", "where it is kept"])
def test_a_file_without_room_is_refused_with_words_and_no_half_of_it_is_kept(
    group, mikko, small_disk, settings, content
):
    settings.UPLOADS_DIR = small_disk
    settings.FILE_UPLOAD_TEMP_DIR = str(small_disk)

    refused = send(mikko, group, content)

    assert "The server has no room to keep this file" in refused.content.decode()
    assert not Import.objects.exists()
    assert list(small_disk.iterdir()) == []
    settings.UPLOADS_DIR, settings.FILE_UPLOAD_TEMP_DIR = small_disk.parent / "large", None
    assert send(mikko, group, content).status_code == 302
