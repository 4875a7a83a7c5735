"""A row of every model that can say who somebody is, theirs or about them, for planting canaries in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.contrib.sessions.models import Session
from django.db.models import Model

from accounts.models import Customer, User, subject_key
from accounts.trail import audit
from contacts.models import (
    BulkAction,
    BulkPart,
    Contact,
    FileShape,
    Import,
    ImportRow,
    ImportState,
    Lookup,
    NumberList,
    OptOutRequest,
    SavedFilter,
    Segment,
    Suppression,
    TableColumns,
)
from gateway import clock
from gateway.models import Call, HookEvent, HookSubscription, Lane, OperationState, Service, ServiceKind
from gateway.rate_limit import ledger
from messaging.campaigns.composing import send_tests
from messaging.campaigns.models import (
    Campaign,
    ListedPerson,
    OwnPhone,
    PeopleList,
    Recipient,
    RecipientCount,
)
from messaging.inbox.models import (
    AutomaticAnswer,
    Direction,
    Draft,
    FirstDraft,
    Label,
    Message,
    Note,
    Rule,
    RuleRun,
    SavedInboxView,
    Team,
    TemplateDraft,
    Thread,
)
from messaging.whatsapp.models import RegisteredOptIn, Template
from tests.factories import make_contact, make_operation, make_service

PHONE, OTHERS = "+358409119753", "+358402222222"
EMAIL, FIRST, LAST = "zyxqvia@kvantti.example", "Zyxqvia", "Testiviidakko"


@dataclass(frozen=True)
class World:
    """Of whom the person is a customer; `contact` is theirs."""

    customer: Customer
    staff: User
    group: Service
    contact: Contact


@dataclass(frozen=True)
class Row:
    """`but`: columns that stay as they were made, as they say whose row it is, or that it is another's."""

    of: Model
    but: str = ""


def make_world(customer: Customer, staff: User) -> World:
    """`staff` has a connection."""
    group = make_service(customer, kind=ServiceKind.GROUP, name="Jäsenet")
    person = make_contact(group, phone=PHONE, first_name=FIRST, last_name=LAST, email=EMAIL)
    make_contact(group, phone=OTHERS, first_name="Ben", last_name="Berg", email="ben@example.fi")
    return World(customer, staff, group, person)


def _events(world: World) -> Iterable[Row]:
    about: tuple[Model | str, ...] = (world.contact, PHONE)
    for subject in about:
        event = audit.record(
            actor=world.staff, customer=world.customer, verb="contact.updated", subject=subject
        )
        yield Row(event, but="subject")
    other = audit.record(actor=world.staff, customer=world.customer, verb="import.saved", subject="import:99")
    yield Row(other, but="subject")


def _operations(world: World) -> Iterable[Row]:
    connection, customer = world.staff.connection, world.customer
    subjects = {OperationState.DONE: subject_key(world.contact), OperationState.CANCELLED: "contact:99"}
    for state, subject in subjects.items():
        yield Row(
            make_operation(connection, customer=customer, state=state, subject=subject, batch="import:1")
        )
    test = make_operation(
        connection, customer=customer, state=OperationState.DONE, batch=_campaign(world).test_batch
    )
    test.payload = {
        send_tests.PREVIEWED: PHONE,
        "message": {"recipients": [{"address": OTHERS, "personalization": {"a": "Zyx"}}]},
    }
    test.save()
    yield Row(test, but="payload")


def _calls(world: World) -> Iterable[Row]:
    for row in _operations(world):
        call = ledger.reserve(world.staff.connection, name="contact.update", lane=Lane.BULK, operation=row.of)
        yield Row(Call.objects.get(pk=call.pk))


