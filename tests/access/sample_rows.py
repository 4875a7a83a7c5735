"""One row of each kind that an address can name, all of one customer."""

from typing import Any
from urllib.parse import urlsplit

from accounts.models import Customer, Membership, User
from contacts.models import (
    BulkAction,
    BulkState,
    Erasure,
    Import,
    ImportRow,
    ImportState,
    Lookup,
    NumberList,
    OptOutRequest,
    SavedFilter,
    Segment,
    Suppression,
)
from gateway import clock
from gateway.hook_urls import with_secret
from gateway.hooks.subscriptions import dlr_url
from gateway.models import (
    Connection,
    EventState,
    HookEvent,
    HookKind,
    HookSubscription,
    OperationState,
    Service,
    ServiceKind,
)
from messaging.campaigns.models import (
    ApprovedSender,
    AudienceCount,
    Campaign,
    CampaignRules,
    Link,
    ListedPerson,
    PeopleList,
    Recipient,
    Snippet,
)
from messaging.inbox.models import (
    Direction,
    Label,
    Message,
    Note,
    Rule,
    RuleRun,
    SavedInboxView,
    Team,
    Thread,
)
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_connection, make_contact, make_operation, make_service

CANARY = "canary-of-another-customer"
PK, GROUP, SENDING = 7001, 7002, 7003
SENDER = "Ravintola"
# What no row has, whatever an address names.
MISSING_IDS = {
    "pk": 9001,
    "group": 9002,
    "number": 0,
    "secret": "a-secret-that-nobody-was-given",
    "token": "nobodys",
}


def create_sample_rows(owner: User, customer: Customer, *, called: str) -> dict[str, Any]:
    """Values for the parameters of addresses: `pk` is the number of a row of every kind but a group."""
    connection = Connection.objects.of(owner) or make_connection(owner)
    group = make_service(customer, kind=ServiceKind.GROUP, pk=GROUP, name=called)
    make_service(customer, kind=ServiceKind.ONE_WAY, pk=SENDING, name=called)
    service = make_service(customer, kind=ServiceKind.TWO_WAY, pk=PK, name=called)
    _contacts(group, owner, called)
    _campaigns(group, owner, called)
    _threads(service, owner, called)
    told = {"reason": "told", "reason_params": {"text": called}}
    make_operation(connection, pk=PK, customer=customer, state=OperationState.FAILED, subject=called, **told)
    hook = HookSubscription.objects.create(
        pk=PK, customer=customer, service=service, kind=HookKind.INBOUND, secret=called, error_text=called
    )
    HookEvent.objects.create(pk=PK, subscription=hook, body=called.encode(), state=EventState.QUARANTINED)
    colleague = User.objects.create(pk=PK, username=called, name=called, approved_at=clock.now())
    Membership.objects.create(user=colleague, customer=customer)
    secret = urlsplit(with_secret(dlr_url(customer))).path.split("/")[-2]
    return {"pk": PK, "group": GROUP, "number": 0, "secret": secret, "token": f"link{called}"[:12]}


def _contacts(group: Service, owner: User, called: str) -> None:
    make_contact(group, pk=PK, first_name=called, sync_error=called)
    Suppression.objects.create(
        pk=PK, customer=group.customer, phone="+358409999998", source="staff", words=called, by=owner
    )
    NumberList.objects.create(pk=PK, customer=group.customer, name=called, created_by=owner)
    SavedFilter.objects.create(pk=PK, user=owner, customer=group.customer, name=called, query=f"q={called}")
    Segment.objects.create(
        pk=PK, customer=group.customer, name=called, text=f"city = {called}", created_by=owner
    )
    job = Import.objects.create(
        pk=PK,
        group=group,
        created_by=owner,
        original_name=f"{called}.csv",
        stored_name="sample.upload",
        state=ImportState.CHECKED,
        header=[called],
        samples=[[called]],
        mapping=["phone"],
    )
    BulkAction.objects.create(
        pk=PK,
        group=group,
        verb="delete",
        whom=called,
        agreed=1,
        ceiling=PK,
        created_by=owner,
        state=BulkState.RUNNING,
        begins_at=clock.after(60),
    )
    Erasure.objects.create(pk=PK, customer=group.customer, digest="0" * 64, ending="67", held={called: 1})
    Lookup.objects.create(
        pk=PK, group=group, phone="+358409999999", state="found", found={"city": called}, asked_by=owner
    )
    ImportRow.objects.create(job=job, line=2, kind="invalid", raw=[called], problems=[])


def _campaigns(group: Service, owner: User, called: str) -> None:
    template = Template.objects.create(
        pk=PK, customer=group.customer, display_name=called, body=called, state=TemplateState.FAILED
    )
    people_list = PeopleList.objects.create(
        pk=PK, customer=group.customer, original_name=called, stored_name="sample.upload", state="read"
    )
    ListedPerson.objects.create(people_list=people_list, line=2, kind="invalid", raw=[called], problems=[])
    campaign = Campaign.objects.create(
        pk=PK,
        customer=group.customer,
        people_list=people_list,
        name=called,
        content=called,
        group=group,
        template=template,
        created_by=owner,
    )
    Snippet.objects.create(pk=PK, customer=group.customer, name=called, text=called)
    CampaignRules.objects.create(customer=group.customer, typed_above=0)
    AudienceCount.objects.create(campaign=campaign, revision=1, people=1, finished_at=clock.now())
    ApprovedSender.objects.create(pk=PK, customer=group.customer, sender=SENDER)
    recipient = Recipient.objects.create(
        campaign=campaign, phone="+358401000001", values=[called], reason=called
    )
    Link.objects.create(token=f"link{called}"[:12], campaign=campaign, recipient=recipient)


def _threads(service: Service, owner: User, called: str) -> None:
    now = clock.now()
    thread = Thread.objects.create(
        pk=PK,
        customer=service.customer,
        service=service,
        address=f"+35840{PK}000",
        last_message_at=now,
        last_text=called,
    )
    request = OptOutRequest.objects.create(
        pk=PK, customer=service.customer, phone=thread.address, words=called, place=called
    )
    Message.objects.create(
        pk=PK, thread=thread, direction=Direction.IN, content=called, at=now, opt_out_request=request
    )
    rule = Rule.objects.create(pk=PK, customer=service.customer, name=called, label=called, answer=called)
    RuleRun.objects.create(
        pk=PK, rule=rule, rule_name=called, thread=thread, message_id=PK, at=now, label=called
    )
    Team.objects.create(pk=PK, customer=service.customer, name=called).members.add(owner)
    Note.objects.create(pk=PK, thread=thread, author=owner, text=called, at=now)
    thread.labels.add(Label.objects.create(pk=PK, customer=service.customer, name=called))
    SavedInboxView.objects.create(
        pk=PK, user=owner, customer=service.customer, name=called, query=f"?q={called}"
    )
