"""Search everything of the customer one works for: people and groups for now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.given import text_of
from accounts.http import Request
from contacts.models import Contact
from gateway.models import Service

MOST = 50


@require_GET
def search(request: Request) -> HttpResponse:
    text = text_of(request.GET.get("q"), most=100)
    groups = Service.objects.reached_by(request.user).groups().filter(customer=request.customer)
    people = Contact.objects.reached_by(request.user).of_customer(request.customer).present().matching(text)
    context = {"q": text, "people": [], "groups": [], "most": MOST}
    if text:
        context["groups"] = groups.filter(name__icontains=text)[:MOST]
        context["people"] = people.select_related("group").order_by("name_key", "pk")[:MOST]
    return render(request, "contacts/search.html", context)