def _hook_events(world: World) -> Iterable[Row]:
    hook = HookSubscription.objects.create(
        customer=world.customer, kind="inbound", digest=clock.now().isoformat()
    )
    for state in ("new", "done", "quarantined"):
        yield Row(HookEvent.objects.create(subscription=hook, state=state), but="query reason unclear")
    yield Row(HookEvent.objects.create(subscription=hook, state="done"), but="body reason unclear")
    yield Row(HookEvent.objects.create(subscription=hook, state="unclear"), but="body query reason")
    yield Row(HookEvent.objects.create(subscription=hook, state="failed"), but="body query unclear")


def _sessions(world: World) -> Iterable[Row]:
    session = Session(session_key="a" * 32, session_data="", expire_date=clock.after(3600))
    session.save()
    yield Row(session)


def _import(world: World) -> Import:
    return Import.objects.create(
        group=world.group,
        created_by=world.staff,
        original_name="a.csv",
        stored_name="a",
        state=ImportState.CHECKED,
    )


def _import_rows(world: World) -> Iterable[Row]:
    job = _import(world)
    yield Row(ImportRow.objects.create(job=job, line=2, kind="new", phone=PHONE), but="phone")
    yield Row(ImportRow.objects.create(job=job, line=3, kind="invalid"), but="phone")


def _bulk_action(world: World) -> BulkAction:
    return BulkAction.objects.create(
        group=world.group,
        verb="delete",
        whom="A search",
        agreed=1,
        ceiling=0,
        begins_at=clock.now(),
        state="done",
    )


def _bulk_part(world: World) -> BulkPart:
    key = world.contact.pk
    return BulkPart.objects.create(
        action=_bulk_action(world), group=world.group, first=key, last=key, changes={str(key): ""}
    )


def _recipient_count(world: World) -> RecipientCount:
    """Of a recipient of theirs, whose reason may say who they are."""
    theirs = Recipient.objects.create(campaign=_campaign(world), phone=PHONE, state="failed", reason="x")
    return RecipientCount.objects.get(campaign=theirs.campaign)


def _campaign(world: World) -> Campaign:
    return Campaign.objects.create(customer=world.customer, group=world.group, created_by=world.staff)


def _people_list(world: World) -> PeopleList:
    return PeopleList.objects.create(customer=world.customer, original_name="a.csv", stored_name="a")


def _listed_people(world: World) -> Iterable[Row]:
    own = {"people_list": _people_list(world)}
    yield Row(ListedPerson.objects.create(line=2, kind="new", phone=PHONE, **own), but="phone")
    yield Row(ListedPerson.objects.create(line=3, kind="invalid", **own), but="phone")


def _thread(world: World) -> Thread:
    service = make_service(world.customer, kind=ServiceKind.TWO_WAY)
    return Thread.objects.create(
        customer=world.customer, service=service, address=PHONE, last_message_at=clock.now()
    )


def _message(world: World) -> Message:
    return Message.objects.create(thread=_thread(world), direction=Direction.IN, at=clock.now())


def _note(world: World) -> Note:
    return Note.objects.create(thread=_thread(world), author=world.staff, at=clock.now())


def _draft(world: World) -> Draft:
    return Draft.objects.create(thread=_thread(world), user=world.staff, content="", key=uuid4())


def _template_draft(world: World) -> TemplateDraft:
    template = Template.objects.create(customer=world.customer, display_name="a", body="a")
    return TemplateDraft.objects.create(
        thread=_thread(world), template=template, user=world.staff, key=uuid4()
    )


def _first_draft(world: World) -> FirstDraft:
    return FirstDraft.objects.create(customer=world.customer, phone=PHONE, user=world.staff, key=uuid4())


def _rule(world: World) -> Rule:
    return Rule.objects.create(customer=world.customer, name="a")


def _rule_run(world: World) -> RuleRun:
    """In a conversation with somebody else."""
    message, now = _message(world), clock.now()
    Thread.objects.filter(pk=message.thread_id).update(address=OTHERS)
    return RuleRun.objects.create(
        rule=_rule(world), rule_name="a", thread=message.thread, message=message, at=now
    )


