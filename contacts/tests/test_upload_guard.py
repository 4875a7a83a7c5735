"""Who may not send a file stores none, and nobody a long body where no file belongs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, FakePayload, encode_multipart
from django.urls import reverse

from tests.people import client_of

MB = 1024 * 1024


class Body(FakePayload):
    """Remembers how much of it was read."""

    taken = 0

    def read(self, *args):
        part = super().read(*args)
        self.taken += len(part)
        return part


@pytest.fixture
def tmp_files(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def send(client: Client, address: str, size: int) -> tuple[object, Body]:
    file = SimpleUploadedFile("a.csv", b"a" * size)
    body = Body(encode_multipart(BOUNDARY, {"username": "x", "file": file}))
    length = len(body)
    answer = client.generic(
        "POST",
        address,
        content_type=MULTIPART_CONTENT,
        **{"wsgi.input": body, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": MULTIPART_CONTENT},
    )
    return answer, body


@pytest.mark.django_db
@pytest.mark.parametrize("checks_csrf", [True, False])
def test_a_stranger_stores_nothing_on_a_page_without_files(tmp_files, checks_csrf):
    answer, body = send(Client(enforce_csrf_checks=checks_csrf), reverse("accounts:sign_in"), 20 * MB)

    assert answer.status_code == 413
    assert body.taken == 0
    assert list(tmp_files.iterdir()) == []


@pytest.mark.django_db
def test_a_small_file_is_not_read_where_none_belongs(mikko, tmp_files):
    answer, body = send(client_of(mikko), reverse("accounts:preferences"), 4 * MB)

    assert answer.status_code != 413
    assert not answer.wsgi_request.FILES
    assert body.taken <= 128 * 1024


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["nobody", "vera", "nina", "otto"])
def test_who_may_not_import_is_answered_before_the_file_is_read(person, request, group, tmp_files):
    client = Client() if person == "nobody" else client_of(request.getfixturevalue(person))

    answer, body = send(client, reverse("contacts:import", args=[group.pk]), 20 * MB)

    assert answer.status_code == {"nobody": 302, "vera": 403, "nina": 302, "otto": 404}[person]
    if person != "otto":
        assert body.taken <= 128 * 1024
    assert list(tmp_files.iterdir()) == []
