import pytest

from sandbox import switches
from sandbox.models import Template
from sandbox.tests.callers import KAHVILA, Caller, said
from sandbox.tests.test_whatsapp import CREATE, LIST, OFFER, send

pytestmark = pytest.mark.django_db

GOOD = OFFER | {"RawContent": "Hei {{1}}, aikasi on varattu {{2}} meillä. Tervetuloa!"}


@pytest.fixture(autouse=True)
def strict() -> None:
    switches.change({"meta_rules": True})


@pytest.fixture
def approved(aino: Caller) -> Template:
    assert aino.call("POST", CREATE, GOOD).status_code == 204
    Template.objects.update(review=Template.Review.APPROVED)
    return Template.objects.get()


@pytest.mark.parametrize(
    ("change", "subcode"),
    [
        ({"RawContent": "a" * 1025}, 2388040),
        ({"RawContent": "Hei {{2}}, aikasi on varattu"}, 2388072),
        ({"RawContent": "Hei {{name}}, aikasi on varattu"}, 2388072),
        ({"RawContent": "{{1}}, aikasi on varattu"}, 2388299),
        ({"RawContent": "Aikasi on varattu {{1}}."}, 2388299),
        ({"RawContent": "Hei {{1}} {{2}} {{3}} nyt"}, 2388293),
        ({"RawContent": "Hei\n\n\nkaikki"}, 2388072),
        ({"AttachmentUrl": "https://example.com/a.exe"}, 2388047),
        ({"Buttons": [{"Type": "QuickReply", "Label": "Kyllä 👍", "Data": "Kyllä"}]}, 2388072),
    ],
)
def test_what_whatsapp_refuses_is_refused_with_its_subcode(aino: Caller, change: dict, subcode: int) -> None:
    answer = aino.call("POST", CREATE, GOOD | change)

    assert answer.status_code == 400
    assert f"subcode {subcode}" in said(answer)


def test_a_name_is_taken_once_in_a_language(aino: Caller, approved: Template) -> None:
    assert "subcode 2388024" in said(aino.call("POST", CREATE, GOOD))
    assert aino.call("POST", CREATE, GOOD | {"Language": "sv"}).status_code == 204


@pytest.mark.parametrize(
    ("review", "parameters", "changes", "code"),
    [
        ("pending", ["a", "b"], {}, 132001),
        ("rejected", ["a", "b"], {}, 132001),
        ("paused", ["a", "b"], {}, 132015),
        ("approved", ["a"], {}, 132000),
        ("approved", ["a", "b\nc"], {}, 132012),
        ("approved", ["a", "b" * 1025], {}, 132005),
        ("approved", ["a", "b"], {"Buttons": [{"Type": "Url", "Data": "x"}]}, 132000),
    ],
)
def test_a_send_that_whatsapp_refuses_is_refused_with_its_code(
    aino: Caller, approved: Template, review: str, parameters: list[str], changes: dict, code: int
) -> None:
    Template.objects.update(review=review)

    assert f"(#{code})" in said(send(aino, approved.name, *parameters, **changes))


def test_a_media_header_needs_its_file(aino: Caller, approved: Template) -> None:
    Template.objects.update(attachment_url="https://example.com/a.pdf")

    assert "(#132012)" in said(send(aino, approved.name, "a", "b"))
    assert send(aino, approved.name, "a", "b", AttachmentUri="https://example.com/own.pdf").status_code == 200


def test_a_paused_one_is_listed_and_a_rejection_has_a_reason(
    aino: Caller, approved: Template, client
) -> None:
    client.post(f"/_control/templates/{approved.id}/review/", {"verdict": "paused"})
    assert len(aino.call("GET", LIST).json()) == 1

    rejected = {"verdict": "rejected", "reason": "SCAM"}
    client.post(f"/_control/templates/{approved.id}/review/", rejected)
    assert Template.objects.get().reason == "SCAM"
    assert KAHVILA in LIST