def _suppressions(world: World) -> Iterable[Row]:
    for phone in (PHONE, OTHERS):
        row = Suppression.objects.create(
            customer=world.customer, phone=phone, source="staff", lift_source="staff", lifted_at=clock.now()
        )
        yield Row(row, but="phone")


def _opt_out_requests(world: World) -> Iterable[Row]:
    for phone in (PHONE, OTHERS):
        yield Row(OptOutRequest.objects.create(customer=world.customer, phone=phone), but="phone")


def one(make: Callable[[World], Model], but: str = "") -> Callable[[World], list[Row]]:
    return lambda world: [Row(make(world), but)]


# What makes them, by model.
ROWS: dict[str, Callable[[World], Iterable[Row]]] = {
    "sessions.Session": _sessions,
    "accounts.AuditEvent": _events,
    "gateway.Operation": _operations,
    "gateway.Call": _calls,
    "gateway.HookEvent": _hook_events,
    "contacts.Contact": one(lambda world: world.contact, but="phone first_name last_name email former_phone"),
    "contacts.Lookup": one(lambda world: Lookup.objects.create(group=world.group, phone=PHONE), but="phone"),
    "contacts.Suppression": _suppressions,
    "contacts.OptOutRequest": _opt_out_requests,
    "contacts.NumberList": one(lambda world: NumberList.objects.create(customer=world.customer)),
    "contacts.SavedFilter": one(
        lambda world: SavedFilter.objects.create(
            user=world.staff, customer=world.customer, name="a", query=""
        )
    ),
    "contacts.Segment": one(
        lambda world: Segment.objects.create(customer=world.customer, name="a", text="city = a")
    ),
    "contacts.TableColumns": one(
        lambda world: TableColumns.objects.create(user=world.staff, customer=world.customer)
    ),
    "contacts.FileShape": one(
        lambda world: FileShape.objects.create(customer=world.customer, signature="a", mapping=[], regions=[])
    ),
    "contacts.Import": one(_import),
    "contacts.ImportRow": _import_rows,
    "contacts.BulkAction": one(_bulk_action),
    "contacts.BulkPart": one(_bulk_part),
    "campaigns.Campaign": one(_campaign),
    "campaigns.Recipient": one(
        lambda world: Recipient.objects.create(campaign=_campaign(world), phone=PHONE, state="failed"),
        but="phone",
    ),
    "campaigns.RecipientCount": one(_recipient_count),
    "campaigns.PeopleList": one(_people_list),
    "campaigns.ListedPerson": _listed_people,
    "campaigns.OwnPhone": one(
        lambda world: OwnPhone.objects.create(user=world.staff, customer=world.customer, phone=PHONE),
        but="phone",
    ),
    "inbox.Thread": one(_thread, but="address"),
    "inbox.Message": one(_message),
    "inbox.Note": one(_note),
    "inbox.Draft": one(_draft),
    "inbox.TemplateDraft": one(_template_draft),
    "inbox.FirstDraft": one(_first_draft),
    "inbox.Label": one(lambda world: Label.objects.create(customer=world.customer, name="a")),
    "inbox.SavedInboxView": one(
        lambda world: SavedInboxView.objects.create(
            user=world.staff, customer=world.customer, name="a", query=""
        )
    ),
    "inbox.Team": one(lambda world: Team.objects.create(customer=world.customer, name="a")),
    "inbox.Rule": one(_rule),
    "inbox.RuleRun": one(_rule_run),
    "whatsapp.RegisteredOptIn": one(
        lambda world: RegisteredOptIn.objects.create(
            customer=world.customer, phone=PHONE, identity="", is_in=True, told_at=clock.now()
        ),
        but="phone",
    ),
    "inbox.AutomaticAnswer": one(
        lambda world: AutomaticAnswer.objects.create(customer=world.customer, phone=PHONE, at=clock.now()),
        but="phone",
    ),
}
