"""Rows of every kind and state for a customer, bearing given words: what pages have to show.

It runs inside a stack (`Stack.ask`); the rows are written past the verbs, so that no worker takes them up.
"""

from itertools import cycle
from typing import Any
from uuid import uuid4

from django.urls import reverse

from accounts.models import Customer, User
from contacts.models import Contact, OptOutRequest
from gateway import clock
from gateway.models import (
    Connection,
    HookKind,
    HookSubscription,
    OperationState,
    Service,
    ServiceKind,
    SubscriptionState,
)
from messaging.campaigns.models import (
    AudienceCount,
    Campaign,
    CampaignState,
    Channel,
    ListedPerson,
    PeopleList,
    Recipient,
    RecipientState,
    Snippet,
)
from messaging.inbox.models import Direction, Message, MessageState, Rule, Team, Thread
from messaging.whatsapp.models import Template, TemplateState
from tests.browser.sample_contacts import contact_pages, import_pages, next_phone, numbers
from tests.factories import make_operation, make_service

IDLE_CAMPAIGN_STATES = [state for state in CampaignState if state != CampaignState.SENDING]
IDLE_TEMPLATE_STATES = [state for state in TemplateState if state != TemplateState.SUBMITTING]


def create_sample_data(remote_id: str, words: list[str], text: str) -> dict[str, str]:
    """`words` where names are, one in each row; `text` where there is room. Returns pages by name."""
    customer = Customer.objects.get(remote_id=remote_id)
    owner = User.objects.get(name__startswith="Mikko")
    group = make_service(customer, kind=ServiceKind.GROUP, name=words[0][:100])
    pages = {"contacts:groups": reverse("contacts:groups"), "search": reverse("search")}
    pages |= contact_pages(group, owner, words) | import_pages(group, owner, words, text)
    pages |= _templates(customer, owner, words, text) | _campaigns(customer, group, owner, words, text)
    _operations(customer, owner, words)
    about = ("settings:person", "settings:activity", "settings:refusal")
    pages |= {name: reverse(name, args=[owner.pk]) for name in about}
    hook = HookSubscription.objects.create(
        customer=customer,
        service=make_service(customer, name=words[0][:100]),  # the inbox waits for none that sends only
        kind=HookKind.INBOUND,
        state=SubscriptionState.ACTIVE,
        digest=uuid4().hex,
        error_text=words[0][:100],
    )
    pages["gateway:revoking"] = reverse("gateway:revoking", args=[hook.pk])
    return pages | _threads(customer, owner, words, text)


_TEMPLATE_PAGES = {
    TemplateState.DRAFT: ("edit", "deletion", "versions"),
    TemplateState.SUBMITTED: ("approval", "joining"),
    TemplateState.LISTED: ("description", "translations"),
}


def _templates(customer: Customer, owner: User, words: list[str], text: str) -> dict[str, str]:
    pages = {"whatsapp:list": reverse("whatsapp:list"), "whatsapp:new": reverse("whatsapp:new")}
    for state, word in zip(cycle(IDLE_TEMPLATE_STATES), words):
        template = Template.objects.create(
            customer=customer,
            created_by=owner,
            display_name=word[:100],
            body=f"Hei {{{{1}}}}, {text}",
            category="Utility",
            language="fi",
            buttons=[{"type": "QuickReply", "label": word[:20], "data": word}],
            state=state,
            error_text=word,
            remote_id=f"t{next(numbers)}" if state in ("listed", "unlisted") else "",
        )
        pages[f"whatsapp:template {state}"] = reverse("whatsapp:template", args=[template.pk])
        for name in _TEMPLATE_PAGES.get(state, ()):
            pages[f"whatsapp:{name}"] = reverse(f"whatsapp:{name}", args=[template.pk])
    return pages


def _campaigns(
    customer: Customer, group: Service, owner: User, words: list[str], text: str
) -> dict[str, str]:
    alone = ("list", "month", "comparison", "new", "snippets")
    pages = {f"campaigns:{name}": reverse(f"campaigns:{name}") for name in alone}
    template = Template.objects.listed().filter(customer=customer).first()
    for number, word in enumerate(words):
        Snippet.objects.create(customer=customer, name=f"{word[:50]} {number}", text=word)
    for state, word in zip(cycle(IDLE_CAMPAIGN_STATES), words):
        campaign = Campaign.objects.create(
            customer=customer,
            name=word[:100],
            state=state,
            held_reason=word,
            content=f"Hei $(firstName) {text}",
            channel=Channel.SMS,
            sender="Kahvila",
            group=group,
            service=Service.objects.one_way().filter(customer=customer).first(),
            template=template,
            created_by=owner,
            customer_data=word[:255],
            attachment_url=f"https://kahvila.example/{word[:100]}.jpg",
            send_at=clock.after(86_400 * 30) if state == "scheduled" else None,
            begins_at=clock.after(86_400 * 30) if state == "scheduled" else None,
            begun_at=clock.now() if state in ("sent", "planning") else None,
            paused_at=clock.now() if state == "planning" else None,
            pause_reason=word if state == "planning" else "",
            people=len(words) if state in ("sent", "awaiting") else None,
        )
        if state == "draft":
            campaign.people_list = _people_list(customer, words)
            campaign.save()
            counted = {"people": 812_000, "calls": 1624, "parts": 812_000, "left_out": {word[:100]: 1200}}
            AudienceCount.objects.create(campaign=campaign, revision=1, finished_at=clock.now(), **counted)
        pages |= _pages_of(campaign)
        if state == CampaignState.SENT:
            _recipients(campaign, words)
    return pages | _in_stages(customer, group, owner, words, text)


