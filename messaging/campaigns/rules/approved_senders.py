"""Which senders a customer may use and where, as its admins keep them.

Without any on the list everybody writes what they like; countries that want names approved are told of.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Customer, User
from accounts.trail import audit
from accounts.wording.quantities import counted
from contacts.text.regions import region_names
from messaging.campaigns.models import ApprovedSender
from messaging.campaigns.wording import senders
from messaging.campaigns.wording.senders import NotASender


@dataclass(frozen=True)
class CountryRule:
    """What a country asks of a sender that is a name."""

    shortest: int
    words: str


COUNTRY_RULES = {
    "FI": CountryRule(3, "names are approved beforehand, by Traficom or the operator; others are blocked"),
    "IT": CountryRule(3, "names are registered with AGCOM beforehand; others are blocked"),
}


@transaction.atomic
def approve(customer: Customer, sender: str, countries: Collection[str], *, by: User) -> ApprovedSender:
    """Put it on the list, or change where it holds. Raises NotASender."""
    sender = senders.check(sender)
    _check_countries(sender, countries)
    approved, _ = ApprovedSender.objects.update_or_create(
        customer=customer, sender=sender, defaults={"countries": sorted(countries)}
    )
    told = {"sender": sender, "countries": approved.countries}
    audit.record(actor=by, customer=customer, verb="sender.approved", subject=approved, after=told)
    return approved


@transaction.atomic
def withdraw(approved: ApprovedSender, *, by: User) -> None:
    told = {"sender": approved.sender, "countries": approved.countries}
    audit.record(actor=by, customer=approved.customer, verb="sender.withdrawn", subject=approved, before=told)
    ApprovedSender.objects.filter(pk=approved.pk).delete()


def withdrawn(customer: Customer, sender: str) -> str:
    """In words, that the customer has a list and the sender is not on it; "" otherwise."""
    approved = set(ApprovedSender.objects.of_customer(customer).values_list("sender", flat=True))
    return f"{sender} is no approved sender any more." if approved and sender not in approved else ""


def warnings(customer: Customer, sender: str, people: Mapping[str, int]) -> list[str]:
    """Where people may not get it from this sender. `people`: how many are in each country."""
    approved = list(ApprovedSender.objects.of_customer(customer))
    if not approved:
        return _of_the_countries(sender, people)
    own = next((each for each in approved if each.sender == sender), None)
    if own is None:
        return []  # the form says so
    return [
        f"{_somebody(number)} in {_name(country)}, where {sender} is not approved. They may not get it."
        for country, number in people.items()
        if not own.holds_in(country)
    ]


def _of_the_countries(sender: str, people: Mapping[str, int]) -> list[str]:
    if senders.takes_replies(sender):
        return []
    return [
        f"{_somebody(people[country])} in {_name(country)}, where {rule.words}. An admin can list "
        "approved senders under Settings, Campaigns."
        for country, rule in COUNTRY_RULES.items()
        if people.get(country)
    ]


def _check_countries(sender: str, countries: Collection[str]) -> None:
    if senders.takes_replies(sender):
        return
    for country, rule in COUNTRY_RULES.items():
        if len(sender) < rule.shortest and (not countries or country in countries):
            raise NotASender(f"A name has at least {rule.shortest} characters in {_name(country)}.")


def _somebody(number: int) -> str:
    return counted(number, "person is", "people are")


def _name(country: str) -> str:
    return region_names().get(country, country)
