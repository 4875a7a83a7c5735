"""What needs a person before anything else, each with the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse

from accounts.models import Customer, Role, User
from accounts.people import offboarding
from accounts.templatetags.ui import phone
from accounts.wording.quantities import counted, plural
from contacts.models import Import, ImportState, OptOutRequest
from gateway import clock, outbox
from gateway.hooks import dead_letters, unclear
from gateway.models import Connection, ConnectionState, EventState, HookEvent, HookKind
from gateway.smartdialog import directory
from messaging.campaigns.models import Campaign, Recipient, RecipientState, ResendRequest
from messaging.inbox.incoming.inbound_setup import stopped_services, unasked_services, unconfirmed_services
from messaging.inbox.models import Mention, Message, MessageState, Rule
from messaging.inbox.replies.replying import KINDS
from messaging.inbox.rules import keeping
from messaging.inbox.threads.thread_list import contact_names
from messaging.overview.onboarding import has_begun
from messaging.whatsapp.models import Template

THREADS_SHOWN = 5  # with answers that did not arrive
PARKED_TOO_LONG = timedelta(minutes=10)
SILENT, LONG_AGO = timedelta(hours=1), timedelta(days=7)
SOME_PHONES = 5  # of which not all are off


@dataclass(frozen=True)
class AttentionItem:
    tone: str
    title: str
    text: str
    url: str
    action: str


def attention_items(user: User, customer: Customer | None) -> list[AttentionItem]:
    """Most pressing first."""
    items = [*_connection(user), *_newcomers(user), *_left_work(user)]
    if customer is not None:
        items += [*_not_receiving(user, customer), *_unread(user, customer)]
        items += [*_unclear_reports(user, customer)]
        items += [*_mentions(user, customer)]
        items += [*_opt_outs(customer), *_awaiting(user, customer), *_held(customer)]
        items += [*_answers(customer), *_uncertain(customer)]
        items += [*_rules(user, customer)]
        items += [*_parked(user, customer), *_silence(user, customer)]
        items += [*_operations(user, customer)]
        items += [*_templates(customer), *_imports(customer)]
    return items


def _connection(user: User) -> Iterator[AttentionItem]:
    connection, here = Connection.objects.of(user), reverse("accounts:connect")
    if connection is None:
        text = "Sign in with SmartDialog to see your customers and to send."
        yield AttentionItem("info", "You are not connected to SmartDialog", text, here, "Connect")
    elif connection.state == ConnectionState.RECONNECT:
        text = "What you did is kept and goes on when you have signed in again."
        yield AttentionItem("negative", "Your SmartDialog sign-in has ended", text, here, "Sign in again")
    elif connection.state == ConnectionState.LOCKED:
        title = "Your SmartDialog sign-in cannot be opened"
        text = "Its encryption key is missing here. Ask an admin to put it back, or sign in again."
        yield AttentionItem("negative", title, f"{text} What you did is kept.", here, "Sign in again")
    elif connection.state == ConnectionState.PAUSED:
        text = f"{connection.state_reason} What you do is kept and waits."
        yield AttentionItem("warning", "Your sending is paused", text, here, "Resume")
    elif connection.is_held_long:
        yield AttentionItem(
            "warning", "SmartDialog asks us to wait", connection.last_failure_text, here, "Review"
        )
    elif connection.consecutive_failures >= 2:
        yield AttentionItem(
            "warning", "Calls to SmartDialog fail", connection.last_failure_text, here, "Review"
        )
    elif unread := directory.why_customers_are_unread(connection):
        yield AttentionItem("warning", "Your customers cannot be read", unread, here, "Review")


def _newcomers(user: User) -> Iterator[AttentionItem]:
    waiting = User.objects.waiting().filter(pk__in=User.objects.reached_by(user).values("pk"))
    count = waiting.count() if user.is_admin else 0
    if count:
        who = counted(count, "person waits", "people wait")
        text = "They signed in with SmartDialog and cannot use the dashboard yet."
        yield AttentionItem("info", f"{who} for your approval", text, reverse("settings:people"), "Review")


def _left_work(user: User) -> Iterator[AttentionItem]:
    """Of people who may do no more: it waits for an admin, who may not have been the one to end it."""
    ended = Q(is_active=False, connection__isnull=False) | Q(role=Role.VIEWER, connection__state="paused")
    for whose in User.objects.reached_by(user).filter(ended) if user.is_admin else ():
        if offboarding.waits_for_another(whose):
            url = reverse("settings:person", args=[whose.pk])
            text = "Hand it over to somebody else, or cancel it."
            yield AttentionItem("warning", f"What {whose} began is held", text, url, "Review")


def _not_receiving(user: User, customer: Customer) -> Iterator[AttentionItem]:
    url = reverse("gateway:services" if user.is_admin else "inbox:threads")
    text = "Receiving was stopped or could not be set up. What people write now cannot be fetched later."
    for service in stopped_services(customer):
        yield AttentionItem("warning", f"Messages to {service} do not arrive", text, url, "Review")
    text = "SmartDialog has not confirmed it for an hour. Whoever asked may have to sign in again."
    for service in unconfirmed_services(customer):
        yield AttentionItem("warning", f"Messages to {service} do not arrive yet", text, url, "Review")
    text = "What people write to it stays at SmartDialog and cannot be fetched later. Start receiving."
    for service in unasked_services(customer) if has_begun(customer) else ():
        title = f"Messages to {service} were never asked for"
        yield AttentionItem("info", title, text, reverse("inbox:threads"), "Open the inbox")


def _awaiting(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """Campaigns to many people that a second person decides about, and it may be this one."""
    if not user.can_write:
        return
    for campaign in Campaign.objects.of_customer(customer).awaiting(user).select_related("created_by")[:5]:
        url = reverse("campaigns:approval", args=[campaign.pk])
        title = f"{campaign} waits for your approval"
        people = counted(campaign.people or 0, "person", "people")
        text = f"{campaign.created_by or 'Somebody'} asks to send it to {people}."
        yield AttentionItem("warning", title, text, url, "Review")
    asked = ResendRequest.objects.of_customer(customer).standing().exclude(asked_by=user)
    for again in asked.select_related("campaign__template", "asked_by")[:5]:
        url = reverse("campaigns:approval", args=[again.pk])
        title = f"Sending {again.campaign} again waits for your approval"
        text = (
            f"{again.asked_by or 'Somebody'} asks to send it to {counted(again.people, 'person', 'people')}."
        )
        yield AttentionItem("warning", title, text, url, "Review")


def _held(customer: Customer) -> Iterator[AttentionItem]:
    for campaign in Campaign.objects.of_customer(customer).needing_a_person()[:5]:
        url = reverse("campaigns:campaign", args=[campaign.pk])
        title, text = f"{campaign} needs your decision", campaign.held_reason
        if campaign.is_paused:
            title, text = f"{campaign} is paused", campaign.pause_reason
        elif campaign.is_waiting_for_rest:
            title, text = f"The rest of {campaign} waits", "Send it to them too, or stop there."
        yield AttentionItem("warning", title, text, url, "Review")


def _mentions(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """In conversations that they have not opened since."""
    count = Mention.objects.of_customer(customer).filter(user=user, seen_at=None).count()
    if count:
        url = f"{reverse('inbox:threads')}?show=mentions"
        notes = counted(count, "note mentions", "notes mention")
        yield AttentionItem("info", f"{notes} you", "A colleague asks you to look.", url, "Read")


def _opt_outs(customer: Customer) -> Iterator[AttentionItem]:
    """Words that may ask for no more messages."""
    waiting = OptOutRequest.objects.of_customer(customer).as_said().undecided()
    found = waiting.aggregate(count=Count("pk"), unreadable=Count("pk", filter=Q(unreadable=True)))
    if found["count"]:
        who = counted(found["count"], "person may want", "people may want")
        text = "Campaigns skip them until somebody has decided."
        if found["unreadable"]:
            text = "Of some the number is not clear: campaigns do not skip those until somebody says it."
        url = reverse("inbox:opt_out_requests")
        yield AttentionItem("warning", f"{who} no more messages", text, url, "Review")


def _answers(customer: Customer) -> Iterator[AttentionItem]:
    """Replies that did not arrive, or perhaps did; of each thread the newest. Four queries."""
    waiting = Message.objects.of_customer(customer).needing_a_person()
    newest = waiting.order_by().values("thread").annotate(newest=Max("pk"), number=Count("pk"))
    numbers = {each["newest"]: each["number"] for each in newest.order_by("-newest")[:THREADS_SHOWN]}
    found = list(Message.objects.filter(pk__in=numbers).select_related("thread").order_by("-pk"))
    names = contact_names(customer, [each.thread.address for each in found])
    for each in found:
        yield _answer(each, names.get(each.thread.address, ""), numbers[each.pk])
    if more := newest.count() - len(found):
        title = f"Answers to {counted(more, 'more person', 'more people')} did not arrive"
        url = f"{reverse('inbox:threads')}?show=failed"
        yield AttentionItem("negative", title, "Each waits for a decision.", url, "Open the inbox")


def _answer(message: Message, name: str, number: int) -> AttentionItem:
    to, url = name or phone(message.thread.address), reverse("inbox:thread", args=[message.thread_id])
    is_failed = message.state == MessageState.FAILED
    what = "did not arrive" if is_failed else "may have been sent"
    title = f"{plural(number, 'An answer', counted(number, 'answer'))} to {to} {what}"
    tone = "negative" if is_failed else "warning"
    return AttentionItem(tone, title, message.error_text, url, "Open the conversation")


def _uncertain(customer: Customer) -> Iterator[AttentionItem]:
    """Messages of campaigns of which nobody knows whether they were sent."""
    doubted = Recipient.objects.of_customer(customer).filter(state=RecipientState.UNCERTAIN)
    campaigns = dict(doubted.order_by().values_list("campaign").annotate(number=Count("pk")))
    if not campaigns:
        return
    title = f"{counted(sum(campaigns.values()), 'message')} of campaigns may have been sent"
    text = "SmartDialog did not say. Delivery reports may tell yet; nothing is sent again by itself."
    url = f"{reverse('campaigns:campaign', args=[max(campaigns)])}?state={RecipientState.UNCERTAIN}"
    yield AttentionItem("warning", title, text, url, "Review")


def _rules(user: User, customer: Customer) -> Iterator[AttentionItem]:
    rules = Rule.objects.kept_by(customer).switched_on().select_related("carrier")
    for rule in keeping.unable(rules, customer) if user.is_admin else ():
        title, url = f"The rule {rule} answers nobody", reverse("inbox:rule", args=[rule.pk])
        text = f"{rule.carrier or 'Nobody'} cannot send for this customer now. Messages wait in the inbox."
        yield AttentionItem("warning", title, text, url, "Review")


def _unread(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """What people wrote and nobody has seen, as it came in a form that is not known here."""
    count = dead_letters.messages([customer]).count()
    if not count:
        return
    title = f"{counted(count, 'message')} from people could not be read"
    if user.is_admin:
        text = "What SmartDialog sent is kept, and shown as it came. Answer who wrote, and tell Arena."
        yield AttentionItem("negative", title, text, reverse("gateway:services"), "Review")
    else:
        text = "What SmartDialog sent is kept. An admin can see it: tell one."
        yield AttentionItem("negative", title, text, reverse("inbox:threads"), "Inbox")


def _unclear_reports(user: User, customer: Customer) -> Iterator[AttentionItem]:
    count = unclear.count([customer])
    if not count:
        return
    title = f"{counted(count, 'delivery report')} cannot be understood"
    text = "SmartDialog uses names or words that are not known here. They are kept, and taken in "
    if user.is_admin:
        yield AttentionItem(
            "warning", title, f"{text}as soon as you say what they mean.", reverse("gateway:quirks"), "Review"
        )
    else:
        url = reverse("campaigns:list")
        yield AttentionItem(
            "warning", title, f"{text}as soon as an admin says what they mean.", url, "Campaigns"
        )


def _parked(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """Reports that have waited for what they are about for longer than a call takes to be answered."""
    parked = HookEvent.objects.filter(subscription__customer=customer, state=EventState.PARKED)
    count = parked.filter(received_at__lt=clock.now() - PARKED_TOO_LONG).count()
    if count and user.is_admin:
        reports = counted(count, "delivery report belongs", "delivery reports belong")
        title = f"{reports} to no message here"
        text = "They are kept and looked at again for ten days. What they say is with the hooks."
        yield AttentionItem("info", title, text, reverse("gateway:services"), "Review")


def _silence(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """Whether SmartDialog reaches us is seen by nothing but that it never did."""
    now = clock.now()
    ended = Q(finished_at__range=(now - LONG_AGO, now - SILENT)) & ~Q(send_at__gt=now - SILENT)
    campaigns = Campaign.objects.of_customer(customer).filter(ended)
    campaign = campaigns.order_by("-finished_at").first() if user.is_admin else None
    if campaign is None:
        return
    since = campaign.begun_at or campaign.created_at
    reports = HookEvent.objects.filter(subscription__customer=customer, subscription__kind=HookKind.DELIVERY)
    accepted = campaign.recipients.filter(state=RecipientState.ACCEPTED)[:SOME_PHONES]
    if len(accepted) == SOME_PHONES and not reports.filter(received_at__gte=since).exists():
        title = f"No delivery report came for {campaign}"
        text = f"See whether {settings.PUBLIC_URL}/hooks/ can be reached from the internet."
        yield AttentionItem("warning", title, text, reverse("gateway:services"), "Review")


def _templates(customer: Customer) -> Iterator[AttentionItem]:
    count = Template.objects.of_customer(customer).needing_a_person().count()
    if count:
        title = counted(count, "template needs a look", "templates need a look")
        text = "SmartDialog refused to take one, gave no clear answer, or has not listed one for a week."
        yield AttentionItem("warning", title, text, reverse("whatsapp:list"), "Review")


def _imports(customer: Customer) -> Iterator[AttentionItem]:
    checked = Import.objects.of_customer(customer).filter(state=ImportState.CHECKED).select_related("group")
    for each in checked.order_by("-pk")[:3]:
        text = "Checked and ready to save."
        url = reverse("contacts:import_page", args=[each.pk])
        yield AttentionItem("info", f"Finish your import into {each.group}", text, url, "Review")


def _operations(user: User, customer: Customer) -> Iterator[AttentionItem]:
    """Calls of every other kind: an answer has its own line."""
    failed, unknown = outbox.numbers_needing_a_person(customer, without=KINDS)
    url = reverse("gateway:operations") if user.is_admin else reverse("contacts:groups")
    if failed:
        text = "SmartDialog’s words, and a way to try again, are there."
        yield AttentionItem("negative", f"{counted(failed, 'call')} failed", text, url, "Review")
    if unknown:
        text = "Nor is it known that they did not: sent again, they may happen twice. Decide about each."
        yield AttentionItem(
            "warning", f"{counted(unknown, 'change')} may not have reached SmartDialog", text, url, "Review"
        )
