"""Who wrote: a sender as the platform wrote it, to the address of their thread.

Whether SmartDialog writes a plus is not known. Without one, whom we know already comes before any reading of
the digits: a wrong reading records the STOP of one person for another, who also gets the answer.
"""

from collections.abc import Iterator

from contacts.models import Contact
from contacts.text.phone_cells import MAX_DIGITS
from contacts.text.phones import InvalidPhone, read_number, spellings
from gateway.models import Service
from messaging.campaigns.models import Recipient
from messaging.inbox.models import Thread

MAX_SHORT_CODE = 6  # digits of a sender that is a service, not somebody's phone
MAX_ADDRESS = 50  # characters
SCHEMES = {"tel", "sms", "mms", "whatsapp", "sip", "sips", "phone", "msisdn"}  # of a number written as a URI


def normalize_address(sender: str, service: Service) -> str:
    """E.164 for a phone number, however the platform wrote it; a short code or a name stays as it came."""
    written = sender.strip()
    number, domain = _without_uri(written)
    return (_phone_of(number, service, is_bare=not domain) or written)[:MAX_ADDRESS]


def can_be_answered(address: str) -> bool:
    """Whether it is somebody's phone; a short code, a name and a hidden sender take no answer."""
    digits = address.removeprefix("+")
    return address.startswith("+") and digits.isdecimal() and MAX_SHORT_CODE < len(digits) <= MAX_DIGITS


def may_be_a_phone(address: str) -> bool:
    """Whether a phone's digits are in it, though it may not be certain which phone's."""
    return _digits_in(address) > MAX_SHORT_CODE


def _without_uri(written: str) -> tuple[str, str]:
    """What stands in `tel:…` or `sip:…@domain`, and the domain, where there is one."""
    scheme, _, rest = written.partition(":")
    number, _, domain = (rest if scheme.strip().lower() in SCHEMES else written).partition("@")
    return number.strip(), domain


def _phone_of(written: str, service: Service, *, is_bare: bool) -> str:
    """Empty where it is not certain. Digits of a mail address are a phone's if they begin so or are known."""
    if written.startswith(("+", "00")):
        found = _certain(written, service)
        return _known_spelling(found, service) if found else ""
    if _digits_in(written) <= MAX_SHORT_CODE or any(each.isalpha() for each in written):
        return ""
    known = _known(written, service)
    if known or not is_bare:
        return known
    return _certain(f"+{written}", service) or _with_trunk_prefix(written, service)


def _digits_in(text: str) -> int:
    return sum(each.isdecimal() for each in text)


def _known(written: str, service: Service) -> str:
    """The one person of the customer with these digits, read as international or as national; "" else."""
    readings = {_certain(f"+{written}", service)}
    readings |= {_certain(written, service, region) for region in service.regions}
    known = {each for reading in readings - {""} for each in _people(reading, service)}
    return known.pop() if len(known) == 1 else ""


def _known_spelling(phone: str, service: Service) -> str:
    """As the person is kept here, who may have another spelling of the same number."""
    return next(_people(phone, service), phone)


def _people(phone: str, service: Service) -> Iterator[str]:
    """Spellings of the number by which the customer has somebody: in a thread, in a group, or messaged."""
    written = spellings(phone)
    threads = Thread.objects.filter(customer=service.customer, address__in=written)
    contacts = Contact.objects.filter(group__customer=service.customer, phone__in=written)
    messaged = Recipient.objects.of_customer(service.customer).filter(phone__in=written).order_by()
    kept = {
        *threads.values_list("address", flat=True),
        *contacts.values_list("phone", flat=True),
        *messaged.values_list("phone", flat=True).distinct(),
    }
    return (each for each in written if each in kept)


def _with_trunk_prefix(written: str, service: Service) -> str:
    """A national number as it is dialled; other digits are nobody that we could name."""
    return _certain(written, service) if written.startswith("0") else ""


def _certain(text: str, service: Service, region: str = "") -> str:
    """Of two numbers that stand together neither is."""
    try:
        found = read_number(text, service.regions, country=region)
    except InvalidPhone:
        return ""
    return "" if found.note else found.phone
