"""Whom delivery reports are about, found for many at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.db.array_param import Listed, array_literal
from accounts.models import Customer
from accounts.web.params import int_param
from contacts.text.answered_numbers import ends_like, in_full
from gateway.hooks import DeliveryReport
from messaging.campaigns.models import Recipient
from messaging.campaigns.models.recipient import RecipientQuerySet

ReportKey = tuple[int, str]  # a campaign and a number

# Each id by itself, in the order of the index: as a campaign begins, PostgreSQL takes its recipients to have
# no ids yet, and would read all of them for each thousand reports.
_NEWEST_WITH_IDS = """
    SELECT newest.id FROM unnest(%s::text[]) AS told (id) CROSS JOIN LATERAL (
        SELECT recipient.id FROM campaigns_recipient AS recipient
        JOIN campaigns_campaign AS campaign ON campaign.id = recipient.campaign_id
        WHERE recipient.remote_id = told.id AND recipient.remote_id <> '' AND campaign.customer_id = %s
        ORDER BY recipient.id DESC LIMIT 2
    ) AS newest
"""


class ReportedPerson(NamedTuple):
    """A recipient as found: not held, so that it may have changed since."""

    key: int
    campaign: int
    batch: int | None
    state: str
    phone: str
    remote_id: str


def find(customer: Customer, reports: Sequence[DeliveryReport]) -> list[ReportedPerson | None]:
    """By their ids, or, before the answer that gave them is stored, by campaign and number; in that order.

    An id that several have tells nobody apart: then the number comes first.
    """
    own = Recipient.objects.of_customer(customer)
    found = sorted(_people(with_ids(customer, {report.recipient_id for report in reports}).order_by()))
    newest = {each.remote_id: each for each in found}
    holders = Counter(each.remote_id for each in found)
    by_id = {remote_id: each for remote_id, each in newest.items() if holders[remote_id] == 1}
    unknown = [report for report in reports if report.recipient_id not in by_id]
    by_number = _by_number(own, {_place(report) for report in unknown if _names_a_place(report)})
    return [
        by_id.get(report.recipient_id)
        or by_number.get(_place(report))
        or _by_ending(own, report)
        or _alone(own, report)
        or newest.get(report.recipient_id)
        for report in reports
    ]


def with_ids(customer: Customer, ids: Collection[str]) -> RecipientQuerySet:
    """Of an id that several have at least the newest two: so many tell that it tells nobody apart."""
    if connection.vendor == "postgresql":
        found = RawSQL(_NEWEST_WITH_IDS, [array_literal(ids), customer.pk])  # noqa: S611
        return Recipient.objects.filter(pk__in=found)
    own = Recipient.objects.of_customer(customer).exclude(remote_id="")
    return own.filter(remote_id__in=Listed(ids))


def _by_number(own: RecipientQuerySet, places: Collection[ReportKey]) -> dict[ReportKey, ReportedPerson]:
    """The plus of a number is a space where it came unencoded, and missing at sibling gateways."""
    if not places:
        return {}
    campaigns, phones = {campaign for campaign, _ in places}, {phone for _, phone in places}
    found = own.filter(campaign__in=campaigns, phone__in=Listed(phones))
    return {(each.campaign, each.phone): each for each in _people(found)}


def _by_ending(own: RecipientQuerySet, report: DeliveryReport) -> ReportedPerson | None:
    """The one of a call whose number ends like one that is written as it is dialled within its country."""
    if not _names_a_place(report):
        return None
    called = own.filter(campaign=campaign_of(report), batch=int_param(report.query.get("b")))
    found = [each for each in _people(called) if ends_like(each.phone, report.address)]
    return found[0] if len(found) == 1 else None


def _alone(own: RecipientQuerySet, report: DeliveryReport) -> ReportedPerson | None:
    """The one of a call to nobody else whose answer, with their id, did not reach us."""
    number = int_param(report.query.get("b"))
    if report.address or not (campaign_of(report) and number):
        return None
    called = list(_people(own.filter(campaign=campaign_of(report), batch=number)[:2]))
    return called[0] if len(called) == 1 and not called[0].remote_id else None


def _people(recipients: RecipientQuerySet) -> Iterable[ReportedPerson]:
    rows = recipients.values_list("pk", "campaign", "batch", "state", "phone", "remote_id")
    return map(ReportedPerson._make, rows)


def _place(report: DeliveryReport) -> ReportKey:
    return campaign_of(report), in_full(report.address)


def _names_a_place(report: DeliveryReport) -> bool:
    return bool(campaign_of(report) and report.address)


def campaign_of(report: DeliveryReport) -> int:
    return int_param(report.query.get("c"))
