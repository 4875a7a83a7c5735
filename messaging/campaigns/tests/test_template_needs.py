"""A campaign is not sent before it has given what its template asks for."""

import pytest

from messaging.campaigns.wording import template_needs
from messaging.whatsapp.models import Template

LINKS = [{"type": "Url", "label": "Track", "data": "https://a.fi/{{1}}"}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "given", "missing"),
    [
        ({}, {}, set()),
        ({"header_kind": "document"}, {}, {"attachment_url"}),
        ({"header_kind": "image"}, {"attachment_url": "https://a.fi/a.png"}, set()),
        ({"header_kind": "text", "header_text": "Order {{1}}"}, {}, {"header_parameters"}),
        ({"header_text": "Order {{1}}"}, {"header_parameters": ["1", "2"]}, {"header_parameters"}),
        ({"header_text": "Order {{1}}"}, {"header_parameters": ["1"]}, set()),
        ({"buttons": LINKS}, {}, {"button_data"}),
        ({"buttons": LINKS}, {"button_data": ["1"]}, set()),
        ({"header_text": "Order {{1}}"}, {"header_parameters": ["x" * 54]}, set()),
        ({"header_text": "Order {{1}}"}, {"header_parameters": ["x" * 55]}, {"header_parameters"}),
        ({"buttons": LINKS}, {"button_data": ["x" * 1987]}, set()),
        ({"buttons": LINKS}, {"button_data": ["x" * 1988]}, {"button_data"}),
    ],
)
def test_what_is_missing_is_named_by_its_field(fields, given, missing):
    template = Template(body="Hei kaikki, tervetuloa", **fields)

    assert template_needs.missing(template, given).keys() == missing


def test_without_a_template_nothing_of_it_is_missing():
    assert template_needs.missing(None, {}) == {}