def _people_list(customer: Customer, words: list[str]) -> PeopleList:
    counts = {"new": 1204, "duplicate": 3, "unclear": len(words), "invalid": len(words)}
    made = PeopleList.objects.create(
        customer=customer, original_name=words[0][:200], stored_name="a", state="read", counts=counts
    )
    unclear = {"column": 0, "target": "phone", "reason": "This may be two.", "choices": ["+4790123456"]}
    invalid = {"column": 0, "target": "phone", "reason": "This is too short to be a phone number."}
    for line, word in enumerate(words, start=2):
        for kind, problem in (("unclear", unclear), ("invalid", invalid)):
            at = 2 * line + (kind == "invalid")
            ListedPerson.objects.create(people_list=made, line=at, kind=kind, raw=[word], problems=[problem])
    return made


def _in_stages(
    customer: Customer, group: Service, owner: User, words: list[str], text: str
) -> dict[str, str]:
    """One whose rest waits for a person, so that no worker takes it up."""
    other = {"content": f"Moi! {text}", "fallbacks": {}, "template": None, "parameters": []}
    campaign = Campaign.objects.create(
        customer=customer,
        name=words[0][:100],
        state=CampaignState.SENDING,
        content=f"Hei! {text}",
        more_texts=[other, other | {"content": words[0]}],
        first_share=60,
        first_done_at=clock.now(),
        begun_at=clock.now(),
        sender="Kahvila",
        group=group,
        created_by=owner,
        people=len(words),
    )
    _recipients(campaign, words)
    first, rest = campaign.recipients.exclude(state="planned"), campaign.recipients.filter(state="planned")
    first.filter(state__in=["accepted", "delivered"]).update(wording=1)
    rest.update(stage=1, wording=None)
    names = ("campaigns:rest", "campaigns:rest_omission")
    pages = {name: reverse(name, args=[campaign.pk]) for name in names}
    return pages | {"campaigns:campaign rest": reverse("campaigns:campaign", args=[campaign.pk])}


def _pages_of(campaign: Campaign) -> dict[str, str]:
    names = {
        "draft": ["campaigns:edit", "campaigns:people_list", "campaigns:left_out", "campaigns:count"],
        "awaiting": ["campaigns:approval"],
        "scheduled": ["campaigns:cancellation"],
        "held": ["campaigns:release"],
        "planning": ["campaigns:resumption"],
        "sent": ["campaigns:resending", "campaigns:retries", "campaigns:repeats"],
    }
    own = names.get(campaign.state, [])
    detail = {f"campaigns:campaign {campaign.state}": reverse("campaigns:campaign", args=[campaign.pk])}
    return detail | {name: reverse(name, args=[campaign.pk]) for name in own}


def _recipients(campaign: Campaign, words: list[str]) -> None:
    contacts = Contact.objects.filter(group=campaign.group)
    Recipient.objects.bulk_create(
        Recipient(
            campaign=campaign,
            contact=contact,
            phone=contact.phone,
            values=[word],
            state=state,
            reason=word[:300],
        )
        for contact, word, state in zip(contacts, words, cycle(RecipientState))
    )


def _threads(customer: Customer, owner: User, words: list[str], text: str) -> dict[str, str]:
    service = Service.objects.filter(customer=customer, kind=ServiceKind.TWO_WAY).first()
    for each in words:
        thread = Thread.objects.create(
            customer=customer,
            service=service,
            address=next_phone(),
            our_address="+358451234567",
            last_message_at=clock.now(),
            last_text=each[:200],
            unanswered_since=clock.now(),
        )
        _messages(thread, owner, [each, text])
    rule = Rule.objects.create(
        customer=customer, name=words[0][:40], words=[text[:60]], label=text[:40], answer=text[:480]
    )
    team = Team.objects.create(customer=customer, name=words[0][:40])
    team.members.add(owner)
    pages = {
        "inbox:team": reverse("inbox:team", args=[team.pk]),
        "inbox:rule": reverse("inbox:rule", args=[rule.pk]),
        "inbox:threads": reverse("inbox:threads"),
        "inbox:thread": reverse("inbox:thread", args=[thread.pk]),
        "inbox:template_reply": reverse("inbox:template_reply", args=[thread.pk]),
    }
    return pages | {"inbox:thread person": f"{pages['inbox:thread']}?pane=person"}


def _messages(thread: Thread, owner: User, said: list[str]) -> None:
    settled = [state for state in MessageState if state != MessageState.WAITING]
    asked = OptOutRequest.objects.create(
        customer=thread.customer, phone=thread.address, words=said[0][:500], place=said[0][:200]
    )
    for content, state in zip(cycle(said), ["", *settled]):
        Message.objects.create(
            opt_out_request=None if state else asked,
            thread=thread,
            direction=Direction.OUT if state else Direction.IN,
            content=content,
            protocol="SMS",
            at=clock.now(),
            state=state,
            error_text=content[:500],
            created_by=owner if state else None,
            attachments=[]
            if state
            else [{"name": said[0], "mimeType": said[0], "resourceLocation": said[0]}],
        )


def _operations(customer: Customer, owner: User, words: list[str]) -> None:
    connection = Connection.objects.get(user=owner)
    for each, state in zip(words, cycle([OperationState.FAILED, OperationState.UNKNOWN])):
        fields: dict[str, Any] = {
            "customer": customer,
            "subject": each[:200],
            "reason": "told",
            "reason_params": {"text": each},
            "state": state,
        }
        make_operation(connection, tried_at=clock.now(), **fields)
