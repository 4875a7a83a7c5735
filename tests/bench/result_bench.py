"""The page of a campaign at a million recipients, against a bare page of the same hundred of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from accounts.models import Customer, Role, User
from gateway.models import LiveUpdate, Operation, OperationState, ServiceKind
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientCount
from tests.bench.reports_bench import fill
from tests.bench.result import Result
from tests.bench.table_bench import BARE_MIDDLEWARE, as_served, ms
from tests.factories import make_connection, make_service
from tests.people import client_of, make_person

MANY, QUICK, FEW = 1_000_000, 20_000, 100
TURNS = 15
IN_A_CALL = 500
MAX_TIMES_BARE = 2.0
PLAIN = Engine().from_string("""<!doctype html><title>Campaign</title><table>{% for each in people %}
<tr><td>{{ each.contact.first_name }} {{ each.contact.last_name }}</td><td>{{ each.phone }}</td>
<td>{{ each.get_state_display }}</td><td>{{ each.settled_at|date:"j M Y H:i" }}</td>
<td>{{ each.reason }}</td></tr>{% endfor %}</table>""")


def bare_page(request: HttpRequest, key: int) -> HttpResponse:
    people = Recipient.objects.filter(campaign=key).select_related("contact").order_by("-pk")[:100]
    return HttpResponse(PLAIN.render(Context({"people": people})))


urlpatterns = [path("bare/<int:key>/", bare_page), path("", include("smartdialog_admin.urls"))]


def run(*, quick: bool) -> Iterator[Result]:
    number = QUICK if quick else MANY
    with override_settings(ROOT_URLCONF="tests.bench.result_bench"), somebody_who_sends() as sender:
        few, many = sent(sender, FEW), sent(sender, number)
        with as_served():
            yield compared(sender, many, f"at {number:,} recipients")
            yield compared(sender, few, f"at {FEW:,} recipients")


def compared(sender: User, campaign: Campaign, case: str) -> Result:
    ours = client_of(sender)
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
        bare = Client()
        bare.handler.load_middleware()
    url, plain = f"/campaigns/{campaign.pk}/", f"/bare/{campaign.pk}/"
    pairs = [(ms(ours, url), ms(bare, plain)) for _ in range(TURNS)][1:]
    value, floor = (min(costs) for costs in zip(*pairs, strict=True))
    return Result(
        bench="result",
        case=case,
        value=value,
        unit="ms",
        floor=floor,
        ratio=value / floor,
        goal=f"at most {MAX_TIMES_BARE:g}x a bare page",
        ok=value <= MAX_TIMES_BARE * floor,
    )


def sent(sender: User, number: int) -> Campaign:
    """Most were delivered over an hour; some failed, and some were left out."""
    now, calls = timezone.now(), -(-number // IN_A_CALL)
    campaign = Campaign.objects.create(
        customer=sender.customers.get(),
        group=make_service(sender.customers.get(), kind=ServiceKind.GROUP),
        content="Hei $(firstName)",
        state=CampaignState.SENT,
        created_by=sender,
        connection=sender.connection,
        begun_at=now - timedelta(hours=1),
        finished_at=now,
        batches=calls,
    )
    _recipients(campaign, number)
    Operation.objects.bulk_create(
        Operation(
            connection=sender.connection,
            customer=campaign.customer,
            kind="campaign.sms",
            lane=1,
            batch=campaign.batch,
            payload={},
            request_id=campaign.request_id(each),
            state=OperationState.DONE,
        )
        for each in range(1, calls + 1)
    )
    return campaign


def _recipients(campaign: Campaign, number: int) -> None:
    odd = "CASE WHEN n %% 20 = 0 THEN '{}' WHEN n %% 37 = 0 THEN '{}' ELSE '{}' END"
    since = {"postgresql": "now() - n %% 3600 * interval '1 second'", "sqlite": "datetime('now')"}
    values = {
        "campaign_id": str(campaign.pk),
        "phone": "'+' || (358400000000 + n)",
        "values": "'[\"Maija\"]'",
        "batch": f"n / {IN_A_CALL} + 1",
        "state": odd.format("failed", "skipped", "delivered"),
        "reason": odd.format("It could not be delivered (AbsentSubscriber).", "Opted out", ""),
        "remote_id": "'id-' || n || '-4f1c'",
        "settled_at": since[connection.vendor],
        "key": "''",
    }
    fill("campaigns_recipient", values, number)


@contextmanager
def somebody_who_sends() -> Iterator[User]:
    customer = Customer.objects.create(remote_id="customer-result", name="Bench Oy")
    sender = make_person("Sender", Role.MARKETER, customer)
    make_connection(sender)
    try:
        yield sender
    finally:
        for model in (Recipient, RecipientCount, Operation, LiveUpdate):
            model._base_manager.all()._raw_delete(DEFAULT_DB_ALIAS)
        Campaign.objects.all().delete()
        customer.delete()
        sender.delete()
