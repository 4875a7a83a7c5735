"""The call meter that every page shows, and why this installation makes none, if it does."""

from functools import cache, partial
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.web.read_ahead import rows_for
from gateway.installation_checks import sending_place
from gateway.rate_limit import call_meter
from gateway.rate_limit.call_meter import Meter

METER = "meter"


def meter(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_approved:
        return {"meter": None}
    return {
        "meter": cache(partial(_meter_of, request, user)),
        "sends_elsewhere": sending_place.shown_elsewhere(),
        "is_restored": sending_place.shown_restored(),
    }


def _meter_of(request: HttpRequest, user: User) -> Meter:
    return call_meter.meter_of(user, rows_for(request, METER, call_meter.usage_query(user)))
