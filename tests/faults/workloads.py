"""The two big jobs: a marketer imports a file, a marketer messages a group."""

import re
from dataclasses import asdict, dataclass

import requests

from tests.faults.stack import PATIENCE, Stack, wait_until
from tests.faults.web_client import WebClient, form_fields

GROUP = "Jäsenet"
CUSTOMER = "Kahvila Aalto"
SMS, WHATSAPP = "Hei {name}, tervetuloa kahville!", "Hei {name}, pöytä odottaa sinua!"

SERVICES_READ = f"""
from gateway.models import Service
answer = Service.objects.filter(customer__name={CUSTOMER!r}).count() >= 5
"""
WITHOUT_WAKE_UP = """
from gateway.workers import wake_up
wake_up.wake_now = lambda task, *ids: None
"""
ADD_CONTACTS = """
from gateway.models import Service
from tests.factories import make_contact
group = Service.objects.get(name={group!r})
for phone, first_name, last_name in {rows!r}:
    make_contact(group, phone=phone, first_name=first_name, last_name=last_name)
answer = group.contacts.count()
"""
WRITE_CONTACT = """
from accounts.models import User
from contacts.editing import crud
from gateway.models import Service
mikko = User.objects.get(name__startswith="Mikko")
values = {{"first_name": {first_name!r}, "last_name": {last_name!r}}}
crud.add(Service.objects.get(name={group!r}), phone={phone!r}, values=values, by=mikko)
answer = None
"""
CHANGE_NUMBERS = """
from accounts.models import User
from contacts.editing import crud
from contacts.models import Contact
mikko = User.objects.get(name__startswith="Mikko")
for old, new in {numbers!r}.items():
    contact = Contact.objects.get(group__name={group!r}, phone=old)
    crud.edit(contact, values={{}}, revision=contact.revision, by=mikko, phone=new)
answer = None
"""
SEND = """
from uuid import uuid4
from accounts.models import User
from gateway.models import Service
from messaging.campaigns import lifecycle
from messaging.whatsapp.models import Template
mikko = User.objects.get(name__startswith="Mikko")
group = Service.objects.get(name={group!r})
service = Service.objects.one_way().get(customer=group.customer)
sms = dict(sender="Kahvila", content={sms!r})
whatsapp = dict(channel="whatsapp", template=Template.objects.get(), parameters=[{{"field": "firstName"}}])
for words in (sms, whatsapp):
    fields = dict(group=group, service=service, **words)
    campaign, _ = lifecycle.create(customer=group.customer, uuid=uuid4(), fields=fields, by=mikko)
    lifecycle.schedule(campaign, revision=campaign.revision, people={people}, calls={people}, by=mikko)
answer = None
"""
SUBMIT_TEMPLATE = """
from gateway.sign_in import tokens
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.models import Connection, WhatsappIdentity
from gateway.smartdialog.types import NewTemplate
api = SmartDialog(Client(tokens.bearer(Connection.objects.get())))
identity = WhatsappIdentity.objects.get(customer__name={customer!r})
new = NewTemplate(display_name="tervetuloa", content={body!r}, category="Marketing", language="fi")
where = dict(customer=identity.customer.remote_id, identity=identity.address)
api.create_template(template=new, **where)
answer = None
"""
KEEP_TEMPLATE = """
from accounts.models import Customer
from messaging.whatsapp.models import Template
customer = Customer.objects.get(name={customer!r})
kept = dict(body={body!r}, state="listed")
Template.objects.update_or_create(customer=customer, remote_id={name!r}, defaults=kept)
answer = None
"""


@dataclass(frozen=True)
class Row:
    phone: str  # as the platform has it: E.164
    first_name: str
    last_name: str


def make_rows(amount: int, *, prefix: str = "+35840") -> list[Row]:
    """Every two have a first name in common. At the sandbox, numbers that end in 0000 are unlucky."""
    return [Row(f"{prefix}{1230100 + n}", f"Nimi{n // 2}", f"Sukunimi{n}") for n in range(amount)]


def as_csv(rows: list[Row]) -> bytes:
    lines = [f"0{row.phone[4:]};{row.first_name};{row.last_name}" for row in rows]
    return "\r\n".join(["Puhelin;Etunimi;Sukunimi", *lines]).encode("cp1252")


def sign_in(stack: Stack) -> WebClient:
    """Mikko, once his services are read."""
    mikko = stack.web_client("mikko")
    wait_until(lambda: stack.ask(SERVICES_READ), f"the services of {CUSTOMER} to be read")
    return mikko


def sign_in_again(stack: Stack) -> None:
    """Once the dashboard is up, and as often as something goes wrong on the way."""

    def is_signed_in() -> bool:
        try:
            stack.web_client("mikko")
        except (AssertionError, requests.RequestException):
            return False
        return True

    wait_until(is_signed_in, "a sign-in that works", pause=1)


def start_import(stack: Stack, web_client: WebClient, rows: list[Row]) -> str:
    """Upload, check and confirm; the import's path."""
    path = start_check(stack, web_client, as_csv(rows))
    confirm(web_client, path)
    return path


def start_check(stack: Stack, web_client: WebClient, file: bytes) -> str:
    """Upload, and have it compared; the import's path."""
    group = stack.pk_of("gateway.models", "Service", name=GROUP)
    page = web_client.post(f"/contacts/{group}/import/", files={"file": ("jasenet.csv", file)})
    path = re.sub(r"^https?://[^/]+|\?.*$", "", page.url)
    web_client.post(f"{path}check/", form_fields(page.text, action=f"{path}check/"))
    return path


def confirm(web_client: WebClient, path: str, *, patience: float = PATIENCE) -> None:
    """Once it is checked; `patience` in seconds."""
    ready = f'action="{path}saving/"'
    wait_until(lambda: ready in web_client.get(path).text, "the file to be checked", patience=patience)
    web_client.post(f"{path}saving/")


def add_contacts(stack: Stack, rows: list[Row]) -> None:
    """As an earlier import would have left them."""
    tuples = [(row.phone, row.first_name, row.last_name) for row in rows]
    stack.ask(ADD_CONTACTS.format(group=GROUP, rows=tuples))


def write_contact(stack: Stack, row: Row, *, wake: bool = True) -> None:
    """As the form for one contact does. Without a wake-up, only the sweep can find it."""
    code = WRITE_CONTACT.format(group=GROUP, **asdict(row))
    stack.ask(code if wake else WITHOUT_WAKE_UP + code)


def change_numbers(stack: Stack, numbers: dict[str, str]) -> None:
    """Of contacts, from the old one to the new, as the form for one contact does."""
    stack.ask(CHANGE_NUMBERS.format(group=GROUP, numbers=numbers))


def add_template(stack: Stack) -> None:
    """Approved at the platform, and known here."""
    body = WHATSAPP.format(name="{{1}}")
    stack.ask(SUBMIT_TEMPLATE.format(customer=CUSTOMER, body=body))
    stack.sandbox.approve_templates()
    [template] = stack.sandbox.state(only="templates")["templates"]
    stack.ask(KEEP_TEMPLATE.format(customer=CUSTOMER, body=body, name=template["id"]))


def send_campaigns(stack: Stack, rows: list[Row], *, wake: bool = True) -> None:
    """An SMS and a WhatsApp message to the whole group, now: the verbs that the composer's button calls."""
    code = SEND.format(group=GROUP, sms=SMS.format(name="$(firstName)"), people=len(rows))
    stack.ask(code if wake else WITHOUT_WAKE_UP + code)
