"""The catalogue of a contact's fields, and the gateway's words for the same."""

from dataclasses import fields

from contacts.fields import FIELDS, NAMES
from gateway.smartdialog import parsing
from gateway.smartdialog.types import ContactFields, RemoteContact


def test_the_gateway_sends_each_field_by_its_name_there():
    values = {field.name: number for number, field in enumerate(FIELDS)}

    sent = ContactFields(**values, active=True).wire(with_phone=True)

    assert {field.wire: sent[field.wire] for field in FIELDS} == {
        field.wire: values[field.name] for field in FIELDS
    }
    assert {each.name for each in fields(ContactFields)} == {
        *NAMES,
        "active",
        "properties",
        "regions",
        "unsaid",
    }


def test_the_gateway_reads_each_field_by_its_name_there():
    told = {field.wire: 1980 if field.is_number else field.label for field in FIELDS}

    read = parsing.contact(told)

    assert {field.name: getattr(read, field.name) for field in FIELDS} == {
        field.name: told[field.wire] for field in FIELDS
    }
    assert {each.name for each in fields(RemoteContact)} == {
        *NAMES,
        "failed_messages",
        "properties",
        "active",
    }
