"""Search everything of the customer one works for: people and groups for now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import Request
from accounts.params import text_param
from contacts.models import Contact
from gateway.models import Service

MAX_RESULTS = 50


@require_GET
def search(request: Request) -> HttpResponse:
    text = text_param(request.GET.get("q"), most=100)
    groups = Service.objects.visible_to(request.user).groups().filter(customer=request.customer)
    people = Contact.objects.visible_to(request.user).of_customer(request.customer).present().matching(text)
    context = {"q": text, "people": [], "groups": [], "most": MAX_RESULTS}
    if text:
        context["groups"] = groups.filter(name__icontains=text)[:MAX_RESULTS]
        context["people"] = people.select_related("group").order_by("name_key", "pk")[:MAX_RESULTS]
    return render(request, "contacts/search.html", context)
