"""What the check reads: who the person is for SmartDialog, and what the customer has."""

import re
from collections.abc import Callable, Generator, Sized
from dataclasses import dataclass, field

from accounts.trail.masking import masked
from gateway.account_check.checker import Checker, StepResult, Steps, StepState, UnexpectedResult
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import RemoteContact, RemoteCustomer, RemoteService, RemoteTemplate

PICKERS = {  # what the contract's pickers ask for: the kind, and whether replies are allowed
    "one-way": ("OneWay", False),
    "one-way with replies": ("OneWay", True),
    "two-way": ("TwoWay", None),
    "group": ("Group", None),
}


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """`group` is SmartDialog's id of it, `to` a number in E.164."""

    write: bool = False
    group: str = ""
    to: str = ""
    sender: str = "Test"


@dataclass
class CheckTarget:
    """The customer that is tried, and what was found there. `contact` is None where the group has none."""

    customer: str
    services: dict[str, list[RemoteService] | None] = field(default_factory=dict)  # None: could not be read
    templates: list[RemoteTemplate] | None = None
    contact: RemoteContact | None = None
    contact_read: bool = False

    def service(self, picker: str) -> str:
        """The first of these services; empty when there is none."""
        found = self.services.get(picker)
        return found[0].id if found else ""

    def lack(self, picker: str, words: str) -> tuple[StepState, str]:
        """Why there is none: SmartDialog lists none, or it could not be asked."""
        if self.services.get(picker) is None:
            return StepState.NOT_TRIED, f"the {picker} services could not be read"
        return StepState.SKIPPED, words


def run_reads(checker: Checker, options: CheckOptions) -> Generator[StepResult, None, CheckTarget | None]:
    """The place to try things at; None when no customer has it."""
    customers = yield from checker.step("GetUserCustomers", SmartDialog.customers, describe_customers)
    yield from checker.step("GetPhoneNumberRegions", SmartDialog.phone_regions, describe_count("regions"))
    yield from checker.step("GetWhatsappTemplateCategories", SmartDialog.template_categories, ", ".join)
    place = yield from _find_place(checker, customers or [], options.group)
    if place is None:
        return None
    yield from checker.step(
        "GetCustomerWhatsappIdentities",
        lambda api: api.whatsapp_identities(customer=place.customer),
        lambda found: f"WhatsApp numbers: {masked(', '.join(found)) or 'none'}",
    )
    place.templates = yield from checker.step(
        "GetCustomerWhatsAppTemplates",
        lambda api: api.templates(customer=place.customer).templates,
        describe_count("approved templates"),
    )
    if options.group and options.to:
        yield from read_contact(checker, place, options)
    return place


def _find_place(
    checker: Checker, customers: list[RemoteCustomer], group: str
) -> Generator[StepResult, None, CheckTarget | None]:
    """The first customer, or the one that has the group."""
    is_read = True
    for customer in customers:
        place = CheckTarget(customer.id)
        for picker, (kind, allow_reply) in PICKERS.items():
            place.services[picker] = yield from checker.step(
                "GetCustomerServices",
                _services(customer.id, kind, allow_reply),
                describe_services(picker),
            )
        if not group or group in {each.id for each in place.services["group"] or []}:
            return place
        is_read = is_read and place.services["group"] is not None
    if customers and is_read:
        yield StepResult(
            StepState.FAILED, "GetCustomerServices", f"no customer has a group with the id {group}"
        )
    return None


def _services(
    customer: str, kind: str, allow_reply: bool | None
) -> Callable[[SmartDialog], list[RemoteService]]:
    return lambda api: api.services(customer=customer, kind=kind, allow_reply=allow_reply)


def read_contact(checker: Checker, place: CheckTarget, options: CheckOptions) -> Steps:
    """Whether the group has the number: being told that it has not proves the way there just as well."""

    def absent(error: Refused) -> str:
        place.contact_read = error.status == 404
        return f"{masked(options.to)} is not in the group" if place.contact_read else ""

    def found(contact: RemoteContact) -> str:
        if not _is_somebody(contact):
            place.contact_read = True
            return f"{masked(options.to)} is not in the group, which SmartDialog says by an empty answer"
        check_number(options.to, contact.phone)
        return f"{masked(options.to)} is in the group"

    contact = yield from checker.step(
        "GetGroupContact",
        lambda api: api.get_contact(customer=place.customer, group=options.group, phone=options.to),
        found,
        expected_refusal=absent,
    )
    place.contact = contact if contact and _is_somebody(contact) else None
    place.contact_read = place.contact_read or place.contact is not None


def _is_somebody(contact: RemoteContact) -> bool:
    return bool(contact.phone or contact.first_name or contact.last_name or contact.email)


def check_number(asked: str, answered: str) -> None:
    """Raises UnexpectedResult where SmartDialog answers of another number, however it spells the same one."""
    digits = re.sub(r"\D", "", answered).lstrip("0")
    if len(digits) < 6 or not asked.endswith(digits):
        told = masked(answered[:40]) or "no number"
        raise UnexpectedResult(f"asked for {masked(asked)}, SmartDialog answered with {told}")


def describe_customers(found: list[RemoteCustomer]) -> str:
    return f"customers: {', '.join(each.name for each in found) or 'none'}"


def describe_services(picker: str) -> Callable[[list[RemoteService]], str]:
    """With the ids of groups, which --group asks for."""

    def describe(found: list[RemoteService]) -> str:
        names = [f"{each.name} ({each.id})" if picker == "group" else each.name for each in found]
        return f"{picker}: {', '.join(names) or 'none'}"

    return describe


def describe_count(things: str) -> Callable[[Sized], str]:
    return lambda found: f"{len(found)} {things}"
