"""Response times, as a page and as a file."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import writers_post
from accounts.models import User
from accounts.trail import audit
from accounts.web.http import Request
from contacts.exporting.downloads import download
from gateway.models import Service
from messaging.inbox.models import OfficeHours
from messaging.inbox.reporting import response_report
from messaging.inbox.reporting.response_report import ReportQuery

PAGE = "inbox/response_times.html"


@require_safe
def response_times(request: Request) -> HttpResponse:
    """`?by=week` or service, user; `?weeks=12`, `?service=`, `?user=`, `?count=seconds`: by the clock."""
    if request.customer is None:
        return render(request, PAGE, {"nav": "inbox"})
    asked, customer = ReportQuery.from_query(request.GET), request.customer
    hours = OfficeHours.objects.of_customer(customer).first()
    context = {
        "nav": "inbox",
        "asked": asked,
        "query": asked.query(),
        "report": response_report.report(customer, asked, hours),
        "hours": hours,
        "in_office_hours": hours is not None and asked.count == response_report.IN_OFFICE_HOURS,
        "zone": response_report.zone_of(hours),
        "way": response_report.WAYS[asked.by],
        "ways": [(words, asked.query(by=by), by == asked.by) for by, words in response_report.WAYS.items()],
        "spans": response_report.WEEKS,
        "services": Service.objects.of_customer(customer).two_way(),
        "people": User.objects.filter(customers=customer).order_by("name", "username"),
    }
    return render(request, PAGE, context)


@writers_post
def response_times_file(request: Request) -> HttpResponseBase:
    """A row for each week, service and person of what the page shows."""
    if request.customer is None:
        return redirect("inbox:response_times")
    asked, customer = ReportQuery.from_query(request.GET), request.customer
    audit.record(
        actor=request.user,
        customer=customer,
        verb="response_times.exported",
        subject=customer,
        after={"weeks": asked.weeks},
    )
    hours = OfficeHours.objects.of_customer(customer).first()
    return download(response_report.rows(customer, asked, hours), name=f"Response times of {customer}")
