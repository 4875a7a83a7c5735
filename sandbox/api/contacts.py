"""Group contacts: operations 15 to 19."""

from collections.abc import Iterable
from typing import Any

from sandbox import ids
from sandbox.api.bodies import Field, ListOf, read_body
from sandbox.api.calls import Call, Refusal, Reply
from sandbox.api.numbers import e164, spelled
from sandbox.models import Contact, Service

FIELDS = (
    Field(name="active", kind=bool),
    Field(name="email"),
    Field(name="firstName"),
    Field(name="lastName"),
    Field(name="gender", choices=("Male", "Female", "Other")),
    Field(name="birthYear", kind=int),
    Field(name="streetAddress"),
    Field(name="zipCode"),
    Field(name="city"),
    Field(name="countryCode"),
    Field(name="customContactProperties", kind=ListOf((Field(name="name"), Field(name="value")))),
    Field(name="phoneNumberRegions", kind=ListOf()),
)
NEW_FIELDS = (Field(name="phone", required=True), *FIELDS)


def create(call: Call) -> Reply:
    fields = read_fields(call, NEW_FIELDS)
    group = get_group(call)
    call.subject = fields["phone"]
    call.subject = phone = normalize_phone(
        call, fields["phone"], regions=fields.get("phoneNumberRegions", ())
    )
    contact = group.contacts.filter(phone=phone).first()
    if contact and call.switches["duplicate_contact"] == "refuse":
        raise Refusal(400, "The group already has a contact with this phone number")
    contact = contact or Contact(group=group, phone=phone)
    contact.created_count += 1
    write(contact, fields)
    return Reply(200, call.written(contact.id))


def show(call: Call) -> Reply:
    region = call.request.GET.get("Region")
    contact = find(call, regions=[region] if region else [])
    if contact is None:
        if call.switches["unknown_contact_read"] == "not_found":
            raise Refusal(404, "There is no such contact")
        return Reply(200, {}, decision="nothing to show")
    shown = {
        "phone": spelled(call, contact.phone),
        "failedMessages": contact.failed_messages,
        "customContactProperties": [],
    }
    if call.switches["read_says_active"]:
        shown["active"] = contact.active
    return Reply(200, shown | contact.fields)


def update(call: Call) -> Reply:
    fields = read_fields(call, FIELDS)
    contact = find(call, regions=fields.get("phoneNumberRegions", ()))
    if contact is None:
        return unknown_contact(call)
    contact.updated_count += 1
    if not call.switches["replace_on_update"]:
        fields = contact.fields | {"active": contact.active} | fields
    write(contact, fields)
    return done(call)


def delete(call: Call) -> Reply:
    contact = find(call, regions=())
    if contact is None:
        return unknown_contact(call)
    contact.delete()
    return done(call)


def delete_all(call: Call) -> Reply:
    gone, _ = get_group(call).contacts.all().delete()
    call.subject = f"{gone} contacts"
    return done(call)


def done(call: Call) -> Reply:
    return Reply(200, True if call.switches["done_answers"] == "bare" else {"success": True})


def read_fields(call: Call, known: tuple[Field, ...]) -> dict[str, Any]:
    fields = read_body(call, known)
    empty = [name for name, value in fields.items() if value == ""]
    if empty and call.switches["refuse_empty_texts"]:
        raise Refusal(400, f"{', '.join(sorted(empty))} must not be empty")
    return fields


def get_group(call: Call) -> Service:
    try:
        return call.customer.services.get(id=ids.decode(call.path["group"]), kind=Service.Kind.GROUP)
    except (ValueError, Service.DoesNotExist) as error:
        raise Refusal(404, "The customer has no such group") from error


def find(call: Call, *, regions: Any) -> Contact | None:
    group = get_group(call)
    call.subject = call.path["phone"]
    call.subject = phone = normalize_phone(call, call.path["phone"], regions=regions)
    return group.contacts.filter(phone=phone).first()


def normalize_phone(call: Call, text: str, *, regions: Iterable[str]) -> str:
    """The number in E.164; what is none is refused, or kept as it was written."""
    try:
        return e164(text, regions=regions)
    except Refusal:
        if call.switches["invalid_contact_phone"] == "refuse":
            raise
        return text[:20]


def unknown_contact(call: Call) -> Reply:
    if call.switches["unknown_contact"] == "not_found":
        raise Refusal(404, "There is no such contact")
    return Reply(200, False, decision="nothing to change")


def write(contact: Contact, fields: dict[str, Any]) -> None:
    """A body without `active` makes the contact active: the contract gives it that default."""
    contact.active = fields.get("active", True)
    left_out = ("phone", "active", "phoneNumberRegions")
    contact.fields = {name: value for name, value in fields.items() if name not in left_out}
    contact.save()
