"""Proving once more who one is, while signed in: limited, as whoever holds an open browser might guess."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.sign_in import limits
from accounts.sign_in.limits import Limit, TooManyTries, TryCount
from accounts.sign_in.password_sign_in import QUARTER
from accounts.web.http import AnyRequest

PROOFS = Limit("proofs of oneself", 10, QUARTER)


def take_try(user: User) -> TryCount:
    """To be forgotten when it was right. Raises TooManyTries, and then nothing may be looked at."""
    count = PROOFS.of(user.pk)
    limits.take([count])
    return count


def refused(request: AnyRequest, template: str, context: dict[str, Any], error: TooManyTries) -> HttpResponse:
    """The same page, saying when the next try is."""
    answer = render(request, template, {**context, "too_many": error.text}, status=429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer
