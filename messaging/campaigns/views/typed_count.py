"""Above the number that an admin has set, whoever sends types how many people get it."""

from accounts.models import Customer
from accounts.web.http import Request
from messaging.campaigns.models import CampaignRules


def is_asked(customer: Customer, people: int) -> bool:
    return CampaignRules.of(customer).asks_to_type(people)


def is_typed(request: Request, people: int) -> bool:
    """With or without marks between the digits."""
    typed = request.POST.get("typed", "")
    return "".join(each for each in typed if each.isdecimal()) == str(people)


def is_wrong(request: Request, people: int) -> bool:
    """Whether another number was typed."""
    return bool(request.POST.get("typed")) and not is_typed(request, people)
